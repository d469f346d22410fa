package tracepane

import (
	"fmt"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs/answer"
	"reprise/programs/template"
	"reprise/tui/screen"
)

// The tones of notes are the glyphs before them.
const (
	wrong   screen.Text = "✗"
	warning screen.Text = "!"
	remark  screen.Text = "·"
)

func note(tone screen.Text, text string) *block {
	return &block{kind: noteBlock, step: -1, tone: tone, text: text}
}

// notes are what a person has to know about the run besides what it said.
func (p *Pane) notes() (before, after []*block) {
	if why := p.record.NotSaved; why != "" {
		before = append(before, note(warning, "this run is not saved: "+why))
	}
	if p.several() && p.record.Status.Phase == trace.Failed {
		before = append(before, note(wrong, p.record.Status.Err))
	}
	if s, ok := p.record.Sample(max(1, p.sample)); ok && s.Source != "" {
		before = append(before, note(remark, "replayed from run "+s.Source+": it was not generated anew"))
	}
	if of := p.partOf(); of != nil {
		before = append(before, of)
	}
	if from := p.leftFrom(); from != nil {
		before = append(before, from)
	}
	if noted := p.noted(); noted != nil {
		before = append(before, noted)
	}
	if said := neutralised(p.record.Messages); said != "" {
		before = append(before, note(warning, said))
	}
	if p.play != nil {
		return before, nil // how it ended is seen in the end
	}
	if ended := p.ended(); ended != nil {
		after = append(after, ended)
	}
	switch a := p.extracted(); {
	case a.Found():
		after = append(after, note(remark, strings.Join(append([]string{"answer: " + a.Value, "found by " + rungs[a.Rung]}, a.Remarks()...), " · ")))
	case a.Problem != "" && !p.status.Truncated:
		after = append(after, note(warning, "no answer: "+a.Problem))
	}
	return before, after
}

// rungs says where answers are found.
var rungs = map[answer.Rung]string{
	answer.InSchema: "the output schema", answer.Boxed: "its box", answer.Marked: "the words before it", answer.Last: "being the last",
}

// ended says how the run ended, where that is more than that it is done.
func (p *Pane) ended() *block {
	s := p.status
	kept := "; what it said is kept"
	if p.doc.thinking.empty() && p.doc.content.empty() {
		kept = ""
	}
	switch s.Phase {
	case trace.Failed:
		return note(wrong, s.Err)
	case trace.Cancelled:
		if s.Err != "" {
			return note(remark, "cancelled: "+s.Err)
		}
		return note(remark, "cancelled after "+took(s.Elapsed)+kept)
	case trace.Interrupted:
		return note(warning, "interrupted: Reprise ended before the run did"+kept)
	case trace.Done:
		return p.reason()
	}
	return nil
}

func (p *Pane) reason() *block {
	s := p.status
	switch {
	case s.Truncated:
		return note(warning, "there is no answer: the budget of tokens or the context ran out inside the thinking; raise num_predict or num_ctx")
	case s.Reason == model.EndLength:
		return note(warning, "the answer is cut off: the budget of tokens or the context ran out; raise num_predict or num_ctx")
	case s.Reason == model.EndRepeated:
		return note(warning, "the model repeated itself; the server stopped it")
	case p.doc.thinking.empty() && p.doc.content.empty() && len(p.doc.tr.Calls(0)) == 0:
		return note(remark, "the model said nothing")
	}
	return nil
}

// neutralised tells which control tokens of the model stood in the inputs.
func neutralised(messages []template.Message) string {
	var found []string
	seen := map[string]bool{}
	n := 0
	for _, m := range messages {
		for _, part := range m.Content {
			for _, o := range part.Origins {
				if o.Kind != template.FromNeutralised {
					continue
				}
				n++
				if what := fmt.Sprintf("%s in %s", o.Was, o.Input); !seen[what] && len(found) < 5 {
					seen[what] = true
					found = append(found, what)
				}
			}
		}
	}
	if n == 0 {
		return ""
	}
	return screen.Count(n, "control token") + " of the model neutralised: " + strings.Join(found, ", ")
}

// took writes a duration for people.
func took(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}
