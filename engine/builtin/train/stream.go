package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"syscall"

	"reprise/engine/builtin/tasks"
)

// One seed feeds several independent sources.
const (
	tokenizerStream = 1
	sampleStream    = 2
)

const (
	contextLength = 1024
	// poolSize texts are sorted by length before they are put into batches, so
	// that little of a batch is padding.
	poolSize = 4096
)

// encoded is one training text.
type encoded struct {
	ids     []uint16
	weights []uint8
}

// stream writes batches of training texts for ever, until the reader goes away.
//
// A batch is two little-endian uint32, rows and columns, then rows × columns
// uint16 token numbers, then rows × columns uint8 weights in hundredths. Texts
// are padded with token 0 of weight 0; rows × columns is at most tokens.
func stream(w io.Writer, t *Tokenizer, seed uint64, tokens int) error {
	rng := tasks.Rand(seed, sampleStream)
	out := bufio.NewWriterSize(w, 1<<20)
	for {
		for _, batch := range batches(rng, pool(rng, t), tokens) {
			if err := writeBatch(out, batch); err != nil {
				if errors.Is(err, syscall.EPIPE) {
					return nil
				}
				return err
			}
		}
	}
}

func pool(rng *rand.Rand, t *Tokenizer) []encoded {
	out := make([]encoded, 0, poolSize)
	for len(out) < poolSize {
		ids, weights := t.EncodeSample(tasks.Sample(rng))
		if len(ids) <= contextLength {
			out = append(out, encoded{ids, weights})
		}
	}
	return out
}

// batches groups texts of about the same length, then shuffles the groups.
func batches(rng *rand.Rand, texts []encoded, tokens int) [][]encoded {
	slices.SortStableFunc(texts, func(a, b encoded) int { return len(a.ids) - len(b.ids) })
	var out [][]encoded
	for len(texts) > 0 {
		n := 1
		for n < len(texts) && len(texts[n].ids)*(n+1) <= tokens {
			n++
		}
		out = append(out, texts[:n])
		texts = texts[n:]
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func writeBatch(w io.Writer, batch []encoded) error {
	columns := 0
	for _, e := range batch {
		columns = max(columns, len(e.ids))
	}
	size := len(batch) * columns
	b := make([]byte, 8+3*size)
	binary.LittleEndian.PutUint32(b, uint32(len(batch)))
	binary.LittleEndian.PutUint32(b[4:], uint32(columns))
	ids, weights := b[8:8+2*size], b[8+2*size:]
	for i, e := range batch {
		for j, id := range e.ids {
			binary.LittleEndian.PutUint16(ids[2*(i*columns+j):], id)
			weights[i*columns+j] = e.weights[j]
		}
	}
	_, err := w.Write(b)
	return err
}
