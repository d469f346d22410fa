package tracepane

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/screen"
)

// long is a trace of 100,000 words that goes on; sentence is how many words
// stand between full stops, 0 for none at all.
func long(sentence int) *trace.Trace {
	t := &trace.Trace{}
	t.Start(time.Now())
	for i := range 100_000 {
		text := fmt.Sprintf("word%d ", i%97)
		if sentence > 0 && i%sentence == sentence-1 {
			text = "end. "
			if i%(7*sentence) == 7*sentence-1 {
				text = "end.\n\n"
			}
		}
		ch := model.Thinking
		if i > 80_000 {
			ch = model.Content
		}
		say(t, ch, text)
	}
	return t
}

// The budget of each of these is 2 ms at 200×50.
func BenchmarkTrace(b *testing.B) {
	for _, kind := range []struct {
		name     string
		sentence int
	}{{"steps", 14}, {"one-line", 0}} {
		p := New(screen.NewStyles(themes.Dark()))
		tr := long(kind.sentence)
		p.Show(record(), tr)
		p.View(198, 48, true)
		b.Run(kind.name+"/news", func(b *testing.B) {
			p.end()
			for b.Loop() {
				say(tr, model.Content, "token ")
				p.Refresh(record())
				p.View(198, 48, true)
			}
		})
		b.Run(kind.name+"/news-elsewhere", func(b *testing.B) {
			p.Do("trace.top")
			for b.Loop() {
				say(tr, model.Content, "token ")
				p.Refresh(record())
				p.View(198, 48, true)
			}
		})
		b.Run(kind.name+"/line-up-from-anywhere", func(b *testing.B) {
			for b.Loop() {
				p.window.Go(&p.doc, rand.IntN(p.doc.Len()))
				p.Do("trace.up")
				p.View(198, 48, true)
			}
		})
		b.Run(kind.name+"/page-at-new-widths", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p.Do("trace.page-down")
				p.View(198-i%2, 48, true)
			}
		})
		b.Run(kind.name+"/step", func(b *testing.B) {
			for b.Loop() {
				p.Do("trace.previous-step")
				p.View(198, 48, true)
			}
		})
	}
}

func BenchmarkSearchWithoutFind(b *testing.B) {
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(record(), long(14))
	p.View(198, 48, true)
	p.Do("trace.search")
	types(p, strings.Repeat("x", 5))
	for b.Loop() {
		p.findNext(1)
	}
}

// BenchmarkShow is the first sight of a recorded run.
func BenchmarkShow(b *testing.B) {
	tr := long(14)
	tr.Finish(trace.Done, "")
	styles := screen.NewStyles(themes.Dark())
	for b.Loop() {
		p := New(styles)
		p.Show(record(), tr)
		p.View(198, 48, true)
	}
}
