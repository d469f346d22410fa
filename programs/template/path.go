package template

import (
	"strings"
)

// path reads a dotted path or one of the words that are literals.
func (r *reader) path() expr {
	p := &path{at: at{Start: r.pos}}
	if r.src[r.pos] == '@' {
		p.data = true
		r.pos++
	}
	for first := true; r.pos < r.end; first = false {
		word, ok := r.segment()
		if !ok {
			r.error(r.pos, r.pos+1, "a name is missing here", "")
			break
		}
		switch {
		case word == ".." && (first || p.up > 0) && len(p.parts) == 0:
			p.up++
			p.scoped = true
		case (word == "." || word == "this") && first:
			p.scoped = true
		case word == "." || word == "..":
			r.error(p.Start, r.pos, "\""+word+"\" cannot stand inside a path", "")
		default:
			p.parts = append(p.parts, strings.Trim(word, "[]"))
		}
		if r.pos >= r.end || r.src[r.pos] != '.' && r.src[r.pos] != '/' {
			break
		}
		r.pos++
		if r.pos >= r.end || isSpace(r.src[r.pos]) {
			if word == ".." || word == "." {
				break
			}
			r.error(r.pos-1, r.pos, "a name is missing after \""+r.src[r.pos-1:r.pos]+"\"", "")
		}
	}
	p.End = r.pos
	p.text = r.src[p.Start:p.End]
	if p.data || p.scoped || len(p.parts) != 1 {
		return p
	}
	switch p.text {
	case "true", "false":
		return &literal{at: p.at, value: p.text == "true"}
	case "null", "undefined":
		return &literal{at: p.at}
	}
	return p
}

// segment reads one part of a path.
func (r *reader) segment() (string, bool) {
	rest := r.src[r.pos:r.end]
	switch {
	case strings.HasPrefix(rest, ".."):
		r.pos += 2
		return "..", true
	case rest[0] == '.':
		// "." alone or before "/": the context itself
		if len(rest) == 1 || rest[1] == '/' || isSpace(rest[1]) || rest[1] == ')' {
			r.pos++
			return ".", true
		}
		return "", false
	case rest[0] == '[':
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return "", false
		}
		r.pos += end + 1
		return rest[:end+1], true
	}
	n := 0
	for n < len(rest) && isName(rest[n]) {
		n++
	}
	r.pos += n
	return rest[:n], n > 0
}

// isName reports whether a byte can stand in a name (Handlebars' identifiers).
func isName(b byte) bool {
	return b > ' ' && b != 0x7f && !strings.ContainsRune("!\"#%&'()*+,./;<=>@[\\]^`{|}~", rune(b))
}
