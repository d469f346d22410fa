package template

import (
	"strconv"
	"strings"

	"reprise/programs/source"
)

// reader reads the expression inside a tag.
type reader struct {
	src   string
	pos   int
	end   int
	depth int
	fail  func(span source.Span, message, hint string)
	bad   bool
}

// deepest is how many brackets and blocks may stand in each other.
const deepest = 200

// error reports the first thing wrong with the expression; the rest follows
// from it.
func (r *reader) error(start, end int, message, hint string) {
	if !r.bad {
		r.fail(source.Span{Start: start, End: max(end, min(start+1, r.end))}, message, hint)
	}
	r.bad = true
	r.pos = r.end
}

func (r *reader) space() {
	for r.pos < r.end && isSpace(r.src[r.pos]) {
		r.pos++
	}
}

func (r *reader) peek() byte {
	r.space()
	if r.pos >= r.end {
		return 0
	}
	return r.src[r.pos]
}

// call reads a name and its arguments up to the end, a closing bracket, or
// "as |…|".
func (r *reader) call() *call {
	r.peek()
	c := &call{at: at{Start: r.pos}}
	c.name = r.value()
	if _, nested := c.name.(*call); nested {
		r.error(c.Start, r.pos, "a bracket cannot be the name of a helper", "write the name first, as in {{lookup list 0}}")
	}
	r.arguments(c)
	return c
}

// partial reads the name of a partial, which may be a call in brackets, and
// its arguments.
func (r *reader) partial() *call {
	r.peek()
	c := &call{at: at{Start: r.pos}}
	c.name = r.value()
	r.arguments(c)
	return c
}

// arguments reads what follows a name.
func (r *reader) arguments(c *call) {
	for !r.bad {
		if b := r.peek(); b == 0 || b == ')' || r.blockParams() {
			break
		}
		if r.pair(c) {
			continue
		}
		if len(c.hash) > 0 {
			start := r.pos
			r.value()
			r.error(start, r.pos, "a value after key=value", "values without a key come first")
			break
		}
		c.params = append(c.params, r.value())
	}
	c.End = r.pos
}

// blockParams reports whether "as |" follows.
func (r *reader) blockParams() bool {
	rest, ok := strings.CutPrefix(r.src[r.pos:r.end], "as")
	return ok && strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), "|") && len(rest) > 0 && rest[0] != '|'
}

// names reads "as |a b|".
func (r *reader) names() []string {
	if r.bad || r.peek() == 0 || !r.blockParams() {
		return nil
	}
	open := r.pos + strings.IndexByte(r.src[r.pos:r.end], '|')
	shut := strings.IndexByte(r.src[open+1:r.end], '|')
	if shut < 0 {
		r.error(open, open+1, "the names after \"as\" have no closing |", "as in {{#each items as |item index|}}")
		return nil
	}
	names := strings.Fields(r.src[open+1 : open+1+shut])
	r.pos = open + shut + 2
	return names
}

// pair reads name=value where that follows.
func (r *reader) pair(c *call) bool {
	start := r.pos
	key, ok := r.key()
	if ok {
		v := r.value()
		c.hash = append(c.hash, pair{key: key, value: v, at: at{start, r.pos}})
	}
	return ok
}

// key reads "name=" where that follows.
func (r *reader) key() (string, bool) {
	end := r.pos
	for end < r.end && isName(r.src[end]) {
		end++
	}
	after := end
	for after < r.end && isSpace(r.src[after]) {
		after++
	}
	if end == r.pos || after >= r.end || r.src[after] != '=' {
		return "", false
	}
	key := r.src[r.pos:end]
	r.pos = after + 1
	r.space()
	return key, true
}

// value reads a path, a literal or a call in brackets.
func (r *reader) value() expr {
	b := r.peek()
	start := r.pos
	switch {
	case b == 0:
		r.error(start, start, "a value is missing", "")
	case b == '(':
		return r.nested()
	case b == '"' || b == '\'':
		return r.string(b)
	case r.digits() > 0:
		return r.number()
	case b == '@' || b == '.' || b == '[' || isName(b):
		return r.path()
	default:
		r.error(start, start+1, "unexpected "+strconv.Quote(string(b)), "")
	}
	return &literal{at: at{start, r.pos}}
}

func (r *reader) nested() expr {
	open := r.pos
	if r.depth++; r.depth > deepest {
		r.error(open, open+1, "too many brackets in each other", "")
		return &literal{at: at{open, r.pos}}
	}
	r.pos++
	c := r.call()
	r.depth--
	if !r.bad && r.peek() != ')' {
		r.error(open, open+1, "this bracket is never closed", "")
	}
	r.pos = min(r.pos+1, r.end)
	c.at = at{open, r.pos}
	return c
}

func (r *reader) string(quote byte) expr {
	start := r.pos
	n := quoted(r.src[start:r.end], quote)
	if n == 0 {
		r.error(start, r.end, "this text in quotes has no end", "")
		return &literal{at: at{start, r.end}, value: ""}
	}
	r.pos += n
	inside := r.src[start+1 : r.pos-1]
	value := strings.NewReplacer(`\`+string(quote), string(quote)).Replace(inside)
	return &literal{at: at{start, r.pos}, value: value}
}

// digits is the length of the number that stands here, 0 where none does:
// "2nd" is a name.
func (r *reader) digits() int {
	rest := r.src[r.pos:r.end]
	n := len(rest) - len(strings.TrimPrefix(rest, "-"))
	run := func() bool {
		start := n
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		return n > start
	}
	if !run() {
		return 0
	}
	if n < len(rest) && rest[n] == '.' {
		if n++; !run() {
			return 0
		}
	}
	if n < len(rest) && (isName(rest[n]) || rest[n] == '.') {
		return 0
	}
	return n
}

func (r *reader) number() expr {
	start := r.pos
	r.pos += r.digits()
	n, err := strconv.ParseFloat(r.src[start:r.pos], 64)
	if err != nil {
		r.error(start, r.pos, "this number is out of range", "")
	}
	return &literal{at: at{start, r.pos}, value: n}
}
