package screen

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Ink writes text in a style that has no size, margin or border, for rows that
// are drawn many times: it costs two joins where a Lip Gloss style looks at the
// whole text. The zero Ink writes text as it is.
type Ink struct{ before, after string }

// NewInk makes the ink of a style.
func NewInk(s lipgloss.Style) Ink {
	before, after, ok := strings.Cut(s.Render("x"), "x")
	if !ok {
		return Ink{}
	}
	return Ink{before, after}
}

// Paint gives t in the ink.
func (i Ink) Paint(t Text) string {
	if t == "" || i.before == "" {
		return string(t)
	}
	return i.before + string(t) + i.after
}

// Fill gives t in the ink, cut or filled to exactly w cells.
func (i Ink) Fill(t Text, w int) string { return i.Paint(Fit(t, w)) }
