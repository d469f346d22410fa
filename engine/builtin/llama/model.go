// Package llama executes small models of the Llama architecture on the CPU:
// RMSNorm, rotary positions, SwiGLU (arXiv 2302.13971). It reads GGUF files,
// knows tokens and probabilities, and nothing of chats. It uses no cgo.
package llama

import (
	"fmt"
	"math"
	"sync"
)

// Model holds the weights of a model. They do not change, and it is safe for
// concurrent use.
type Model struct {
	Tokens *Tokens

	width, heads, keyHeads, headWidth int
	hidden                            int // of the feed-forward layers
	context                           int
	epsilon                           float32

	embedding matrix // a row for each token; the output too where there is no other
	output    matrix
	norm      []float32
	layers    []layer
	free      sync.Pool // of pages
	cos, sin  []float32 // of position p and pair i at p·headWidth/2 + i
}

type layer struct {
	attentionNorm, feedNorm []float32
	qkv                     matrix // queries, keys and values
	project                 matrix
	gateUp                  matrix // gate and up
	down                    matrix
}

// matrix has rows of cols elements. Its rows are a multiple of rowsAtOnce, of
// which used count.
type matrix struct {
	data       []float32
	rows, cols int
	used       int
}

func newMatrix(used, cols int) matrix {
	rows := (used + rowsAtOnce - 1) / rowsAtOnce * rowsAtOnce
	return matrix{data: make([]float32, rows*cols), rows: rows, cols: cols, used: used}
}

// times multiplies the matrix with n vectors that lie one after the other.
func (m matrix) times(y, x []float32, n int) {
	split(m.rows/rowsAtOnce, m.rows*m.cols*n, func(from, to int) {
		from, to = from*rowsAtOnce, to*rowsAtOnce
		if from < to {
			products(y[from:], m.rows, m.data[from*m.cols:], m.cols, to-from, x, m.cols, n, m.cols)
		}
	})
}

// Context is how many tokens a sequence can have.
func (m *Model) Context() int { return m.context }

// Width is the number of elements of an embedding.
func (m *Model) Width() int { return m.width }

// Parameters counts the weights.
func (m *Model) Parameters() int {
	n := len(m.norm) + m.embedding.used*m.width
	if &m.output.data[0] != &m.embedding.data[0] {
		n += m.output.used * m.width
	}
	for _, l := range m.layers {
		n += 2 * m.width
		for _, w := range []matrix{l.qkv, l.project, l.gateUp, l.down} {
			n += w.used * w.cols
		}
	}
	return n
}

// check tells what the kernels cannot work with.
func (m *Model) check() error {
	switch {
	case m.width%lanes != 0 || m.hidden%lanes != 0 || m.headWidth%32 != 0:
		return fmt.Errorf("its widths %d and %d are not multiples of %d, or that of its heads, %d, of 32", m.width, m.hidden, lanes, m.headWidth)
	case m.heads%m.keyHeads != 0:
		return fmt.Errorf("%d heads do not share %d key heads", m.heads, m.keyHeads)
	}
	return nil
}

// rotations fills the tables of rotary positions (arXiv 2104.09864); pair i
// turns by p·base^(−2i/headWidth) at position p.
func (m *Model) rotations(base float64) {
	half := m.headWidth / 2
	m.cos, m.sin = make([]float32, m.context*half), make([]float32, m.context*half)
	for p := range m.context {
		for i := range half {
			sin, cos := math.Sincos(float64(p) * math.Pow(base, -2*float64(i)/float64(m.headWidth)))
			m.cos[p*half+i], m.sin[p*half+i] = float32(cos), float32(sin)
		}
	}
}

// rotate turns the pairs (2i, 2i+1) of each head of a vector.
func (m *Model) rotate(x []float32, position int) {
	half := m.headWidth / 2
	cos, sin := m.cos[position*half:][:half], m.sin[position*half:][:half]
	for ; len(x) > 0; x = x[m.headWidth:] {
		head := x[:m.headWidth]
		for i, c := range cos {
			a, b := head[2*i], head[2*i+1]
			head[2*i], head[2*i+1] = a*c-b*sin[i], a*sin[i]+b*c
		}
	}
}

// normalise puts x, scaled to a mean square of 1 and then by w, into out
// (RMSNorm, arXiv 1910.07467).
func (m *Model) normalise(out, x, w []float32) {
	scale := float32(1 / math.Sqrt(float64(dot(x, x)/float32(len(x))+m.epsilon)))
	for i, v := range x {
		out[i] = v * scale * w[i]
	}
}
