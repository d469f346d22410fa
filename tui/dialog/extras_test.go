package dialog

import (
	"strings"
	"testing"
)

func TestTextHasExtraKeysAndIsDrawnAnew(t *testing.T) {
	said := "first"
	x := NewText(plain, "Found", func(int) []string { return []string{said} }, "", "", Extra{"m", "more"})
	if s := shown(t, x, 60, 8); !strings.Contains(s, "first") || !strings.Contains(s, "m more") || strings.Contains(s, "copy") {
		t.Errorf("%s", s)
	}
	if got := press(x, "m"); got != (Chosen{"m"}) {
		t.Errorf("m gives %#v", got)
	}
	said = "second"
	x.Redraw("all", Extra{"x", "end"})
	if s := shown(t, x, 60, 8); !strings.Contains(s, "second") || !strings.Contains(s, "x end") || strings.Contains(s, "more") {
		t.Errorf("%s", s)
	}
	if got := press(x, "y"); got != (Copy{"all"}) {
		t.Errorf("y gives %#v", got)
	}
	if got := press(x, "m"); got != nil {
		t.Errorf("m still gives %#v", got)
	}
}
