package branches

import (
	"fmt"
	"strings"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// above is how many rows stand above the tree: the filter, a rule, the titles; below
// how many stand under it: a rule, and what is said of one sample.
const (
	above = 3
	below = 4
)

// widest is how many cells the dialog has at most.
const widest = 150

// mostRails is how many levels of a tree are drawn.
const mostRails = 8

// inks are what the tree is drawn with.
type inks struct{ text, muted, strong, selected, error, info screen.Ink }

func newInks(s *screen.Styles) inks {
	return inks{
		text: screen.NewInk(s.Text), muted: screen.NewInk(s.Muted), strong: screen.NewInk(s.Strong),
		selected: screen.NewInk(s.Selected), error: screen.NewInk(s.Error), info: screen.NewInk(s.Info),
	}
}

// widths are what the columns want.
type widths struct{ sample, answer int }

// measure takes the widths of the rows.
func (t *Tree) measure() {
	t.widths = widths{sample: len("sample"), answer: len("answer")}
	for _, b := range t.rows {
		t.widths.sample = max(t.widths.sample, screen.Width(t.label(b)))
		t.widths.answer = max(t.widths.answer, screen.Width(t.answer(b.Sample)))
	}
}

// label is a sample in its tree: rails, whether its forks are folded, its number, how
// it stands, its name.
func (t *Tree) label(b store.Branch) screen.Text {
	fold := " "
	switch {
	case t.leaves[b.Number]:
	case t.folded[b.Number] && t.hits == nil:
		fold = "▸"
	default:
		fold = "▾"
	}
	return screen.CleanLine(strings.TrimRight(fmt.Sprintf("%s%s%d%s %s", b.Rails(mostRails), fold, b.Number, Glyph(b.Sample), b.Name), " "))
}

// Glyph says in one cell how a sample stands: ↳ for a fork, ↺ for what was replayed.
func Glyph(s store.Sample) string {
	switch {
	case s.Fork.Parent > 0 && s.Status.Phase == trace.Done:
		return "↳"
	case s.Source != "":
		return "↺"
	case s.Status.Phase == trace.Done:
		return "✓"
	case s.Status.Phase == trace.Failed:
		return "✗"
	case s.Status.Phase.Ended():
		return "■"
	case s.Status.Phase == trace.Paused:
		return "‖"
	}
	return "▶"
}

// answer is what a sample answered, or why it has not; ★ where the vote chose it.
func (t *Tree) answer(s store.Sample) screen.Text {
	switch {
	case s.Status.Phase != trace.Done:
		return screen.CleanLine(string(s.Status.Phase))
	case s.Status.Truncated:
		return "truncated"
	case s.Extracted.Problem != "":
		return "no answer"
	}
	out := screen.CleanLine(s.Final())
	if t.run.Won(s) {
		out += " ★"
	}
	return out
}

// left says on w cells where a fork left its parent, and what it did there.
func (t *Tree) left(s store.Sample, w int) screen.Text {
	if s.Fork.Parent == 0 {
		return ""
	}
	place := t.places[s.Number]
	verb, text := s.Fork.Deed()
	deed := screen.CleanLine(verb)
	if text = strings.TrimSpace(text); text != "" {
		deed += screen.CleanLine(" “" + text + "”")
	}
	if place.Step == 0 {
		return "  end  " + deed
	}
	room := w - 11 // the number, quotes, a comma
	words := screen.Truncate(screen.CleanLine(place.Text), max(room-screen.Width(deed), room/2))
	return screen.Text(fmt.Sprintf("%5d  “%s”, ", place.Step, words)) + deed
}

// View draws the dialog in at most w×h cells.
func (t *Tree) View(w, h int) []string {
	w = min(w-2, widest)
	t.most = max(t.most, len(t.rows)) // the box does not shrink while its filter is typed
	t.body = max(1, min(h-2-above-below, t.most))
	t.scroll = max(0, min(max(min(t.scroll, t.at), t.at-t.body+1), len(t.rows)-t.body))
	lines, x, _ := t.filter.View(w-4, 1)
	t.x = x + 4
	rule := t.inks.muted.Fill(screen.Text(strings.Repeat("─", w)), w)
	out := []string{t.inks.text.Fill(" › "+lines[0], w), rule, t.columns(w, "sample", func(int) screen.Text { return " step  where it left its parent" }, "answer", "tokens", "sure", t.inks.muted, t.inks.muted)}
	for i := t.scroll; i < t.scroll+t.body; i++ {
		out = append(out, t.branch(i, w))
	}
	out = append(out, rule)
	out = append(out, t.detail(w)...)
	return t.styles.Frame(screen.Frame{Title: t.title(), Footer: t.hint(w), Focused: true}, out, w+2, len(out)+2)
}

func (t *Tree) title() screen.Text {
	forks := 0
	for _, s := range t.run.Samples {
		if s.Fork.Parent > 0 {
			forks++
		}
	}
	out := screen.Text("tree of "+screen.Count(len(t.run.Samples), "sample")) + " · " + screen.Text(screen.Count(forks, "fork"))
	if t.hits != nil {
		out += screen.Text(fmt.Sprintf(" · %d found", len(t.hits)))
	}
	return out
}

// hint says what can be pressed, as much as there is room for.
func (t *Tree) hint(w int) screen.Text {
	out := screen.Text("Enter go there · Esc")
	for _, more := range []screen.Text{"Alt-N name", "Alt-E note", "Alt-C compare", "← → fold", "Alt-F all", "type to filter"} {
		if screen.Width(out)+screen.Width(more)+6 <= w {
			out += " · " + more
		}
	}
	return out
}

// Cursor is where the terminal's cursor stands in the last view.
func (t *Tree) Cursor() (x, y int, ok bool) { return t.x, 1, true }

// branch draws the row of a sample.
func (t *Tree) branch(i, w int) string {
	switch {
	case i >= len(t.rows) && i == 0:
		return t.inks.muted.Fill(" nothing fits the filter", w)
	case i >= len(t.rows):
		return t.inks.text.Fill("", w)
	}
	b := t.rows[i]
	tokens, sure := screen.Text(""), screen.Text("")
	if b.Status.Tokens > 0 {
		tokens = screen.Text(fmt.Sprint(b.Status.Tokens))
	}
	if b.Confidence > 0 {
		sure = screen.Text(fmt.Sprintf("%.2f", b.Confidence))
	}
	main, side := t.inks.text, t.inks.muted
	switch {
	case i == t.at:
		main, side = t.inks.selected, t.inks.selected
	case t.hits != nil && !t.hits[b.Number]:
		main = t.inks.muted
	case b.Number == t.shown:
		main = t.inks.strong
	case b.Status.Phase == trace.Failed:
		main = t.inks.error
	}
	return t.columns(w, t.label(b), func(w int) screen.Text { return t.left(b.Sample, w) }, t.answer(b.Sample), tokens, sure, main, side)
}

// columns draws one row of w cells: sample and answer have what they want as far as
// there is room, the place between them the rest.
func (t *Tree) columns(w int, sample screen.Text, left func(w int) screen.Text, answer, tokens, sure screen.Text, main, side screen.Ink) string {
	a, b := min(t.widths.sample, w*2/5), min(t.widths.answer, w/4)
	rest := max(0, w-a-b-19) // tokens and sure, with what stands between
	return main.Fill(" "+screen.Fit(sample, a), a+3) + side.Fill(left(rest), rest) +
		main.Fill("  "+answer, b+2) + side.Fill(right(tokens, 7)+right(sure, 6), 14)
}

func right(text screen.Text, w int) screen.Text {
	return screen.Text(strings.Repeat(" ", max(0, w-screen.Width(text)))) + text
}

// detail says more of the sample under the cursor: what made it, where it left its
// parent, its note.
func (t *Tree) detail(w int) []string {
	s, ok := t.run.Sample(t.number())
	if !ok {
		blank := t.inks.text.Fill("", w)
		return []string{blank, blank, blank}
	}
	made := fmt.Sprintf(" sample %d", s.Number)
	if s.Name != "" {
		made += " " + s.Name
	}
	made += fmt.Sprintf(" · seed %d · %s/%s · %s", s.Seed, t.run.Provider, t.run.Model, s.Status.Phase)
	if s.Status.Err != "" {
		made += ": " + s.Status.Err
	}
	note := " no note"
	noted := t.inks.muted
	if s.Note != "" {
		note, noted = " “"+s.Note+"”", t.inks.info
	}
	return []string{t.inks.muted.Fill(screen.CleanLine(made), w), t.inks.muted.Fill(screen.CleanLine(t.leaving(s)), w), noted.Fill(screen.CleanLine(note), w)}
}

// leaving says where a fork left its parent, in a sentence.
func (t *Tree) leaving(s store.Sample) string {
	if s.Fork.Parent == 0 {
		return " from the beginning"
	}
	out := fmt.Sprintf(" left sample %d behind its %s", s.Fork.Parent, s.Fork.Channel)
	if place := t.places[s.Number]; place.Step > 0 {
		out = fmt.Sprintf(" left sample %d at step %d “%s”", s.Fork.Parent, place.Step, place.Text)
	}
	verb, text := s.Fork.Deed()
	if out += ", " + verb; text != "" {
		out += " “" + strings.TrimSpace(text) + "”"
	}
	return out
}
