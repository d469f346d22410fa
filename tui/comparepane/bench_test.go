package comparepane

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"reprise/themes"
	"reprise/tui/screen"
)

// large is a program of 5,000 lines, of which each seventh is another on the
// right.
func large(right bool) Side {
	var b strings.Builder
	for i := range 5000 {
		word := "question"
		if right && i%7 == 3 {
			word = "riddle"
		}
		fmt.Fprintf(&b, "Line %d: read the %s with all the care that you have, and think about it step by step before the answer.\n", i, word)
	}
	return Side{Label: "large", Program: b.String()}
}

// The budget of each of these is 2 ms at 200×50.
func BenchmarkView(b *testing.B) {
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(Compare(large(false), large(true)))
	p.Do("compare.whole")
	for _, w := range []int{198, 99} {
		p.View(w, 48, true)
		b.Run(fmt.Sprint(w, "/scroll-from-anywhere"), func(b *testing.B) {
			for b.Loop() {
				p.window.Go(&p.doc, rand.IntN(p.doc.Len()))
				p.Do("compare.up")
				p.View(w, 48, true)
			}
		})
		b.Run(fmt.Sprint(w, "/page-at-new-widths"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p.Do("compare.page-down")
				p.View(w-i%2, 48, true)
			}
		})
		b.Run(fmt.Sprint(w, "/next-difference"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if i%600 == 0 {
					p.Do("compare.top")
					p.at = -1
				}
				p.Do("compare.next")
				p.View(w, 48, true)
			}
		})
	}
}

// BenchmarkCompare is what belongs into a command.
func BenchmarkCompare(b *testing.B) {
	left, right := large(false), large(true)
	for b.Loop() {
		Compare(left, right)
	}
}

func BenchmarkShow(b *testing.B) {
	p := New(screen.NewStyles(themes.Dark()))
	c := Compare(large(false), large(true))
	for b.Loop() {
		p.Show(c)
		p.View(198, 48, true)
	}
}
