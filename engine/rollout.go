package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// draw asks the model for a rollout.
func (x *Analysis) draw(ctx context.Context, at spot, number int) (store.Rollout, error) {
	r := store.Rollout{Probe: at.probe, Place: at.place, Number: number, Seed: x.seed(at, number)}
	begun, edit, forced := x.begin(at)
	r.Edit = edit
	ask, request, err := x.completion(begun, forced)
	if err != nil {
		return r, err
	}
	request.Options.Seed = &r.Seed
	t := new(trace.Trace)
	t.Begin(time.Now(), begun)
	behind := func() string { return t.Text(model.Content, len(begun.Content)) }
	atOnce := forced && !x.p.job.Program.WantsJSON()
	err = ask(ctx, request, func(e model.Event) error {
		t.Append(e)
		if _, whole := firstLine(behind()); atOnce && whole {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return r, err
	}
	t.Finish(trace.Done, "")
	status := t.Status()
	r.Tokens, r.Elapsed = status.Tokens, status.Elapsed
	r.Said = t.Text(model.Thinking, len(begun.Thinking)) + behind()
	content := t.Answer(nil)
	if line, _ := firstLine(behind()); atOnce {
		content = t.Slice(model.Content, t.AnswerStart(), len(begun.Content)) + line
	}
	found := x.p.job.Program.AnyAnswer(content)
	switch {
	case status.Truncated:
		r.Problem = "the budget of tokens ran out inside the thinking"
		return r, nil
	case x.p.calibration != nil:
		found = x.p.calibration.calibrated(ctx, t, content, found)
		if err := ctx.Err(); err != nil {
			return r, err // it could not be calibrated
		}
	}
	r.Answer, r.Problem = found.Value, found.Problem
	return r, nil
}

// firstLine is what was said up to the end of its first line, and whether that has
// come. A model that goes on behind the words before an answer reasons there, and
// does not answer at once.
func firstLine(said string) (line string, whole bool) {
	begin := len(said) - len(strings.TrimLeft(said, " \t\n"))
	if end := strings.IndexByte(said[begin:], '\n'); end >= 0 {
		return said[:begin+end], true
	}
	return said, false
}

// seed is that of a rollout: another one for each.
func (x *Analysis) seed(at spot, number int) int64 {
	probes := map[importance.Probe]int64{importance.Resample: 0, importance.Cut: 1, importance.Mistaken: 2, importance.Filled: 3}
	return *x.question.Seed + (4*int64(at.place)+probes[at.probe])*1000 + int64(number)
}

// begin is what a rollout at a place begins with, what was put in there, and whether
// it is made to answer at once.
func (x *Analysis) begin(at spot) (begun trace.Begun, edit string, forced bool) {
	switch at.probe {
	case importance.Mistaken:
		step, _ := x.trace.Step(at.place)
		edit, _ = importance.Mistake(x.trace.StepText(step), uint64(*x.question.Seed))
		begun = x.trace.First(at.place - 1)
		if begun.In = step.Channel; step.Channel == model.Thinking {
			begun.Thinking += edit
		} else {
			begun.Content += edit
		}
		return begun, edit, false
	case importance.Cut:
		begun = x.trace.First(at.place)
	case importance.Filled:
		begun = x.trace.First(at.place)
		begun.Thinking, begun.Content = importance.Filler(len(begun.Thinking)), importance.Filler(len(begun.Content))
		begun.Tokens, begun.Shared = nil, nil
	default:
		return x.trace.First(at.place), "", false
	}
	begun.In = model.Content
	edit = x.lead
	if n := len(begun.Content); edit != "" && n > 0 && strings.TrimSpace(begun.Content[n-1:]) != "" {
		edit = "\n" + edit
	}
	begun.Content += edit
	return begun, edit, true
}

// completion gives what asks for a rollout, and with which request.
func (x *Analysis) completion(begun trace.Begun, forced bool) (complete, model.Request, error) {
	p := *x.p
	if begun.Thinking+begun.Content == "" && len(begun.Calls) == 0 {
		if forced && p.info.Abilities.Thinking {
			p.request.Think = "false"
		}
		return p.conversing(x.box, p.provider.Stream), p.request, nil
	}
	first, err := p.from(begun)
	if err != nil {
		return nil, p.request, err
	}
	if !forced {
		return p.conversing(x.box, first), p.request, nil
	}
	if p.request.Format == nil {
		limit := room(x.sheet.answer)
		if own := p.request.Options.NumPredict; own == nil || *own <= 0 || *own > limit {
			p.request.Options.NumPredict = &limit
		}
	}
	return first, p.request, nil
}

// room is how many tokens an answer may have that is asked for at once: those of the
// known one, and some around it.
func room(answer string) int { return len(answer) + 32 }
