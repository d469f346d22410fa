package answer

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Location is where the choice that Extract finds stands in what was said.
type Location struct {
	Option     string // as the program writes it
	Start, End int    // bytes
}

// Locate finds the place of a choice. It is false where there is none, and
// where the answer does not stand in the text as it is, as behind an escape of
// JSON, or in a text whose characters are not composed (Unicode's NFC), as Extract
// reads them.
func (s Spec) Locate(said string) (Location, bool) {
	if !norm.NFC.IsNormalString(said) {
		return Location{}, false
	}
	for _, rung := range s.cascade() {
		for _, text := range slices.Backward(rung.find(said)) {
			option, at, ok := s.choice(text, rung.name == Last)
			if !ok {
				continue
			}
			begins := strings.LastIndex(said, text)
			if begins < 0 {
				return Location{}, false
			}
			start := begins + at
			return Location{Option: option, Start: start, End: min(len(said), start+len(plain(option)))}, true
		}
	}
	return Location{}, false
}
