package template

import (
	"strings"

	"reprise/programs/source"
)

// trim takes white space from the texts around tags, as Handlebars does: all
// of it on the side of a ~, and the whole line of a block's tag, a partial or a
// comment that stands alone on its line. It gives, by the index of a partial's
// item, the white space that stood before it.
func trim(src string, items []item) map[int]source.Span {
	original := append([]item(nil), items...)
	indents := make(map[int]source.Span)
	for i, it := range original {
		if it.kind == tagText || it.kind == tagBroken {
			continue
		}
		before, after := i > 0 && items[i-1].kind == tagText, i+1 < len(items) && items[i+1].kind == tagText
		if standsAlone(src, original, i) {
			if before {
				span := &items[i-1].span
				kept := strings.TrimRight(src[span.Start:span.End], " \t")
				if it.kind == tagPartial {
					indents[i] = source.Span{Start: span.Start + len(kept), End: span.End}
				}
				span.End = span.Start + len(kept)
			}
			if after {
				span := &items[i+1].span
				span.Start = span.End - len(afterLine(src[span.Start:span.End]))
			}
		}
		if before && it.left {
			span := &items[i-1].span
			span.End = span.Start + len(strings.TrimRight(src[span.Start:max(span.Start, span.End)], spaces))
		}
		if after && it.right {
			span := &items[i+1].span
			span.Start = span.End - len(strings.TrimLeft(src[span.Start:span.End], spaces))
		}
	}
	return indents
}

const spaces = " \t\r\n\v\f\u00a0\ufeff\u2028\u2029"

// standsAlone reports whether a tag that writes nothing itself has only white
// space on its line.
func standsAlone(src string, items []item, i int) bool {
	switch items[i].kind {
	case tagOutput, tagText, tagBroken, tagRaw:
		return false
	}
	if i > 0 {
		prev := items[i-1]
		if prev.kind != tagText {
			return false
		}
		line := src[prev.span.Start:prev.span.End]
		newline := strings.LastIndexByte(line, '\n')
		if newline < 0 && i > 1 || strings.Trim(line[newline+1:], " \t") != "" {
			return false
		}
	}
	if i+1 < len(items) {
		next := items[i+1]
		if next.kind != tagText {
			return false
		}
		line := src[next.span.Start:next.span.End]
		newline := strings.IndexByte(line, '\n')
		if newline < 0 && i+2 < len(items) {
			return false
		}
		if newline < 0 {
			newline = len(line)
		}
		return strings.Trim(line[:newline], " \t\r") == ""
	}
	return true
}

// afterLine is what follows the rest of a line of white space.
func afterLine(s string) string {
	s = strings.TrimLeft(s, " \t")
	s = strings.TrimPrefix(s, "\r")
	return strings.TrimPrefix(s, "\n")
}
