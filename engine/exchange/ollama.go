package exchange

import (
	"encoding/json"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// ollamaLine is an answer of Ollama's /api/chat or /api/generate, or a piece of one
// that was streamed (https://docs.ollama.com/api).
type ollamaLine struct {
	Model          string          `json:"model"`
	CreatedAt      json.RawMessage `json:"created_at"`
	Message        chatMessage     `json:"message"`  // of chat
	Response       string          `json:"response"` // of generate, as is the thinking
	Thinking       string          `json:"thinking"`
	Done           bool            `json:"done"`
	DoneReason     string          `json:"done_reason"`
	Error          string          `json:"error"`
	Logprobs       []tokenLogprob  `json:"logprobs"`
	TotalDuration  float64         `json:"total_duration"` // nanoseconds
	LoadDuration   float64         `json:"load_duration"`
	PromptCount    float64         `json:"prompt_eval_count"`
	PromptDuration float64         `json:"prompt_eval_duration"`
	EvalCount      float64         `json:"eval_count"`
	EvalDuration   float64         `json:"eval_duration"`
}

// isOllama reports whether an object is one of those lines.
func isOllama(o object) bool {
	_, done := o["done"]
	return done && (o.is("message", '{') || o.is("response", '"')) && !o.has("custom_id")
}

// isOllama knows the error that ends a stream, too.
func (v *values) isOllama(o object) bool {
	return isOllama(o) || v.open != nil && len(o) == 1 && o.is("error", '"')
}

// ollamaStream puts the pieces of an answer together.
type ollamaStream struct {
	at     string
	lines  []ollamaLine
	asked  object // keys of the request that stand beside the answer
	ended  bool
	failed string
}

func newOllamaStream(at string) *ollamaStream { return &ollamaStream{at: at} }

// ollama takes a piece, and yields the answer with its last one.
func (v *values) ollama(at string, o object) error {
	if v.open == nil {
		v.open = newOllamaStream(at)
	}
	if err := v.open.add(o); err != nil {
		return misfit(at, "Ollama answer", err)
	}
	if v.open.ended {
		return v.flush()
	}
	return nil
}

// flush yields an answer that ended, or was cut off.
func (v *values) flush() error {
	s := v.open
	if v.open = nil; s == nil || v.over {
		return nil
	}
	rec := s.recording()
	if err := rec.asked(s.asked); err != nil {
		return misfit(s.at, "Ollama answer", err)
	}
	v.over = !v.yield(rec)
	return nil
}

func (s *ollamaStream) add(o object) error {
	var line ollamaLine
	if err := o.into(&line); err != nil {
		return err
	}
	if s.asked == nil {
		s.asked = object{}
		for _, key := range []string{"messages", "prompt", "system"} {
			if raw, ok := o[key]; ok {
				s.asked[key] = raw
			}
		}
	}
	s.lines = append(s.lines, line)
	s.ended, s.failed = line.Done || line.Error != "", line.Error
	return nil
}

// recording is the answer with the times at which its pieces came.
func (s *ollamaStream) recording() recording {
	last := s.lines[len(s.lines)-1]
	rec := recording{place: s.at, form: "Ollama answer", provider: "ollama", model: s.lines[0].Model}
	total := duration(last.TotalDuration, 1)
	rec.started = moment(s.lines[0].CreatedAt)
	if end := moment(last.CreatedAt); !end.IsZero() && total > 0 {
		rec.started = end.Add(-total)
	}
	out := &said{}
	var at time.Duration
	for _, line := range s.lines {
		if t := moment(line.CreatedAt); !t.IsZero() {
			at = max(at, t.Sub(rec.started))
		}
		line.into(out, at)
	}
	if len(out.pieces) > 0 {
		out.end.FirstToken = out.pieces[0].at
	}
	e := &out.end
	e.Reason, e.Error, e.Elapsed = finishReasons[last.DoneReason], s.failed, max(total, at)
	e.Stats = model.Stats{
		Load: duration(last.LoadDuration, 1), Prompt: duration(last.PromptDuration, 1), Generation: duration(last.EvalDuration, 1),
		PromptTokens: count(last.PromptCount), Tokens: count(last.EvalCount),
	}
	if len(s.lines) == 1 { // it came as a whole
		e.FirstToken = min(e.Elapsed, e.Stats.Load+e.Stats.Prompt)
	}
	if !s.ended {
		e.Phase = trace.Interrupted
	}
	rec.answers = []*said{out.finish()}
	return rec
}

// into says what a piece says.
func (l ollamaLine) into(s *said, at time.Duration) {
	n := len(s.pieces)
	m := l.Message
	tokens := spell(l.Logprobs)
	m.into(s, tokens)
	s.say(model.Thinking, at, l.Thinking, aligned(tokens, l.Thinking))
	s.say(model.Content, at, l.Response, aligned(tokens, l.Response))
	for i := range s.pieces[n:] {
		s.pieces[n+i].at = at
	}
}
