package editor

import (
	"regexp"
	"slices"
	"strings"
)

// mode is what a line of the template begins in.
type mode uint8

const (
	inText     mode = iota
	inTag           // between {{ and }}
	inRole          // the same, of a role marker
	inNote          // {{! … }}
	inLongNote      // {{!-- … --}}
)

// helpers are the names that call something even without arguments.
var helpers = []string{"role", "history", "media", "section", "json", "else", "if", "unless", "each", "with", "lookup", "log", "ifEquals", "unlessEquals"}

// bodyLine reads one line of the template.
type bodyLine struct {
	text   string
	at     int
	mode   mode
	prose  prose
	tokens []token
	quiet  bool // only the mode is wanted
}

// scanBody colours a line of the template: Handlebars first, and what is left
// as prose.
func scanBody(text string, before state, quiet bool) ([]token, state) {
	l := bodyLine{text: text, mode: before.mode, quiet: quiet}
	if !quiet {
		l.prose = proseOf(text, before.mode)
		l.tokens = make([]token, 0, 4*strings.Count(text, "{{"))
	}
	for l.at < len(text) {
		switch l.mode {
		case inText:
			l.readText()
		case inNote:
			l.readNote("}}")
		case inLongNote:
			l.readNote("--}}")
		default:
			l.readTag()
		}
	}
	before.mode = l.mode
	return l.tokens, before
}

// add ends a token. A role marker is one, with the spaces in it.
func (l *bodyLine) add(end int, k kind) {
	if l.mode == inRole && k != comment {
		k = role
	}
	last := len(l.tokens) - 1
	switch {
	case end <= l.at || l.quiet:
	case k == role && last >= 0 && l.tokens[last].kind == role && l.text[l.at] != '{':
		l.tokens[last].end = end
	default:
		l.tokens = append(l.tokens, token{l.at, end, k})
	}
	l.at = end
}

// pass goes over prose.
func (l *bodyLine) pass(end int) {
	if !l.quiet {
		l.tokens = append(l.tokens, l.prose.tokens(l.text, l.at, end)...)
	}
	l.at = end
}

// readText reads prose up to the next tag and the tag's opening.
func (l *bodyLine) readText() {
	from := l.at
	for {
		i := strings.Index(l.text[from:], "{{")
		if i < 0 {
			l.pass(len(l.text))
			return
		}
		from += i
		if from == 0 || l.text[from-1] != '\\' {
			break
		}
		from += 2
	}
	l.pass(from)
	l.open()
}

// skip is the first byte from i on that is none of those in set.
func skip(text string, i int, set string) int {
	for i < len(text) && strings.IndexByte(set, text[i]) >= 0 {
		i++
	}
	return i
}

// nameEnd is where the name that begins at i ends.
func nameEnd(text string, i int) int {
	for i < len(text) && strings.IndexByte(" \t{}()\"'|=~", text[i]) < 0 {
		i++
	}
	return i
}

// open reads a tag's opening with its name.
func (l *bodyLine) open() {
	i := l.at + 2
	if strings.HasPrefix(l.text[i:], "{") {
		i++
	}
	sigil := skip(l.text, i, "~")
	switch rest := l.text[sigil:]; {
	case strings.HasPrefix(rest, "!--"):
		l.mode = inLongNote
		return
	case strings.HasPrefix(rest, "!"):
		l.mode = inNote
		return
	}
	i = skip(l.text, sigil, "#/^>*&")
	marks := l.text[sigil:i]
	from := skip(l.text, i, " \t")
	end := nameEnd(l.text, from)
	called := l.text[from:end]
	l.mode = inTag
	if called == "role" {
		l.mode = inRole
	}
	l.add(i, delimiter)
	l.at = from
	after := skip(l.text, end, " \t~")
	switch {
	case strings.Contains(marks, ">"):
		l.add(end, partial)
	case marks != "" && marks != "&", slices.Contains(helpers, called):
		l.add(end, keyword)
	case after == len(l.text) || strings.HasPrefix(l.text[after:], "}}"):
		l.add(end, variable)
	default:
		l.add(end, keyword)
	}
}

func (l *bodyLine) readNote(closing string) {
	if i := strings.Index(l.text[l.at:], closing); i >= 0 {
		l.add(l.at+i+len(closing), comment)
		l.mode = inText
		return
	}
	l.add(len(l.text), comment)
}

// readTag reads what begins at the current byte between {{ and }}.
func (l *bodyLine) readTag() {
	rest := l.text[l.at:]
	c := rest[0]
	switch {
	case strings.HasPrefix(rest, "}}"), strings.HasPrefix(rest, "~}}"):
		n := strings.Index(rest, "}}") + 2
		if strings.HasPrefix(rest[n:], "}") {
			n++
		}
		l.add(l.at+n, delimiter)
		l.mode = inText
	case c == ' ' || c == '\t':
		l.at++
	case c == '"' || c == '\'':
		n := strings.IndexByte(rest[1:], c)
		if n < 0 {
			l.add(len(l.text), stringValue)
			return
		}
		l.add(l.at+n+2, stringValue)
	case c == '(':
		l.add(l.at+1, punctuation)
		l.add(nameEnd(l.text, l.at), keyword)
	default:
		l.readWord(rest)
	}
}

// readWord reads a path, a literal, an argument's name or a sign.
func (l *bodyLine) readWord(rest string) {
	w := rest[:nameEnd(rest, 0)]
	switch {
	case w == "":
		l.add(l.at+1, punctuation)
	case strings.HasPrefix(rest[len(w):], "="):
		l.add(l.at+len(w), key)
	case isNumber(w):
		l.add(l.at+len(w), number)
	case w == "true" || w == "false" || w == "null" || w == "undefined":
		l.add(l.at+len(w), constant)
	case w == "as", w == "if":
		l.add(l.at+len(w), keyword)
	default:
		l.add(l.at+len(w), variable)
	}
}

// isNumber reports whether a word begins as a number does; no name does.
func isNumber(w string) bool {
	w = strings.TrimPrefix(w, "-")
	return w != "" && w[0] >= '0' && w[0] <= '9'
}

// prose is what a line of text is as a whole.
type prose struct {
	kind kind
	mark int // the bytes of a list's mark, coloured apart
}

var listMark = regexp.MustCompile(`^\s*([-*+]|[0-9]+[.)])\s`)

func proseOf(text string, m mode) prose {
	body := strings.TrimLeft(text, " ")
	hashes := len(body) - len(strings.TrimLeft(body, "#"))
	switch {
	case m != inText:
		return prose{}
	case hashes > 0 && hashes < 7 && strings.HasPrefix(body[hashes:], " "):
		return prose{kind: heading}
	case strings.HasPrefix(body, ">"):
		return prose{kind: quote}
	}
	return prose{mark: len(listMark.FindString(text))}
}

// tokens colours a stretch of prose: as its line, and what stands in
// backquotes as code.
func (p prose) tokens(text string, start, end int) []token {
	if p.kind != plainText {
		return []token{{start, end, p.kind}}
	}
	var out []token
	if start < p.mark {
		out = append(out, token{start, min(p.mark, end), punctuation})
		start = min(p.mark, end)
	}
	for {
		i := strings.IndexByte(text[start:end], '`')
		if i < 0 {
			return out
		}
		n := strings.IndexByte(text[start+i+1:end], '`')
		if n < 0 {
			return out
		}
		out = append(out, token{start + i, start + i + n + 2, code})
		start += i + n + 2
	}
}
