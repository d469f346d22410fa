package buffer

import (
	"slices"
	"strings"
)

// cut copies what stands between two places. The first and the last piece are
// cloned: they must not keep a long line alive in the history.
func (b *Buffer) cut(start, end Pos) []line {
	if end.Before(start) {
		start, end = end, start
	}
	if start.Line == end.Line {
		return []line{{text: strings.Clone(b.lines[start.Line].text[start.Byte:end.Byte])}}
	}
	out := slices.Clone(b.lines[start.Line : end.Line+1])
	out[0].text = strings.Clone(out[0].text[start.Byte:])
	last := &out[len(out)-1]
	last.text, last.crlf = strings.Clone(last.text[:end.Byte]), false
	return out
}

// splice puts pieces in place of what stands between two places, which must
// exist and be in order. It returns what was there and where the new text ends.
func (b *Buffer) splice(start, end Pos, with []line) (removed []line, newEnd Pos) {
	removed = b.cut(start, end)
	first, last := b.lines[start.Line], b.lines[end.Line]
	head, tail := first.text[:start.Byte], last.text[end.Byte:]
	n := len(with) - 1
	newEnd = Pos{start.Line + n, len(with[n].text)}
	if n == 0 {
		newEnd.Byte += start.Byte
		joined := line{head + with[0].text + tail, last.crlf}
		b.lines = slices.Replace(b.lines, start.Line, end.Line+1, joined)
	} else {
		fresh := slices.Clone(with)
		fresh[0].text = head + fresh[0].text
		fresh[n] = line{fresh[n].text + tail, last.crlf}
		b.lines = slices.Replace(b.lines, start.Line, end.Line+1, fresh...)
	}
	if b.onChange != nil {
		b.onChange(Change{start, end, newEnd})
	}
	return removed, newEnd
}

// pieces parts inserted text into lines that end as the buffer's do. A
// carriage return alone counts as a line ending: terminals paste it so.
func (b *Buffer) pieces(text string) []line {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	out := split(text)
	for i := range out[:len(out)-1] {
		out[i].crlf = b.crlf
	}
	return out
}
