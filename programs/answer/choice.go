package answer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Options are the words that a choice is among: the choices and what is mapped.
func (s Spec) Options() []string {
	out := slices.Clone(s.Choices)
	for _, l := range s.Map {
		if !slices.ContainsFunc(out, func(o string) bool { return same(o, l.Word) }) {
			out = append(out, l.Word)
		}
	}
	return out
}

// choice gives the option of a text, and where it begins. Of a marked answer it
// is the one it is, or begins with, or the only one in it; of a whole answer the
// last one in it.
func (s Spec) choice(text string, whole bool) (option string, at int, ok bool) {
	found := s.places(text)
	for _, option := range s.Options() {
		if !same(option, text) && !same("("+option+")", text) {
			continue
		}
		for _, p := range found {
			if p.option == option {
				return option, p.from, true
			}
		}
		return option, len(text) - len(strings.TrimLeft(text, " \t\r\n")), true
	}
	if len(found) == 0 {
		return "", 0, false
	}
	if whole {
		last := found[len(found)-1]
		return last.option, last.from, true
	}
	first := found[0]
	if strings.Trim(text[:first.from], " \t*_(\"'“") == "" {
		return first.option, first.from, true
	}
	for _, p := range found[1:] {
		if p.option != first.option {
			return "", 0, false
		}
	}
	return first.option, first.from, true
}

// place is where an option stands in a text.
type place struct {
	option   string
	from, to int
}

// places are the options in a text as words of their own, in order.
func (s Spec) places(text string) []place {
	var found []place
	for _, option := range s.Options() {
		words := regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(` + strings.ReplaceAll(regexp.QuoteMeta(plain(option)), " ", `\s+`) + `)(?:$|[^\pL\pN])`)
		for from := 0; from <= len(text); {
			at := words.FindStringSubmatchIndex(text[from:])
			if at == nil {
				break
			}
			found = append(found, place{option, from + at[2], from + at[3]})
			from += at[3]
		}
	}
	// An option inside a longer one is not meant: "true" in "not true".
	found = slices.DeleteFunc(found, func(p place) bool {
		return slices.ContainsFunc(found, func(o place) bool { return o.from <= p.from && o.to >= p.to && o.to-o.from > p.to-p.from })
	})
	slices.SortFunc(found, func(a, b place) int { return cmp.Compare(a.from, b.from) })
	return found
}

// Labels are the answers that a choice can have: the program's words.
func (s Spec) Labels() []string {
	var out []string
	for _, option := range s.Options() {
		if label := s.Label(option); !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}
