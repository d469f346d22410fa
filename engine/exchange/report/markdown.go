package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/visible"
)

// Markdown writes the report for a place where people discuss: program, inputs,
// messages, steps, answers and figures. Texts stand in fences that they cannot end.
func (r Report) Markdown(w io.Writer) error {
	m := &markdown{}
	m.run(r, 1)
	_, err := io.WriteString(w, m.b.String())
	return err
}

type markdown struct{ b strings.Builder }

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

func (m *markdown) heading(depth int, text string) {
	m.line("\n%s %s\n", strings.Repeat("#", min(depth, 6)), plain(text))
}

// run writes a run below headings of a depth.
func (m *markdown) run(r Report, depth int) {
	run := r.Run
	title := run.Version.Ref()
	if name := binding(run.Of); name != "" && depth > 1 {
		title = name + ": " + title
	}
	m.heading(depth, title)
	m.table(append(r.facts(), figures(run.Status, 0)...))
	chosen, _ := run.Sample(run.Chosen)
	if t := r.Traces[run.Chosen]; t != nil {
		m.text("**Answer**", answered(chosen, t))
	}
	if run.Status.Err != "" {
		m.text("**"+string(run.Status.Phase)+"**", visible.Text(run.Status.Err))
	}
	m.votes(run)
	if len(run.Input) > 0 {
		m.heading(depth+1, "Inputs")
		for _, name := range sortedKeys(run.Input) {
			m.text(code(name), visible.Text(valueText(run.Input[name])))
		}
	}
	m.heading(depth+1, "Program")
	for _, f := range r.Files {
		m.text(code(visible.Line(f.Path)), visible.Text(f.Text))
	}
	if len(run.Messages) > 0 {
		m.heading(depth+1, "Messages")
		for _, message := range run.Messages {
			m.text("**"+string(message.Role)+"**", said(messageOf(message)))
		}
	}
	if len(run.Samples) > 1 {
		m.heading(depth+1, "Samples and forks")
		m.tree(r.tree(0), 0)
	}
	for _, s := range run.Samples {
		m.sample(r, s, depth+1)
	}
	for _, p := range r.Parts {
		m.run(p, depth+1)
	}
	if r.More > 0 {
		m.line("And %d more parts, which can be exported by themselves.", r.More)
	}
}

// said is a message as text; images are named.
func said(m messageView) string {
	var out []string
	for _, p := range m.Parts {
		if p.Image != "" {
			p.Text = "[an image]"
		}
		out = append(out, p.Text)
	}
	return strings.Join(out, "\n")
}

func (m *markdown) table(facts []fact) {
	m.line("| | |\n|---|---|")
	for _, f := range facts {
		m.line("| %s | %s |", plain(f.Name), code(f.Value))
	}
	m.line("")
}

func (m *markdown) votes(run store.Run) {
	words, table := votes(run)
	if words == "" {
		return
	}
	m.line("Votes: %s\n", words)
	if len(table) == 0 {
		return
	}
	m.line("| answer | votes | share |\n|---|---|---|")
	for _, e := range table {
		m.line("| %s | %d | %s |", code(e.Answer), e.Votes, e.Share)
	}
	m.line("")
}

func (m *markdown) tree(nodes []node, depth int) {
	for _, n := range nodes {
		line := strings.Repeat("  ", depth) + "- " + plain(n.Title) + ": " + code(n.Answer)
		if n.Chosen {
			line += " (the run’s answer)"
		}
		if n.Left != "" {
			line += ", " + plain(n.Left)
		}
		m.line("%s", line)
		m.tree(n.Below, depth+1)
	}
}

func (m *markdown) sample(r Report, s store.Sample, depth int) {
	m.heading(depth, title(s))
	m.table(figures(s.Status, s.Confidence))
	if s.Note != "" {
		m.text("Note", visible.Text(s.Note))
	}
	channel := model.Channel("")
	for _, next := range steps(r.Traces[s.Number]) {
		if next.Channel != channel {
			channel = next.Channel
			m.line("**%s**\n", map[model.Channel]string{model.Thinking: "Thinking", model.Content: "Answer"}[channel])
		}
		about := fmt.Sprintf("%d", next.Number)
		for _, more := range []string{next.Kind, next.Sure} {
			if more != "" {
				about += " · " + more
			}
		}
		text := next.Text
		if c := next.Call; c != nil {
			text = c.Text + "\n→ " + c.Outcome
		}
		m.text(about, text)
	}
	if s.Extracted.Problem != "" {
		m.line("No answer: %s\n", code(visible.Line(s.Extracted.Problem)))
	}
	if rep := s.Extracted.Repaired; rep != nil {
		m.line("Repaired; the first attempt does not validate: %s\n", code(visible.Line(rep.Problem)))
	}
}

// text writes a text in a fence that is longer than any in it.
func (m *markdown) text(about, text string) {
	fence := strings.Repeat("`", max(3, longest(text, '`')+1))
	m.line("%s\n\n%stext\n%s\n%s\n", about, fence, strings.TrimSuffix(text, "\n"), fence)
}

// code is a text on one line, as code that it cannot end; in a table, too.
func code(text string) string {
	text = strings.ReplaceAll(visible.Line(text), "|", "¦")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	ticks := strings.Repeat("`", longest(text, '`')+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return ticks + text + ticks
}

// plain is a text on one line of which nothing is markup.
func plain(text string) string {
	var b strings.Builder
	for _, r := range visible.Line(text) {
		if strings.ContainsRune("\\`*_{}[]<>()#!|~@&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// longest is the length of the longest row of a character in a text.
func longest(text string, c rune) int {
	most, now := 0, 0
	for _, r := range text {
		if now++; r != c {
			now = 0
		}
		most = max(most, now)
	}
	return most
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
