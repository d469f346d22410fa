package engine

import (
	"context"
	"slices"

	"reprise/engine/model"
	"reprise/programs/answer"
)

// blank stands in the content between two attempts.
const blank = "\n\n"

// repairing gives a completion one more attempt where its program wants JSON and
// what was said does not validate: the model reads what it said and what is
// wrong with it. Both attempts are in the trace; the sample's statistics are of
// both. again asks for the second, which calls no tools.
func (s *sample) repairing(ask, again complete, thinks bool) complete {
	if !s.run.program.WantsJSON() {
		return ask
	}
	return func(ctx context.Context, req model.Request, emit func(model.Event) error) error {
		var end model.End
		var said []byte
		err := ask(ctx, req, func(event model.Event) error {
			switch event := event.(type) {
			case model.End:
				end = event
				return nil
			case model.Call:
				said = nil // what stands before a call is no answer
			case model.Text:
				if event.Channel == model.Content {
					said = append(said, event.Text...)
				}
			}
			return emit(event)
		})
		if err != nil {
			return err
		}
		problem := s.run.program.Invalid(string(said))
		if problem == "" || len(said) == 0 {
			return emit(end)
		}
		if err := emit(model.Text{Channel: model.Content, Text: blank}); err != nil {
			return err
		}
		s.run.mu.Lock()
		s.repair = &answer.Repair{At: s.trace.Len(model.Content), Problem: problem}
		s.run.mu.Unlock()
		return again(ctx, correcting(req, string(said), problem, thinks), func(event model.Event) error {
			if second, ok := event.(model.End); ok {
				second.Stats = end.Stats.And(second.Stats)
				event = second
			}
			return emit(event)
		})
	}
}

// correcting is the request for the second attempt. To mend a form no thinking
// is needed.
func correcting(req model.Request, said, problem string, thinks bool) model.Request {
	req.Messages = append(slices.Clone(req.Messages),
		model.Message{Role: "assistant", Content: said},
		model.Message{Role: "user", Content: "That does not validate: " + problem + ".\nAnswer again with the corrected JSON and nothing else."})
	if req.Tools = nil; thinks {
		req.Think = "false"
	}
	return req
}
