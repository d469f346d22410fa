package template

import (
	"strings"

	"reprise/programs/source"
)

// tagKind is what a tag is by how it begins.
type tagKind uint8

const (
	tagText     tagKind = iota // no tag: text between tags
	tagOutput                  // {{x}} {{{x}}} {{&x}}
	tagOpen                    // {{#x}}
	tagOpenNot                 // {{^x}}
	tagElse                    // {{else}} {{else if x}} {{^}}
	tagClose                   // {{/x}}
	tagPartial                 // {{> x}}
	tagPartOpen                // {{#> x}}
	tagComment                 // {{! x }} {{!-- x --}}
	tagRaw                     // {{{{x}}}} … {{{{/x}}}}: inner is the opening, raw the text
	tagBroken                  // {{ without end
	tagUnknown                 // {{#*x}} {{*x}}: decorators
)

// item is a tag or the text between two, in the order of the file.
type item struct {
	kind        tagKind
	span        source.Span // with the braces
	inner       source.Span // the expression
	raw         source.Span // of a raw block: what is between its tags
	left, right bool        // ~ on that side
	extra       bool        // {{x}}}: a brace too many
}

// lexer cuts a template into items.
type lexer struct {
	src   string // the whole file
	pos   int
	end   int
	items []item
	never map[string]bool // what does not occur any more
}

func lex(src string, body source.Span) []item {
	l := &lexer{src: src, pos: body.Start, end: body.End, never: make(map[string]bool)}
	for l.pos < l.end {
		l.next()
	}
	return l.items
}

// next reads text up to a tag, and the tag.
func (l *lexer) next() {
	open := strings.Index(l.src[l.pos:l.end], "{{")
	if open < 0 {
		l.text(l.pos, l.end)
		l.pos = l.end
		return
	}
	open += l.pos
	if open > l.pos && l.src[open-1] == '\\' {
		if open-1 > l.pos && l.src[open-2] == '\\' {
			l.text(l.pos, open-1) // \\{{ is a backslash before a tag
		} else {
			l.escaped(open)
			return
		}
	} else {
		l.text(l.pos, open)
	}
	it := l.tag(open)
	l.items = append(l.items, it)
	l.pos = it.span.End
}

// escaped reads \{{: the braces and what follows them up to the next tag are
// text.
func (l *lexer) escaped(open int) {
	l.text(l.pos, open-1)
	next := strings.Index(l.src[open+2:l.end], "{{")
	l.pos = l.end
	if next >= 0 {
		l.pos = open + 2 + next
		for l.pos > open+2 && l.src[l.pos-1] == '\\' {
			l.pos--
		}
	}
	l.text(open, l.pos)
}

func (l *lexer) text(start, end int) {
	if start < end {
		l.items = append(l.items, item{kind: tagText, span: source.Span{Start: start, End: end}})
	}
}

// tag reads the tag that begins at open.
func (l *lexer) tag(open int) item {
	rest := l.src[open:l.end]
	if strings.HasPrefix(rest, "{{{{") {
		return l.rawBlock(open)
	}
	it := item{span: source.Span{Start: open}}
	at := open + 2
	if l.has(at, "~") {
		it.left = true
		at++
	}
	if l.has(at, "!") {
		return l.comment(it, at)
	}
	closing := "}}"
	if l.has(at, "{") {
		at, closing = at+1, "}}}"
	}
	it.kind = tagOutput
	for _, form := range []struct {
		mark string
		kind tagKind
	}{{"#*", tagUnknown}, {"#>", tagPartOpen}, {"#", tagOpen}, {"^", tagOpenNot}, {"/", tagClose}, {">", tagPartial}, {"*", tagUnknown}, {"&", tagOutput}} {
		if l.has(at, form.mark) {
			it.kind, at = form.kind, at+len(form.mark)
			break
		}
	}
	inner, end, ok := l.closed(at, closing)
	if !ok {
		return l.broken(open)
	}
	it.inner, it.span.End = source.Span{Start: at, End: inner}, end
	it.right = strings.Contains(l.src[inner:end], "~")
	it.extra = closing == "}}" && l.has(end, "}")
	word := strings.TrimSpace(l.src[at:inner])
	if it.kind == tagOpenNot && word == "" {
		it.kind = tagElse
	}
	if it.kind == tagOutput && (word == "else" || strings.HasPrefix(word, "else") && isSpace(word[4])) {
		it.kind = tagElse
		it.inner.Start = at + strings.Index(l.src[at:inner], "else") + len("else")
	}
	return it
}

// find gives where s occurs from at on, or -1. It asks in vain once only: a
// file of nothing but tags without end is read in linear time.
func (l *lexer) find(at int, s string) int {
	if l.never[s] {
		return -1
	}
	i := strings.Index(l.src[at:l.end], s)
	if i < 0 {
		l.never[s] = true
		return -1
	}
	return at + i
}

func (l *lexer) has(at int, prefix string) bool {
	return strings.HasPrefix(l.src[min(at, l.end):l.end], prefix)
}

// closed finds where the expression that begins at ends, and the tag, beyond
// strings and [segments]. A tag that begins inside means that this one was
// never closed.
func (l *lexer) closed(at int, closing string) (inner, end int, ok bool) {
	for i := at; i < l.end; i++ {
		switch c := l.src[i]; c {
		case '"', '\'':
			if isName(l.src[i-1]) {
				break // an apostrophe
			}
			if n := quoted(l.src[i:l.end], c); n > 0 {
				i += n - 1
			}
		case '[':
			segment := l.src[i:min(i+longestSegment, l.end)]
			if n := strings.IndexAny(segment, "]\n"); n > 0 && segment[n] == ']' {
				i += n
			}
		case '{':
			if l.has(i, "{{") {
				return 0, 0, false
			}
		case '}', '~':
			if l.has(i, closing) {
				return i, i + len(closing), true
			}
			if c == '~' && l.has(i+1, closing) {
				return i, i + 1 + len(closing), true
			}
			if closing == "}}}" && l.has(i, "}~}}") {
				return i, i + 4, true
			}
		}
	}
	return 0, 0, false
}

// longestSegment is how much a [name in brackets] may hold, in bytes.
const longestSegment = 1000

// quoted is the length of the string at the beginning of s, 0 where it does
// not end.
func quoted(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case quote:
			return i + 1
		}
	}
	return 0
}

// broken is a tag without end: it reaches to the next tag or the end of its
// line.
func (l *lexer) broken(open int) item {
	end := l.find(open+2, "{{")
	if end < 0 {
		end = l.end
	}
	if i := strings.IndexByte(l.src[open+2:end], '\n'); i >= 0 {
		end = open + 2 + i
	}
	return item{kind: tagBroken, span: source.Span{Start: open, End: end}}
}

func (l *lexer) comment(it item, at int) item {
	it.kind = tagComment
	closing := "}}"
	i := at
	if l.has(at, "!--") {
		for i = l.find(at, "--"); i >= 0; i = l.find(i+1, "--") {
			if closing = "--}}"; l.has(i, closing) {
				break
			}
			if closing = "--~}}"; l.has(i, closing) {
				break
			}
		}
	} else {
		i = l.find(at, closing)
	}
	if i < 0 {
		return l.broken(it.span.Start)
	}
	it.inner = source.Span{Start: at + 1, End: i}
	it.span.End = i + len(closing)
	it.right = strings.HasSuffix(l.src[:it.span.End-2], "~")
	return it
}

// rawBlock reads {{{{name}}}} … {{{{/name}}}}.
func (l *lexer) rawBlock(open int) item {
	shut := l.find(open, "}}}}")
	if shut < 0 {
		return l.broken(open)
	}
	it := item{kind: tagRaw, inner: source.Span{Start: open + 4, End: shut}}
	name, _, _ := strings.Cut(strings.TrimSpace(l.src[open+4:shut]), " ")
	begin := shut + 4
	closing := "{{{{/" + name + "}}}}"
	end := -1
	if l.find(begin, "{{{{/") >= 0 {
		end = l.find(begin, closing)
	}
	if end < 0 {
		return l.broken(open)
	}
	it.raw = source.Span{Start: begin, End: end}
	it.span = source.Span{Start: open, End: end + len(closing)}
	return it
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
