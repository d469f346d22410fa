package template

import (
	"strings"

	"reprise/programs/source"
)

const spaces = " \t\r\n\v\f\u00a0\ufeff\u2028\u2029"

// trimmer takes white space from the texts around tags.
type trimmer struct {
	src      string
	items    []item
	original []item      // before anything was taken
	chains   map[int]int // of the closing tag of an "else if" chain: what ends its first branch after the "if"
	indents  map[int]source.Span
}

// trim takes white space from the texts around tags, as Handlebars does: all
// of it on the side of a ~, and the whole line of a block's tag, a partial or a
// comment that stands alone on its line. It gives, by the index of a partial's
// item, the white space that stood before it.
func trim(src string, items []item) map[int]source.Span {
	t := &trimmer{src: src, items: items, original: append([]item(nil), items...), chains: chains(src, items), indents: make(map[int]source.Span)}
	for i := range items {
		t.around(i)
	}
	return t.indents
}

// around takes the white space around one tag.
func (t *trimmer) around(i int) {
	it := t.original[i]
	if it.kind == tagText || it.kind == tagBroken {
		return
	}
	before, after := t.isText(i-1), t.isText(i+1)
	if t.standsAlone(i) {
		if _, chained := t.chains[i]; before && !chained {
			if it.kind == tagPartial && !it.left {
				t.indents[i] = t.indentation(i)
			}
			t.items[i-1].span = t.withoutRight(t.items[i-1].span, " \t")
		}
		if after {
			span := &t.items[i+1].span
			span.Start = span.End - len(afterLine(t.src[span.Start:span.End]))
		}
	}
	if before && it.left {
		t.items[i-1].span = t.withoutRight(t.items[i-1].span, spaces)
	}
	if after && it.right {
		span := &t.items[i+1].span
		span.Start = span.End - len(strings.TrimLeft(t.src[span.Start:span.End], spaces))
	}
}

func (t *trimmer) isText(i int) bool {
	return i >= 0 && i < len(t.items) && t.items[i].kind == tagText
}

func (t *trimmer) withoutRight(span source.Span, cut string) source.Span {
	span.End = span.Start + len(strings.TrimRight(t.src[span.Start:span.End], cut))
	return span
}

// indentation is the white space before a partial that stands alone. A ~ that
// opens a block takes it from the first line only, not from the partial's
// others, as Handlebars has it.
func (t *trimmer) indentation(i int) source.Span {
	span := t.items[i-1].span
	if i > 1 {
		switch t.original[i-2].kind {
		case tagOpen, tagOpenNot, tagElse, tagPartOpen:
			span = t.original[i-1].span
		}
	}
	return source.Span{Start: t.withoutRight(span, " \t").End, End: span.End}
}

// standsAlone reports whether a tag that writes nothing itself has only white
// space on its line.
func (t *trimmer) standsAlone(i int) bool {
	switch t.original[i].kind {
	case tagOutput, tagText, tagBroken, tagRaw:
		return false
	}
	before := i
	if first, chained := t.chains[i]; chained {
		before = first
	}
	return t.blankBefore(before) && t.blankAfter(i)
}

func (t *trimmer) blankBefore(i int) bool {
	if i == 0 {
		return true
	}
	if !t.isText(i - 1) {
		return false
	}
	line := t.text(i - 1)
	newline := strings.LastIndexByte(line, '\n')
	return (newline >= 0 || i == 1) && strings.Trim(line[newline+1:], spaces) == ""
}

func (t *trimmer) blankAfter(i int) bool {
	if i == len(t.items)-1 {
		return true
	}
	if !t.isText(i + 1) {
		return false
	}
	line, _, found := strings.Cut(t.text(i+1), "\n")
	return (found || i == len(t.items)-2) && strings.Trim(line, spaces) == ""
}

// text is a text as written.
func (t *trimmer) text(i int) string {
	return t.src[t.original[i].span.Start:t.original[i].span.End]
}

// chains finds the closing tags of blocks with an "else if". Handlebars looks
// at the first branch after the "if" to tell whether such a closing tag stands
// alone, and leaves the white space before it.
func chains(src string, items []item) map[int]int {
	var open [][]int // of each open block, its {{else}}s
	out := make(map[int]int)
	for i, it := range items {
		switch it.kind {
		case tagOpen, tagOpenNot, tagPartOpen:
			open = append(open, nil)
		case tagElse:
			if len(open) > 0 {
				open[len(open)-1] = append(open[len(open)-1], i)
			}
		case tagClose:
			if len(open) == 0 {
				continue
			}
			elses := append(open[len(open)-1], i)
			open = open[:len(open)-1]
			if len(elses) > 1 && strings.TrimSpace(src[items[elses[0]].inner.Start:items[elses[0]].inner.End]) != "" {
				out[i] = elses[1]
			}
		}
	}
	return out
}

// afterLine is what follows the rest of a line of white space.
func afterLine(s string) string {
	s = strings.TrimLeft(s, " \t")
	s = strings.TrimPrefix(s, "\r")
	return strings.TrimPrefix(s, "\n")
}
