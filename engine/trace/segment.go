package trace

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a half-open range of bytes [Start, End) of a channel's text.
type Span struct{ Start, End int }

// shortest is the length in characters under which a step joins the next one.
const shortest = 10

// Segmenter cuts one channel's text into steps while it streams: at a newline,
// and at the end of a sentence, but not inside fenced code or display
// mathematics, nor after an abbreviation, an initial or the number of a list
// item. A step is committed when the first visible character after it has been
// seen; the white space between belongs to it. Every decision looks backwards
// only, so however the stream is chunked the steps are the same; they cover the
// text without gaps. The zero Segmenter is ready for use.
type Segmenter struct {
	text  []byte
	pos   int // up to here the text has been looked at
	start int // of the open step
	line  int // start of the line at pos

	cut   bool   // the open step ends at the next visible character
	ended bool   // pos stands behind the end of a sentence, with its closing marks
	mark  int    // where that end begins
	close string // what closes the block at pos; empty outside of blocks
	inner int    // start of that block's inside
}

// Write adds a piece of text and gives the steps that it completes.
func (s *Segmenter) Write(piece string) []Span {
	s.text = append(s.text, piece...)
	var out []Span
	for s.pos < len(s.text) && utf8.FullRune(s.text[s.pos:]) {
		out = s.next(out)
	}
	return out
}

// Close ends what is open and gives the steps that are left. What is written then
// begins a new step.
func (s *Segmenter) Close() []Span {
	if s.start == len(s.text) {
		return nil
	}
	var out []Span
	for s.pos < len(s.text) {
		out = s.next(out)
	}
	if s.start < len(s.text) {
		out = append(out, Span{s.start, len(s.text)})
	}
	*s = Segmenter{text: s.text, pos: len(s.text), start: len(s.text), line: len(s.text)}
	return out
}

// next looks at one character.
func (s *Segmenter) next(out []Span) []Span {
	r, n := utf8.DecodeRune(s.text[s.pos:])
	if s.cut && !unicode.IsSpace(r) {
		out = s.commit(out)
	}
	at := s.pos
	s.pos += n
	if s.close != "" {
		s.leave()
	} else {
		s.outside(r, at)
	}
	if r == '\n' {
		s.line = s.pos
	}
	return out
}

// outside judges the character r at offset at, outside of blocks.
func (s *Segmenter) outside(r rune, at int) {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		s.ended = false
		return // most of any text; no block begins with one
	case r == '\n':
		s.cut, s.ended = true, false
	case unicode.IsSpace(r):
		s.cut = s.cut || s.ended && !s.abbreviated()
		s.ended = false
	case strings.ContainsRune(".?!。！？", r):
		if !s.ended {
			s.ended, s.mark = true, at
		}
	case strings.ContainsRune(`)"'*]`, r):
		// closing marks belong to the end of the sentence before them
	default:
		s.ended = false
	}
	s.enter()
}

// blocks are never cut: what opens and what closes them.
var blocks = []struct{ open, close string }{
	{"```", "```"}, {"$$", "$$"}, {`\[`, `\]`}, {`\begin{`, `\end{`},
}

// enter begins a block where its opening mark has just been completed.
func (s *Segmenter) enter() {
	for _, b := range blocks {
		if bytes.HasSuffix(s.text[s.start:s.pos], []byte(b.open)) {
			s.close, s.inner, s.ended = b.close, s.pos, false
			return
		}
	}
}

// leave ends the block where its closing mark has just been completed.
func (s *Segmenter) leave() {
	if bytes.HasSuffix(s.text[s.inner:s.pos], []byte(s.close)) {
		s.close = ""
	}
}

// commit ends the open step before the character at pos, unless it has to join
// the next one.
func (s *Segmenter) commit(out []Span) []Span {
	s.cut = false
	step := s.text[s.start:s.pos]
	visible := bytes.TrimRightFunc(step, unicode.IsSpace)
	blankLine := bytes.Count(step[len(visible):], []byte("\n")) > 1
	if len(visible) == 0 || utf8.RuneCount(bytes.TrimSpace(visible)) < shortest && !blankLine {
		return out
	}
	out = append(out, Span{s.start, s.pos})
	s.start = s.pos
	return out
}

var (
	ordinal      = regexp.MustCompile(`^\s*\d+$`)
	lastWord     = regexp.MustCompile(`[\pL]+$`)
	abbreviation = map[string]bool{
		"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "jr": true, "sr": true,
		"vs": true, "cf": true, "approx": true, "fig": true, "eq": true, "no": true, "vol": true, "ca": true,
	}
)

// abbreviated reports whether the full stop at mark ends no sentence: it stands
// behind an abbreviation, an initial, or the number of a list item.
func (s *Segmenter) abbreviated() bool {
	if s.text[s.mark] != '.' {
		return false
	}
	before := s.text[s.line:s.mark]
	if ordinal.Match(before) {
		return true
	}
	word := lastWord.Find(before[max(0, len(before)-24):])
	return utf8.RuneCount(word) == 1 || abbreviation[strings.ToLower(string(word))]
}
