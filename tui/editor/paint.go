package editor

import (
	"strings"

	"charm.land/lipgloss/v2"

	"reprise/programs/source"
	"reprise/tui/screen"
)

// flags say what lies over a stretch of text.
type flags uint8

const (
	inCursorLine flags = 1 << iota
	inSelection
	inMatch // of the search
	inPair
	inError
	inWarning
)

// look is what a stretch of text is and what lies over it.
type look struct {
	kind  kind
	flags flags
}

// paint knows the terminal sequences of every look. They are made once: a
// style's own rendering takes too long for each stretch of each row.
type paint struct {
	styles *screen.Styles
	kinds  [paintCount]lipgloss.Style
	around map[look][2]string
}

// The kinds of what stands beside the text.
const (
	lineNumber kind = kindCount + iota
	currentNumber
	errorText
	warningText
	noteText
	paintCount
)

func newPaint(s *screen.Styles) *paint {
	p := &paint{styles: s, around: map[look][2]string{}}
	p.kinds = [paintCount]lipgloss.Style{
		plainText: s.Text, fence: s.Operator, key: s.Property, stringValue: s.String, number: s.Number,
		constant: s.Number, punctuation: s.Operator, comment: s.Comment, delimiter: s.Tag, keyword: s.Keyword,
		variable: s.Variable, partial: s.Function, role: s.Title.Reverse(true), heading: s.Heading, quote: s.Quote, code: s.Code,
		lineNumber: s.Muted, currentNumber: s.Strong, errorText: s.Error, warningText: s.Warning, noteText: s.Info,
	}
	return p
}

// put writes text in a look.
func (p *paint) put(b *strings.Builder, text string, l look) {
	if text == "" {
		return
	}
	around, ok := p.around[l]
	if !ok {
		before, after, _ := strings.Cut(p.style(l).Render("x"), "x")
		around = [2]string{before, after}
		p.around[l] = around
	}
	b.WriteString(around[0])
	b.WriteString(text)
	b.WriteString(around[1])
}

func (p *paint) style(l look) lipgloss.Style {
	style := p.kinds[l.kind]
	switch {
	case l.flags&inSelection != 0:
		return p.styles.Marked
	case l.flags&inMatch != 0:
		return p.styles.SearchHit
	case l.flags&inPair != 0:
		style = p.styles.Match
	case l.flags&inError != 0:
		style = p.styles.ErrorMark
	case l.flags&inWarning != 0:
		style = p.styles.WarningMark
	}
	if c := p.styles.Theme.CursorLine; l.flags&inCursorLine != 0 && c != nil {
		style = style.Background(c)
	}
	return style
}

// severity is the sign of a problem and the kind that it is painted as.
func severity(s source.Severity) (sign string, k kind) {
	switch s {
	case source.Error:
		return "✗", errorText
	case source.Warning:
		return "!", warningText
	default:
		return "i", noteText
	}
}
