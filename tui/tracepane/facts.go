package tracepane

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// Title names the pane and the version that ran.
func (p *Pane) Title() screen.Text {
	if p.doc.tr == nil {
		return "trace"
	}
	title := "trace " + screen.CleanLine(p.record.Version.Ref())
	if p.several() && p.sample > 0 {
		title += screen.Text(fmt.Sprintf(" · sample %d", p.sample))
		if s, ok := p.record.Sample(p.sample); ok && s.Name != "" {
			title += " " + screen.CleanLine(s.Name)
		}
	}
	return title
}

// Status tells where the run stands.
func (p *Pane) Status() screen.Text {
	s := p.status
	switch {
	case p.doc.tr == nil || s.Phase == "":
		return ""
	case p.play != nil:
		return p.play.Status()
	case p.several():
		return screen.CleanLine(string(p.record.Status.Phase) + " · " + took(p.record.Status.Elapsed))
	case s.Phase == trace.Interrupted:
		return screen.CleanLine(string(s.Phase))
	}
	return screen.CleanLine(string(s.Phase) + " · " + p.elapsed())
}

// elapsed is how long the run took, or has taken so far: then in whole seconds,
// which do not flicker.
func (p *Pane) elapsed() string {
	if d := p.status.Elapsed; p.status.Phase.Ended() || d >= time.Minute {
		return took(d)
	}
	return fmt.Sprintf("%d s", int(p.status.Elapsed.Seconds()))
}

// header tells with what the run was made.
func (p *Pane) header() screen.Text {
	r := p.record
	parts := []string{r.Model}
	if r.Provider != "" {
		parts = []string{r.Provider + "/" + r.Model}
	}
	if r.Imported() {
		parts = append(parts, "imported from "+r.Origin.File)
	}
	if at := p.status.Started; !at.IsZero() {
		parts = append(parts, clock(at, time.Now()))
	}
	if r.Think != "" {
		parts = append(parts, "think "+r.Think)
	}
	seed := r.Seed
	if s, ok := r.Sample(p.sample); ok && s.Seed != 0 {
		seed = s.Seed
	}
	if seed != 0 {
		parts = append(parts, fmt.Sprintf("seed %d", seed))
	}
	o := r.Options
	for _, f := range []struct {
		name  string
		value *float64
	}{{"temperature", o.Temperature}, {"top_p", o.TopP}, {"min_p", o.MinP}, {"repeat_penalty", o.RepeatPenalty}} {
		if f.value != nil {
			parts = append(parts, fmt.Sprintf("%s %g", f.name, *f.value))
		}
	}
	for _, n := range []struct {
		name  string
		value *int
	}{{"top_k", o.TopK}, {"num_ctx", o.NumCtx}, {"num_predict", o.NumPredict}} {
		if n.value != nil {
			parts = append(parts, fmt.Sprintf("%s %d", n.name, *n.value))
		}
	}
	return screen.CleanLine(strings.Join(parts, " · "))
}

// clock is the time of day, with the date where that is not today's.
func clock(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

// figures are the statistics of the run, the most wanted first.
func (p *Pane) figures() []screen.Text {
	s := p.status
	var out []screen.Text
	if !p.single() {
		out = p.stepFigures()
	}
	if p.doc.heat && p.doc.tr != nil && p.doc.tr.HasTokens() {
		out = append(out, heatKey)
	}
	add := func(format string, args ...any) { out = append(out, screen.Text(fmt.Sprintf(format, args...))) }
	if s.Tokens > 0 {
		add("%s", screen.Count(s.Tokens, "token"))
	}
	if rate := s.Rate(); rate > 0 {
		digits := 0
		if s.Phase.Ended() {
			digits = 1
		}
		add("%.*f tokens/s", digits, rate)
	}
	if word, ok := endWords[s.Reason]; ok && s.Phase == trace.Done {
		if s.Truncated {
			word = "truncated in thinking"
		}
		add("%s", word)
	}
	if s.FirstToken > 0 {
		add("first token %s", took(s.FirstToken))
	}
	switch n := s.Stats.PromptTokens; {
	case n > 0 && s.Stats.Prompt > 0:
		add("prompt %d in %s", n, took(s.Stats.Prompt))
	case n > 0:
		add("prompt %d", n)
	}
	if s.Stats.Generation > 0 {
		add("generation %s", took(s.Stats.Generation))
	}
	if s.Stats.Load > 0 {
		add("load %s", took(s.Stats.Load))
	}
	if at := s.Stats.Endpoint; at != "" {
		add("at %s", strings.TrimPrefix(at, "http://"))
	}
	return out
}

// stepFigures tells of the selected step: what there is of it, when it was said, and
// how sure the model was of it where its log-probabilities are known.
func (p *Pane) stepFigures() []screen.Text {
	if p.doc.tr == nil {
		return nil
	}
	step, number, ok := p.currentStep()
	if !ok {
		return nil
	}
	var out []screen.Text
	if !p.single() { // the card says so
		name := fmt.Sprintf("step %d", number)
		if step.Kind != trace.Unknown {
			name += " " + kindWords(step.Kind)
		}
		out = append(out, screen.Text(name))
	}
	out = append(out, p.importanceFigures(number)...)
	if step.Call > 0 {
		call := p.doc.tr.Calls(step.Call - 1)[0]
		if call.Result == nil {
			return append(out, "no result yet")
		}
		return append(out, screen.Text("took "+took(call.Took())))
	}
	c, characters := p.measured(step)
	if c.Tokens > 0 {
		out = append(out, screen.Text(fmt.Sprintf("%s of p %.2f, the least %.2f", screen.Count(c.Tokens, "token"), c.Probability(), math.Exp(c.Least))))
	} else {
		out = append(out, screen.Text(screen.Count(characters, "character")))
	}
	if t, ok := p.doc.tr.StepTiming(step); ok {
		out = append(out, screen.Text("took "+took(t.Took)+" at "+took(t.Begin)))
	}
	if c.Tokens > 0 {
		out = append(out, screen.Text(fmt.Sprintf("perplexity %.2f", c.Perplexity())))
	}
	if c.Entropies > 0 {
		out = append(out, screen.Text(fmt.Sprintf("entropy %.2f–%.2f", c.EntropyLow, c.EntropyHigh)))
	}
	return out
}

// measure is what was found of a step, kept because a step may be long.
type measure struct {
	of         *trace.Trace
	step       trace.Step
	certainty  trace.Certainty
	characters int
}

// measured tells how sure the model was of a step, and how many characters it has.
func (p *Pane) measured(step trace.Step) (trace.Certainty, int) {
	if m := &p.measure; m.of != p.doc.tr || m.step != step {
		text := strings.TrimSpace(p.doc.tr.Slice(step.Channel, step.Start, step.End))
		*m = measure{p.doc.tr, step, trace.Sum(p.doc.tr.TokensIn(step)), utf8.RuneCountInString(text)}
	}
	return p.measure.certainty, p.measure.characters
}

// kindWords names a kind of step; one that is being written has none yet.
func kindWords(k trace.Kind) string {
	if k == "" {
		return "unfinished"
	}
	return k.Words()
}

var endWords = map[model.EndReason]string{
	model.EndStop: "stopped by itself", model.EndLength: "cut off", model.EndRepeated: "repeated itself",
}

// fitted joins texts to lines of at most w cells, no more than most of them.
func fitted(texts []screen.Text, w, most int) []screen.Text {
	const between = " · "
	var lines []screen.Text
	for _, t := range texts {
		last := len(lines) - 1
		if last >= 0 && screen.Width(lines[last])+len(between)-1+screen.Width(t) <= w {
			lines[last] += between + t
			continue
		}
		if len(lines) == most {
			break
		}
		lines = append(lines, t)
	}
	return lines
}

// waiting is what stands in place of a text that has not begun.
func (p *Pane) waiting() (title, detail screen.Text) {
	switch {
	case p.doc.tr == nil:
		return "no run yet", "run the program to see it think and answer here"
	case p.play != nil:
		return "nothing was said yet", "R pauses and goes on · > and < change the speed · Esc shows all"
	case !p.status.Phase.Ended() && p.partPaused():
		return "a part is paused", screen.Text(p.pauses.keys.Parts + " opens it · " + p.pauses.keys.Continue + " lets it go on")
	case !p.status.Phase.Ended() && p.binding():
		return screen.Text("waiting for its parts · " + p.elapsed()), "the programs that it binds run first"
	case p.status.Phase == trace.Loading:
		return screen.Text("loading the model · " + p.elapsed()), "the server brings it into memory, or reads a long prompt"
	case !p.status.Phase.Ended():
		return screen.Text("waiting for the first token · " + p.elapsed()), "the model reads the prompt"
	}
	return "", ""
}
