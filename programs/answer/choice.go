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

// choice gives the option of a text. Of a marked answer it is the one it is, or
// begins with, or the only one in it; of a whole answer the last one in it.
func (s Spec) choice(text string, whole bool) (string, bool) {
	type place struct {
		option   string
		from, to int
	}
	var found []place
	for _, option := range s.Options() {
		if same(option, text) || same("("+option+")", text) {
			return option, true
		}
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
	if len(found) == 0 {
		return "", false
	}
	slices.SortFunc(found, func(a, b place) int { return cmp.Compare(a.from, b.from) })
	if whole {
		return found[len(found)-1].option, true
	}
	if strings.Trim(text[:found[0].from], " \t*_(\"'“") == "" {
		return found[0].option, true
	}
	for _, p := range found[1:] {
		if p.option != found[0].option {
			return "", false
		}
	}
	return found[0].option, true
}
