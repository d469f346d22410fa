package screen

import (
	"image/color"

	"charm.land/lipgloss/v2"

	"reprise/themes"
)

// Styles are the looks of everything, by what it means. They are built once
// for each theme and not changed after. Every style has a background, so that
// rows of several styles leave no holes; a theme without colours tells things
// apart by weight, underlining and reversal.
type Styles struct {
	Theme themes.Theme

	Text, Muted, Strong, Title, Key          lipgloss.Style
	Accent, Info, Success, Warning, Error    lipgloss.Style
	Selected, Marked, CursorLine             lipgloss.Style // a list's row under the cursor; selected text; the editor's line
	Border, BorderFocus                      lipgloss.Style
	Added, AddedLine, AddedWord              lipgloss.Style
	Removed, RemovedLine, RemovedWord        lipgloss.Style
	Thinking, Answer                         lipgloss.Style
	Keyword, String, Number, Comment         lipgloss.Style
	Function, Variable, Operator, Tag        lipgloss.Style
	Property, Heading, Link, Code, Quote     lipgloss.Style
	ErrorMark, WarningMark, SearchHit, Match lipgloss.Style   // underlined places in the editor
	Heat                                     []lipgloss.Style // four: text that was ever less likely
	Origins                                  []lipgloss.Style // values in the preview, told apart
}

// NewStyles builds the looks of a theme.
func NewStyles(t themes.Theme) *Styles {
	on := func(background color.Color) func(color.Color) lipgloss.Style {
		return func(text color.Color) lipgloss.Style { return paint(text, background) }
	}
	fg := on(t.Background)
	s := &Styles{
		Theme: t,
		Text:  fg(t.Text), Muted: fg(t.Muted), Strong: fg(t.Strong).Bold(true),
		Title: fg(t.Accent).Bold(true), Key: fg(t.Accent).Bold(true),
		Accent: fg(t.Accent), Info: fg(t.Info), Success: fg(t.Success), Warning: fg(t.Warning), Error: fg(t.Danger),
		Selected: on(t.Selection)(t.Strong).Bold(true), Marked: on(t.Selection)(t.Strong), CursorLine: on(t.CursorLine)(t.Text),
		Border: fg(t.Border), BorderFocus: fg(t.Focus),
		Added: fg(t.AddedText), AddedLine: on(t.AddedLine)(t.Text), AddedWord: on(t.AddedWord)(t.Strong).Bold(true),
		Removed: fg(t.RemovedText), RemovedLine: on(t.RemovedLine)(t.Text), RemovedWord: on(t.RemovedWord)(t.Strong).Bold(true),
		Thinking: fg(t.Thinking), Answer: fg(t.Answer),
		Keyword: fg(t.Keyword), String: fg(t.String), Number: fg(t.Number), Comment: fg(t.Comment),
		Function: fg(t.Function), Variable: fg(t.Variable), Operator: fg(t.Operator), Tag: fg(t.Tag),
		Property: fg(t.Property), Heading: fg(t.Heading).Bold(true), Link: fg(t.Link).Underline(true), Code: fg(t.Code), Quote: fg(t.Quote),
		ErrorMark: fg(t.Danger).Underline(true), WarningMark: fg(t.Warning).Underline(true),
		SearchHit: on(t.Selection)(t.Accent).Bold(true), Match: fg(t.Accent).Bold(true).Underline(true),
	}
	for _, c := range t.Heat {
		s.Heat = append(s.Heat, fg(c))
	}
	for _, c := range t.Origins {
		s.Origins = append(s.Origins, fg(c))
	}
	if t.Selection == nil {
		s.withoutSurfaces()
	}
	if t.Accent == nil {
		s.withoutColour()
	}
	return s
}

// withoutSurfaces reverses what would stand on a surface of its own.
func (s *Styles) withoutSurfaces() {
	for _, style := range []*lipgloss.Style{&s.Selected, &s.Marked, &s.SearchHit} {
		*style = style.Reverse(true)
	}
	if s.Theme.AddedText != nil {
		s.AddedLine, s.AddedWord = s.Added, s.Added.Bold(true).Reverse(true)
		s.RemovedLine, s.RemovedWord = s.Removed, s.Removed.Bold(true).Reverse(true)
	}
}

func paint(text, background color.Color) lipgloss.Style {
	s := lipgloss.NewStyle()
	if text != nil {
		s = s.Foreground(text)
	}
	if background != nil {
		s = s.Background(background)
	}
	return s
}

// withoutColour tells apart by other means what only colour told apart.
func (s *Styles) withoutColour() {
	for _, style := range []*lipgloss.Style{&s.BorderFocus, &s.Keyword, &s.Tag, &s.Answer, &s.Error} {
		*style = style.Bold(true)
	}
	for _, style := range []*lipgloss.Style{&s.Muted, &s.Comment, &s.Thinking, &s.Border} {
		*style = style.Faint(true)
	}
	for _, style := range []*lipgloss.Style{&s.AddedWord, &s.RemovedWord} {
		*style = style.Underline(true)
	}
	plain := lipgloss.NewStyle()
	s.Heat = []lipgloss.Style{plain, plain.Underline(true), plain.Bold(true), plain.Bold(true).Underline(true)}
	if len(s.Origins) == 0 {
		s.Origins = []lipgloss.Style{plain.Underline(true), plain.Bold(true), plain.Underline(true).Bold(true)}
	}
}
