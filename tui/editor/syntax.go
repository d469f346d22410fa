package editor

import (
	"slices"
	"strings"

	"reprise/tui/editor/buffer"
)

// kind is what a stretch of text is, for its colour.
type kind uint8

const (
	plainText kind = iota
	fence          // the lines of --- around the front matter
	key
	stringValue
	number
	constant // true, null, an anchor, a tag
	punctuation
	comment
	delimiter // {{ and }}
	keyword
	variable
	partial
	role
	heading
	quote
	code
	kindCount
)

// token is a stretch of a line; what lies between tokens is plain text.
type token struct {
	start, end int
	kind       kind
}

// half says which part of a program a line is in.
type half uint8

const (
	beginning half = iota // before the first line
	frontMatter
	body
)

// state is what has to be known of the lines above to colour a line.
type state struct {
	half  half
	quote byte  // the quotation mark that is open in the front matter
	block int16 // a block scalar's own indentation must be greater; −1: none
	mode  mode  // of the template
}

// syntax colours lines. It remembers the state before each line up to known;
// behind that, up to hope, lie states from before the last edits, which hold
// again as soon as one of them is met.
type syntax struct {
	before []state
	known  int // before[:known] hold
	edited int // before[:edited+1] cannot be relied on even where they are met
	hope   int // before[known:hope] held before the last edits
	lines  map[int]coloured
}

// coloured is a line's tokens with what they were made of.
type coloured struct {
	text   string
	before state
	tokens []token
}

const linesColoured = 1024

func newSyntax() *syntax {
	return &syntax{before: []state{{block: -1}}, known: 1, lines: map[int]coloured{}}
}

// splice follows an edit: after line first, removed lines were replaced by
// added ones.
func (s *syntax) splice(first, removed, added int) {
	moved := func(i int) int {
		switch {
		case i <= first:
			return i
		case i <= first+removed:
			return first + added
		}
		return i + added - removed
	}
	hope := s.hope
	if s.known > first+1 {
		hope, s.edited = s.known, 0 // what lies behind known belongs to an older text still
	}
	if at := first + 1; removed != added && at < len(s.before) {
		s.before = slices.Replace(s.before, at, min(at+removed, len(s.before)), make([]state, added)...)
	}
	s.edited = max(moved(s.edited), first+added)
	s.hope = min(moved(hope), len(s.before))
	s.known = min(s.known, first+1)
}

// at is the state before a line.
func (s *syntax) at(b *buffer.Buffer, line int) state {
	for s.known <= line {
		next := advance(b.Line(s.known-1), s.before[s.known-1])
		if s.known > s.edited && s.known < s.hope && s.before[s.known] == next {
			s.known, s.hope = s.hope, 0
			continue
		}
		if s.known < len(s.before) {
			s.before[s.known] = next
		} else {
			s.before = append(s.before, next)
		}
		s.known++
	}
	return s.before[line]
}

// tokens colours a line.
func (s *syntax) tokens(b *buffer.Buffer, line int) []token {
	before, text := s.at(b, line), b.Line(line)
	if c, ok := s.lines[line]; ok && c.text == text && c.before == before {
		return c.tokens
	}
	if len(s.lines) > linesColoured {
		clear(s.lines)
	}
	tokens, _ := scan(text, before, false)
	s.lines[line] = coloured{text, before, tokens}
	return tokens
}

// inFrontMatter reports whether a line is in the front matter.
func (s *syntax) inFrontMatter(b *buffer.Buffer, line int) bool {
	return s.at(b, line).half == frontMatter
}

// advance is scan without the tokens; for most lines it need not look closely.
func advance(text string, before state) state {
	if before.half == body && before.mode == inText && !strings.Contains(text, "{{") {
		return before
	}
	_, after := scan(text, before, true)
	return after
}

// scan colours a line; quiet is for its state alone.
func scan(text string, before state, quiet bool) ([]token, state) {
	switch before.half {
	case beginning:
		if isFence(strings.TrimPrefix(text, "\ufeff")) {
			before.half = frontMatter
			return []token{{0, len(text), fence}}, before
		}
		before.half = body
	case frontMatter:
		if before.quote == 0 && isFence(text) {
			return []token{{0, len(text), fence}}, state{half: body, block: -1}
		}
		return scanYAML(text, before)
	}
	return scanBody(text, before, quiet)
}

func isFence(text string) bool {
	return strings.HasPrefix(text, "---") && strings.TrimSpace(text) == "---"
}
