package trace

import (
	"time"

	"reprise/engine/model"
)

// Phase is where a run stands.
type Phase string

// The phases of a run, in order. Waiting: the request is on its way; Loading:
// the server brings the model into memory; Paused: it is held until a person lets
// it go on; Done, Failed, Cancelled and Interrupted end it. Interrupted: its
// process died.
const (
	Waiting     Phase = "waiting"
	Loading     Phase = "loading"
	Thinking    Phase = "thinking"
	Answering   Phase = "answering"
	Paused      Phase = "paused"
	Done        Phase = "done"
	Failed      Phase = "failed"
	Cancelled   Phase = "cancelled"
	Interrupted Phase = "interrupted"
)

// Ended reports whether nothing more will come.
func (p Phase) Ended() bool {
	return p == Done || p == Failed || p == Cancelled || p == Interrupted
}

// Status is the small, copyable part of a trace.
type Status struct {
	Phase      Phase
	Started    time.Time
	FirstToken time.Duration // from Started to the first text; 0: none yet
	Elapsed    time.Duration // from Started to now or to the end, pauses left out
	Reason     model.EndReason
	Truncated  bool // the budget ran out inside the thinking: there is no answer
	Err        string
	Stats      model.Stats
	Tokens     int // received so far: pieces while streaming, the server's count at the end
}

// Status tells where the sample stands.
func (t *Trace) Status() Status {
	t.mu.RLock()
	defer t.mu.RUnlock()
	s := t.status
	restored := s.Phase == Paused && t.pause.before == "" // paused in another process, which said for how long it ran
	if !s.Phase.Ended() && !restored && !s.Started.IsZero() {
		s.Elapsed = t.elapsed()
	}
	return s
}

// Rate is the speed of generation in tokens per second, by the server's own
// clock where it gave one; 0 where nothing was generated, or where what there is came
// at once, so that our clock tells nothing of the model.
func (s Status) Rate() float64 {
	tokens, took, least := s.Tokens, s.Elapsed-s.FirstToken, resolution
	if s.Stats.Generation > 0 {
		tokens, took, least = s.Stats.Tokens, s.Stats.Generation, 1
	}
	if s.FirstToken == 0 || took < least {
		return 0
	}
	return float64(tokens) / took.Seconds()
}
