package tui

import (
	"strings"

	"charm.land/lipgloss/v2"

	"reprise/programs/template"
	"reprise/tui/screen"
)

// palette gives each input that a preview shows a look of its own.
type palette struct {
	styles *screen.Styles
	names  []string // in the order in which they first appear
}

func newPalette(s *screen.Styles, messages []template.Message) *palette {
	p := &palette{styles: s}
	for _, m := range messages {
		for _, part := range m.Content {
			for _, o := range part.Origins {
				if name := originName(o); name != "" && p.index(name) < 0 {
					p.names = append(p.names, name)
				}
			}
		}
	}
	return p
}

// originName is the input (by its first part) or the other source of a text;
// empty for the template's own.
func originName(o template.Origin) string {
	switch o.Kind {
	case template.FromTemplate:
		return ""
	case template.FromHistory:
		return "the conversation"
	case template.FromNeutralised:
		return "made harmless"
	case template.FromContext:
		return "@" + o.Input
	}
	name, _, _ := strings.Cut(o.Input, ".")
	return name
}

func (p *palette) index(name string) int {
	for i, n := range p.names {
		if n == name {
			return i
		}
	}
	return -1
}

func (p *palette) style(o template.Origin) lipgloss.Style {
	name := originName(o)
	at := p.index(name)
	switch {
	case name == "":
		return p.styles.Text
	case o.Kind == template.FromNeutralised:
		return p.styles.WarningMark
	case at < 0 || len(p.styles.Origins) == 0:
		return p.styles.Accent
	}
	return p.styles.Origins[at%len(p.styles.Origins)]
}

// legend names the inputs in their looks; empty where there are none.
func (p *palette) legend(w int) string {
	if len(p.names) == 0 {
		return ""
	}
	out, used := p.styles.Muted.Render("from "), 5
	for i, name := range p.names {
		text := screen.CleanLine(name)
		if used += screen.Width(text) + 2; used > w {
			break
		}
		style := p.styles.WarningMark
		if name != "made harmless" && len(p.styles.Origins) > 0 {
			style = p.styles.Origins[i%len(p.styles.Origins)]
		}
		out += style.Render(string(text)) + p.styles.Muted.Render("  ")
	}
	return out
}

// piece is a stretch of one line of clean text with its look.
type piece struct {
	text  screen.Text
	style lipgloss.Style
}

// lines draws a part of a message, each byte in the look of where it came from.
func (p *palette) lines(part template.Part, w int) []string {
	var out []string
	var line []piece
	for _, o := range covering(part) {
		style := p.style(o)
		for i, text := range strings.Split(part.Text[o.Start:o.End], "\n") {
			if i > 0 {
				out = append(out, wrapPieces(line, w)...)
				line = nil
			}
			if text = strings.TrimSuffix(text, "\r"); text != "" {
				line = append(line, piece{screen.Clean(text), style})
			}
		}
	}
	return append(out, wrapPieces(line, w)...)
}

// covering is the part's origins, with what they leave out, if anything, as
// the template's.
func covering(part template.Part) []template.Origin {
	var out []template.Origin
	at := 0
	for _, o := range part.Origins {
		if o.Start < at || o.End > len(part.Text) || o.Start >= o.End {
			continue
		}
		if o.Start > at {
			out = append(out, template.Origin{Start: at, End: o.Start, Kind: template.FromTemplate})
		}
		out = append(out, o)
		at = o.End
	}
	if at < len(part.Text) {
		out = append(out, template.Origin{Start: at, End: len(part.Text), Kind: template.FromTemplate})
	}
	return out
}

func wrapPieces(line []piece, w int) []string {
	var whole strings.Builder
	for _, p := range line {
		whole.WriteString(string(p.text))
	}
	var out []string
	for _, row := range screen.Wrap(screen.Text(whole.String()), w) {
		var b strings.Builder
		at := 0
		for _, p := range line {
			start, end := max(row.Start, at), min(row.End, at+len(p.text))
			if start < end {
				b.WriteString(p.style.Render(string(p.text[start-at : end-at])))
			}
			at += len(p.text)
		}
		out = append(out, b.String())
	}
	return out
}
