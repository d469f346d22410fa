package engine

import (
	"context"
	"sync"

	"reprise/engine/model"
)

// scripted is an endpoint that answers at once, by the seed.
type scripted struct {
	answers []string
	atOnce  int

	mu        sync.Mutex
	now, most int
}

func (s *scripted) Name() string  { return "scripted" }
func (s *scripted) Parallel() int { return s.atOnce }

func (s *scripted) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m"}}, nil
}

func (s *scripted) Stream(_ context.Context, req model.Request, emit func(model.Event) error) error {
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.now--; s.mu.Unlock() }()
	text := s.answers[int(*req.Options.Seed)%len(s.answers)]
	if text != "" {
		text = "The answer is " + text
		if err := emit(model.Text{Channel: model.Content, Text: text}); err != nil {
			return err
		}
	}
	return emit(model.End{Reason: model.EndStop, Stats: model.Stats{Tokens: 4}})
}
