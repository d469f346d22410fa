package llama

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Input is what a sequence is to read next.
type Input struct {
	Sequence *Sequence
	Tokens   []int32 // one at least
	All      bool    // give the logits after each token, not only after the last
	Hidden   bool    // give the last layer's normalised state instead of logits
}

// mostAtOnce bounds the rows that go through the layers together.
const mostAtOnce = 128

// Read lets sequences read their tokens, all together: each weight is fetched
// once for all of them. It gives for each input a row of logits (Tokens.Len()
// of them, natural units) after its last token, or one after each token. What
// comes out does not depend on what is read beside it, nor in which pieces. A
// sequence must not occur twice. It stops when ctx is done; then what the
// sequences have read is undone.
func (m *Model) Read(ctx context.Context, inputs ...Input) ([][][]float32, error) {
	before := make([]int, len(inputs))
	for i, in := range inputs {
		before[i] = in.Sequence.Len()
		if n := before[i] + len(in.Tokens); n > m.context {
			return nil, fmt.Errorf("%d tokens do not fit the context of %d", n, m.context)
		}
	}
	out := make([][][]float32, len(inputs))
	workers := min(runtime.GOMAXPROCS(0), len(inputs))
	if workers < 2 || len(inputs) < 4 {
		workers = 1
	}
	var all sync.WaitGroup
	for w := range workers {
		from, to := w*len(inputs)/workers, (w+1)*len(inputs)/workers
		all.Go(func() { m.readSome(ctx, inputs[from:to], out[from:to]) })
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		for i, in := range inputs {
			in.Sequence.ids = in.Sequence.ids[:before[i]]
		}
		return nil, err
	}
	return out, nil
}

// row is a token on its way through the layers.
type row struct {
	sequence *Sequence
	id       int32
	position int
	input    int
	wanted   bool // its logits are
}

func (m *Model) readSome(ctx context.Context, inputs []Input, out [][][]float32) {
	var rows []row
	for i, in := range inputs {
		n := in.Sequence.Len()
		in.Sequence.grow(in.Tokens)
		for j, id := range in.Tokens {
			rows = append(rows, row{in.Sequence, id, n + j, i, in.All || j == len(in.Tokens)-1})
		}
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	for len(rows) > 0 && ctx.Err() == nil {
		n := min(len(rows), mostAtOnce)
		for r, at := range m.layersOf(s, rows[:n]) {
			out[at.input] = append(out[at.input], m.result(s, r, inputs[at.input].Hidden))
		}
		rows = rows[n:]
	}
}

// scratch is what the layers work in, for so many rows.
type scratch struct {
	x, normed, qkv, mixed, delta, gateUp, act []float32
	queries, scores, shares                   []float32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// room makes a slice of n elements out of one that may be shorter.
func room(s *[]float32, n int) []float32 {
	if cap(*s) < n {
		*s = make([]float32, n)
	}
	*s = (*s)[:n]
	return *s
}

// layersOf takes rows through all layers and gives those that are wanted; their
// states end in s.x.
func (m *Model) layersOf(s *scratch, rows []row) []row {
	n := len(rows)
	x, normed := room(&s.x, n*m.width), room(&s.normed, n*m.width)
	for r, at := range rows {
		copy(x[r*m.width:], m.embedding.data[int(at.id)*m.width:][:m.width])
	}
	for i, l := range m.layers {
		for r := range rows {
			m.normalise(normed[r*m.width:][:m.width], x[r*m.width:][:m.width], l.attentionNorm)
		}
		qkv := room(&s.qkv, n*l.qkv.rows)
		l.qkv.times(qkv, normed, n)
		m.keep(rows, i, qkv, l.qkv.rows)
		if i == len(m.layers)-1 {
			rows = wanted(rows, x, m.width, qkv, l.qkv.rows)
			n = len(rows)
			x = x[:n*m.width]
		}
		mixed := m.attend(s, rows, i, qkv, l.qkv.rows)
		delta := room(&s.delta, n*m.width)
		l.project.times(delta, mixed, n)
		add(x, delta)
		for r := range rows {
			m.normalise(normed[r*m.width:][:m.width], x[r*m.width:][:m.width], l.feedNorm)
		}
		gateUp := room(&s.gateUp, n*l.gateUp.rows)
		l.gateUp.times(gateUp, normed, n)
		act := room(&s.act, n*m.hidden)
		for r := range rows {
			gate := gateUp[r*l.gateUp.rows:]
			swiglu(act[r*m.hidden:][:m.hidden], gate[:m.hidden], gate[m.hidden:2*m.hidden])
		}
		l.down.times(delta, act, n)
		add(x, delta)
	}
	return rows
}

// wanted moves what belongs to the rows whose logits are wanted to the front,
// and gives those rows. In the last layer nothing reads the others any more.
func wanted(rows []row, x []float32, width int, qkv []float32, stride int) []row {
	var out []row
	for r, at := range rows {
		if !at.wanted {
			continue
		}
		copy(x[len(out)*width:][:width], x[r*width:])
		copy(qkv[len(out)*stride:][:stride], qkv[r*stride:])
		out = append(out, at)
	}
	return out
}

func add(x, y []float32) {
	for i, v := range y {
		x[i] += v
	}
}

// swiglu puts gate·sigmoid(gate)·up into out (arXiv 2002.05202).
func swiglu(out, gate, up []float32) {
	for i, v := range gate {
		out[i] = -v
	}
	exps(out, out, 0)
	for i, e := range out {
		out[i] = gate[i] / (1 + e) * up[i]
	}
}

// result gives the logits of a row, or its state.
func (m *Model) result(s *scratch, r int, hidden bool) []float32 {
	state := make([]float32, m.width)
	m.normalise(state, s.x[r*m.width:][:m.width], m.norm)
	if hidden {
		return state
	}
	logits := make([]float32, m.output.rows)
	m.output.times(logits, state, 1)
	return logits[:m.output.used]
}

// worthSplitting is how many multiplications pay for another goroutine.
const worthSplitting = 4 << 20

// split does work for the numbers up to n, in several goroutines where there
// is so much that it pays.
func split(n, multiplications int, work func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n, multiplications/worthSplitting)
	if workers < 2 {
		work(0, n)
		return
	}
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() { work(w*n/workers, (w+1)*n/workers) })
	}
	all.Wait()
}
