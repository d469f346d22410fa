package importance

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlot(t *testing.T) {
	series := []Series{
		{Points: []Point{{0, 0, 10}, {0.5, 0, 10}, {1, 10, 10}}},
		{Points: []Point{{0, 10, 10}, {0.5, 10, 10}, {1, 0, 10}}, Char: "+"},
		{},
	}
	got := Plot(series, 4, 40, 10)
	text := strings.Join(got, "\n")
	for _, want := range []string{" 1.0 ", " 0.0 ", "+++", "───", "└", "0       1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if len(got) > 10 {
		t.Errorf("%d rows", len(got))
	}
	if !strings.HasPrefix(strings.TrimSpace(got[0]), "1.0") || !strings.HasSuffix(got[0], "╭") && !strings.HasSuffix(got[0], "─") {
		t.Errorf("it does not end at 1:\n%s", text)
	}
	for _, line := range got {
		if n := utf8.RuneCountInString(line); n > 40 {
			t.Errorf("%d cells: %s", n, line)
		}
	}
	if Plot(series, 4, 12, 10) != nil || Plot(series, 4, 40, 4) != nil || Plot(nil, 4, 40, 10) != nil {
		t.Error("without room, or without a curve, something is drawn")
	}
	if one := Plot([]Series{{Points: []Point{{0.25, 3, 4}}}}, 1, 30, 8); len(one) == 0 {
		t.Error("of one point there is no curve")
	}
}
