package tui

import "testing"

func TestLayoutCoversTheScreenWithoutOverlap(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {81, 25}, {100, 30}, {119, 40}, {120, 40}, {200, 50}, {300, 90}} {
		for _, a := range []arrangement{
			{focus: editorPane, left: programsPane, main: editorPane},
			{focus: tracePane, left: inputsPane, main: tracePane},
			{focus: comparePane, compare: true},
			{focus: inputsPane, zoom: true},
		} {
			w, h := size[0], size[1]
			l := layout(w, h, a)
			owners := make([]int, w*h)
			for _, r := range append(l.panes[:], l.status, l.footer) {
				for y := r.y; y < r.y+r.h; y++ {
					for x := r.x; x < r.x+r.w; x++ {
						owners[y*w+x]++
					}
				}
			}
			for i, n := range owners {
				if n != 1 {
					t.Fatalf("%d×%d %+v: cell %d,%d belongs to %d regions", w, h, a, i%w, i/w, n)
				}
			}
		}
	}
}

func TestLayout(t *testing.T) {
	tests := []struct {
		name  string
		w, h  int
		a     arrangement
		check func(l screenLayout) bool
	}{
		{"below the least size nothing is placed", 79, 24, arrangement{}, func(l screenLayout) bool {
			return l.small && l.panes == [paneCount]rect{}
		}},
		{"too few rows are too small as well", 200, 23, arrangement{}, func(l screenLayout) bool { return l.small }},
		{"wide: the trace stands right of the editor", 120, 40, arrangement{}, func(l screenLayout) bool {
			e, tr := l.panes[editorPane], l.panes[tracePane]
			return e.y == tr.y && e.h == tr.h && tr.x == e.x+e.w
		}},
		{"narrow: the trace stands under the editor", 80, 24, arrangement{main: editorPane}, func(l screenLayout) bool {
			e, tr := l.panes[editorPane], l.panes[tracePane]
			return e.x == tr.x && e.w == tr.w && tr.y == e.y+e.h && e.h > tr.h && e.w >= 55
		}},
		{"low: the pane used last is the larger one", 80, 24, arrangement{main: tracePane, left: inputsPane}, func(l screenLayout) bool {
			return l.panes[tracePane].h > l.panes[editorPane].h && l.panes[inputsPane].h > l.panes[programsPane].h
		}},
		{"high: columns are halved whatever is used", 110, 50, arrangement{main: tracePane}, func(l screenLayout) bool {
			return l.panes[tracePane].h == l.panes[editorPane].h
		}},
		{"compare takes the place of editor and trace", 160, 40, arrangement{compare: true}, func(l screenLayout) bool {
			return l.panes[editorPane].empty() && l.panes[tracePane].empty() && l.panes[comparePane].w == 124 && !l.panes[programsPane].empty()
		}},
		{"compare takes everything where two sides need it", 120, 40, arrangement{compare: true}, func(l screenLayout) bool {
			return l.panes[comparePane] == rect{0, 0, 120, 38} && l.panes[programsPane].empty()
		}},
		{"zoom leaves one pane", 80, 24, arrangement{zoom: true, focus: tracePane}, func(l screenLayout) bool {
			return l.panes[tracePane] == rect{0, 0, 80, 22} && l.panes[editorPane].empty()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if l := layout(tt.w, tt.h, tt.a); !tt.check(l) {
				t.Errorf("%+v", l)
			}
		})
	}
}
