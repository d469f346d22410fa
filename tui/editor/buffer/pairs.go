package buffer

import "strings"

// pairReach bounds how far a pair's other half is looked for, in bytes.
const pairReach = 128 << 10

const opening, closing = "([{", ")]}"

// MatchBracket finds the bracket at a place (the one after it, else the one
// before it) and its counterpart. Brackets are counted as they stand, in
// strings too.
func (b *Buffer) MatchBracket(p Pos) (here, there Range, ok bool) {
	text := b.Line(p.Line)
	for _, i := range []int{p.Byte, p.Byte - 1} {
		if i < 0 || i >= len(text) {
			continue
		}
		at := Pos{p.Line, i}
		if k := strings.IndexByte(opening, text[i]); k >= 0 {
			there, ok = b.balance(at, opening[k], closing[k], 1)
		} else if k := strings.IndexByte(closing, text[i]); k >= 0 {
			there, ok = b.balance(at, closing[k], opening[k], -1)
		}
		if ok {
			return one(at), there, true
		}
	}
	return Range{}, Range{}, false
}

func one(p Pos) Range { return Range{p, Pos{p.Line, p.Byte + 1}} }

// balance walks from a bracket in steps of +1 or -1 until the brackets balance.
func (b *Buffer) balance(at Pos, same, counter byte, step int) (Range, bool) {
	depth, reach := 0, pairReach
	for i, from := at.Line, at.Byte; i >= 0 && i < len(b.lines) && reach > 0; i += step {
		text := b.lines[i].text
		if i != at.Line {
			from = 0
			if step < 0 {
				from = len(text) - 1
			}
		}
		for k := from; k >= 0 && k < len(text) && reach > 0; k += step {
			reach--
			switch text[k] {
			case same:
				depth++
			case counter:
				if depth--; depth == 0 {
					return one(Pos{i, k}), true
				}
			}
		}
		reach--
	}
	return Range{}, false
}

// blockTag is {{#name …}}, {{^name …}} or {{/name}} on one line.
type blockTag struct {
	at    Range
	name  string
	close bool
}

// MatchBlock finds the block tag at a place and the tag that closes or opens
// its block. Tags that run over a line's end are not looked at.
func (b *Buffer) MatchBlock(p Pos) (here, there Range, ok bool) {
	p = b.Clamp(p)
	tags := b.blockTags(p.Line)
	k := -1
	for i, tag := range tags {
		if !p.Before(tag.at.Start) && !tag.at.End.Before(p) {
			k = i
			break
		}
	}
	if k < 0 {
		return Range{}, Range{}, false
	}
	tag, step := tags[k], 1
	if tag.close {
		step = -1
	}
	depth, reach := 0, pairReach
	for i := p.Line; i >= 0 && i < len(b.lines) && reach > 0; i += step {
		if i != p.Line {
			tags = b.blockTags(i)
			k = 0
			if step < 0 {
				k = len(tags) - 1
			}
		}
		for ; k >= 0 && k < len(tags); k += step {
			if tags[k].close != tag.close {
				depth--
			} else {
				depth++
			}
			if depth == 0 {
				return tag.at, tags[k].at, tags[k].name == tag.name
			}
		}
		reach -= len(b.lines[i].text) + 1
	}
	return Range{}, Range{}, false
}

// blockTags lists the block tags of a line, comments left out.
func (b *Buffer) blockTags(i int) []blockTag {
	var out []blockTag
	text := b.lines[i].text
	for at := 0; ; {
		open := strings.Index(text[at:], "{{")
		if open < 0 {
			return out
		}
		start := at + open
		end, tag := mustache(text, start)
		if end < 0 {
			return out
		}
		if tag.name != "" {
			tag.at = Range{Pos{i, start}, Pos{i, end}}
			out = append(out, tag)
		}
		at = end
	}
}

// mustache reads the tag that begins at start; end is -1 where it does not
// close on the line.
func mustache(text string, start int) (end int, tag blockTag) {
	body := text[start+2:]
	ends := "}}"
	if strings.HasPrefix(strings.TrimPrefix(body, "~"), "!--") {
		ends = "--"
		body = strings.Replace(body, "!--", "!  ", 1)
	}
	n := strings.Index(body, ends)
	if n < 0 {
		return -1, tag
	}
	end = start + 2 + n + len(ends)
	inside := strings.Trim(body[:n], "~ \t")
	if inside == "" || !strings.Contains("#^/", inside[:1]) {
		return end, tag
	}
	fields := strings.Fields(strings.TrimLeft(inside[1:], ">* \t"))
	if len(fields) == 0 {
		return end, tag
	}
	return end, blockTag{name: fields[0], close: inside[0] == '/'}
}
