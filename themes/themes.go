// Package themes turns base16 and base24 schemes into the IDE's semantic
// colours, readable ones. Only here is a colour named. It draws nothing.
package themes

import "image/color"

// Theme is a scheme's roles, contrast repaired: text at least 4.5:1 on its
// background, chrome at least 3:1. A nil colour means the terminal's own.
type Theme struct {
	Name string // "Gruvbox dark, medium"
	Slug string // "gruvbox-dark-medium"
	Dark bool

	Background, Selection, CursorLine      color.Color // surfaces
	Text, Muted, Strong                    color.Color // text on Background; Strong on Selection too
	Border, Focus                          color.Color // chrome
	Accent, Info, Success, Warning, Danger color.Color // text on Background
	AddedText, AddedLine, AddedWord        color.Color // differences: text, surface of a line, of a word
	RemovedText, RemovedLine, RemovedWord  color.Color
	Thinking, Answer                       color.Color   // the two channels of a trace
	Heat                                   []color.Color // text that was ever less likely

	Keyword, String, Number, Comment  color.Color // syntax
	Function, Variable, Operator, Tag color.Color
	Property                          color.Color
	Heading, Link, Code, Quote        color.Color   // markdown
	Origins                           []color.Color // values in the preview, told apart
}

// Least contrasts (WCAG 2.2, 1.4.3 and 1.4.11).
const (
	textContrast   = 4.5
	chromeContrast = 3.0
	strongContrast = 10.0
)

// theme derives the roles of a scheme (the base16 styling guide says what its
// slots are for) and repairs their contrast.
func (s Scheme) theme() Theme {
	bg, fg := s.base[0x0], s.base[0x5]
	t := Theme{Name: s.Name, Slug: s.Slug, Dark: luminance(bg) < luminance(fg)}
	surface := func(c rgb, share float64) rgb { return mix(bg, c, share) }
	// Surfaces lie between the background and a colour of the scheme, as
	// near to the background as it takes for text to be readable on them.
	readable := func(c rgb, share float64) rgb {
		for ; share > 0; share -= 0.02 {
			if on := surface(c, share); contrast(strongest(bg), on) >= textContrast+1 {
				return on
			}
		}
		return bg
	}
	selection, line := readable(s.base[0x3], 0.75), readable(s.base[0x1], 0.6)
	added, removed := readable(s.base[0xB], 0.16), readable(s.base[0x8], 0.16)
	addedWord, removedWord := readable(s.base[0xB], 0.42), readable(s.base[0x8], 0.42)

	text := func(c rgb, on ...rgb) color.Color { return lift(c, textContrast, append(on, bg)...) }
	t.Background, t.Selection, t.CursorLine = bg, selection, line
	t.AddedLine, t.AddedWord, t.RemovedLine, t.RemovedWord = added, addedWord, removed, removedWord
	t.Text = text(fg, line, added, removed)
	// base06 is a tint in some schemes; the text's own colour, further from
	// the background, is none in any.
	t.Strong = text(lift(fg, strongContrast, bg), selection, addedWord, removedWord)
	t.Muted = text(mix(s.base[0x4], s.base[0x3], 0.5))
	t.Border = lift(s.base[0x3], chromeContrast, bg)
	t.Focus = lift(s.base[0xD], chromeContrast, bg)
	t.Accent, t.Info, t.Success = text(s.base[0xD], selection), text(s.base[0xC]), text(s.base[0xB])
	t.Warning, t.Danger = text(s.base[0xA]), text(s.base[0x8])
	t.AddedText, t.RemovedText = text(s.base[0xB], added), text(s.base[0x8], removed)
	t.Thinking, t.Answer = text(mix(s.base[0x4], s.base[0xE], 0.35)), text(fg)
	t.Keyword, t.String, t.Number, t.Comment = text(s.base[0xE], line), text(s.base[0xB], line), text(s.base[0x9], line), text(s.base[0x3], line)
	t.Function, t.Variable, t.Operator, t.Tag = text(s.base[0xD], line), text(s.base[0x8], line), text(s.base[0xC], line), text(s.base[0xA], line)
	t.Property = text(s.base[0xD], line)
	t.Heading, t.Link, t.Code, t.Quote = text(s.base[0xD], line), text(s.base[0x9], line), text(s.base[0xB], line), text(s.base[0xC], line)
	for _, slot := range []int{0xC, 0xA, 0x9, 0x8} {
		t.Heat = append(t.Heat, text(s.base[slot]))
	}
	for _, slot := range []int{0xD, 0xB, 0xE, 0x9, 0xC, 0xA, 0x8, 0xF} {
		t.Origins = append(t.Origins, text(s.base[slot]))
	}
	return t
}
