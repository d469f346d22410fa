package builtin

import (
	"context"
	"slices"
	"sync"
	"time"

	"reprise/engine/builtin/llama"
)

// batch reads and generates for all requests together: each step is one pass
// over the weights. What two prompts have in common is read once.
//
//	request ── job ──▶ waiting ──▶ prompt is read ──▶ steps with all others ──▶ done
type batch struct {
	mu      sync.Mutex
	waiting []*job
	running bool
	kept    []*llama.Sequence // read lately, the newest last
}

// job is a prompt to read and what to do with what comes of it. step gets the
// logits after what was read last and gives the next token to read, or false
// at the end; it is called from the batch's goroutine and must not wait.
type job struct {
	ctx      context.Context
	prompt   []int32
	step     func(logits []float32) (next int32, more bool)
	sequence *llama.Sequence
	next     int32
	err      error
	reading  time.Duration // of the prompt
	read     time.Time     // when it had been read
	ended    time.Time     // when all was generated
	done     chan struct{} // closed at the end; err and ended are set by then
}

// mostKept bounds what is kept of sequences that have ended.
const mostKept = 3

// do runs a job to its end.
func (b *batch) do(m *llama.Model, j *job) error {
	j.done = make(chan struct{})
	b.mu.Lock()
	b.waiting = append(b.waiting, j)
	if !b.running {
		b.running = true
		go b.run(m)
	}
	b.mu.Unlock()
	<-j.done
	return j.err
}

// run works until no job is left.
func (b *batch) run(m *llama.Model) {
	var active []*job
	for {
		b.mu.Lock()
		coming := b.waiting
		b.waiting = nil
		if len(active)+len(coming) == 0 {
			b.running = false
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
		for _, j := range coming {
			if b.begin(m, j, active) {
				active = append(active, j)
			}
		}
		active = b.advance(m, active)
	}
}

// begin reads a job's prompt and reports whether the job goes on.
func (b *batch) begin(m *llama.Model, j *job, active []*job) bool {
	began := time.Now()
	j.sequence = b.longest(m, j.prompt, active)
	out, err := m.Read(j.ctx, llama.Input{Sequence: j.sequence, Tokens: j.prompt[j.sequence.Len():]})
	j.read = time.Now()
	j.reading = j.read.Sub(began)
	if err != nil {
		return b.end(j, err)
	}
	return b.step(j, out[0][0])
}

// longest gives a sequence that has read as much of the prompt as any other,
// but for its last token.
func (b *batch) longest(m *llama.Model, prompt []int32, active []*job) *llama.Sequence {
	best, most := m.NewSequence(), 0
	read := slices.Clone(b.kept)
	for _, j := range active {
		read = append(read, j.sequence)
	}
	for _, s := range read {
		if n := common(s.Tokens(), prompt[:len(prompt)-1]); n > most {
			best, most = s, n
		}
	}
	return best.Fork(most)
}

// common is the length of what two lists begin with.
func common(a, b []int32) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// advance gives every job its next token to read.
func (b *batch) advance(m *llama.Model, active []*job) []*job {
	var going []*job
	var inputs []llama.Input
	for _, j := range active {
		if err := j.ctx.Err(); err != nil {
			b.end(j, err)
			continue
		}
		going = append(going, j)
		inputs = append(inputs, llama.Input{Sequence: j.sequence, Tokens: []int32{j.next}})
	}
	if len(going) == 0 {
		return nil
	}
	out, err := m.Read(context.Background(), inputs...)
	var left []*job
	for i, j := range going {
		if err != nil {
			b.end(j, err)
		} else if b.step(j, out[i][0]) {
			left = append(left, j)
		}
	}
	return left
}

func (b *batch) step(j *job, logits []float32) bool {
	next, more := j.step(logits)
	if !more {
		return b.end(j, nil)
	}
	j.next = next
	return true
}

// end ends a job, and keeps what it has read for the next ones.
func (b *batch) end(j *job, err error) bool {
	if b.kept = append(b.kept, j.sequence); len(b.kept) > mostKept {
		b.kept[0].Release()
		b.kept = b.kept[1:]
	}
	j.err, j.ended = err, time.Now()
	close(j.done)
	return false
}
