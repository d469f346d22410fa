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

// detailed is a recorded trace of 100,000 tokens and 5,000 steps, with five
// alternatives of each token.
func detailed() *trace.Trace {
	r := trace.Recorded{Status: trace.Status{Phase: trace.Done, Elapsed: 400 * time.Second}, Tokens: map[model.Channel][]trace.Packed{}}
	length := map[model.Channel]int{}
	for i := range 100_000 {
		text := fmt.Sprintf("word%d ", i%97)
		if i%20 == 19 {
			text = "end.\n"
		}
		token := model.Token{Text: text, Logprob: -float64(i%7) / 4}
		for k := range 5 {
			token.Top = append(token.Top, model.Token{Text: fmt.Sprintf("other%d ", k), Logprob: -float64(i%7)/4 - float64(k)})
		}
		ch := model.Thinking
		if i >= 80_000 {
			ch = model.Content
		}
		p := trace.Packed{Start: length[ch]}
		p.Add(0, []model.Token{token})
		r.Tokens[ch] = append(r.Tokens[ch], p)
		r.Events, r.At = append(r.Events, model.Text{Channel: ch, Text: text}), append(r.At, time.Duration(i)*4*time.Millisecond)
		length[ch] += len(text)
	}
	return trace.Restore(r)
}

// BenchmarkDebugging is what a person does in such a trace; the budget of each is
// 2 ms at 200×50, but for the first jump to an undecided token, which looks at all.
func BenchmarkDebugging(b *testing.B) {
	tr := detailed()
	for _, c := range []struct {
		name    string
		enter   []string
		actions []string
	}{
		{"stepping", []string{"first-step", "stepping"}, []string{"next-step"}},
		{"stepping-ends", []string{"stepping"}, []string{"first-step", "last-step"}},
		{"stepping-hot", []string{"first-step", "stepping", "heat"}, []string{"next-step"}},
		{"flow-hot", []string{"top", "heat"}, []string{"page-down"}},
		{"flow-hot-up", []string{"heat"}, []string{"end", "page-up"}},
		{"kinds", []string{"first-step"}, []string{"next-uncertainty"}}, // there is none: all are looked at
		{"tokens", []string{"first-step", "tokens"}, []string{"right"}},
		{"undecided", []string{"first-step", "next-undecided"}, []string{"next-undecided"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := New(screen.NewStyles(themes.Dark()))
			p.Show(record(), tr)
			p.View(198, 48, true)
			do(b, p, c.enter...)
			p.View(198, 48, true)
			for b.Loop() {
				for _, action := range c.actions {
					p.Do("trace." + action)
					p.View(198, 48, true)
				}
			}
		})
	}
	b.Run("undecided-first", func(b *testing.B) {
		for b.Loop() {
			p := New(screen.NewStyles(themes.Dark()))
			p.Show(record(), tr)
			do(b, p, "first-step", "next-undecided")
		}
	})
	b.Run("playing", func(b *testing.B) {
		p := New(screen.NewStyles(themes.Dark()))
		p.Show(record(), tr)
		for b.Loop() {
			if p.play == nil {
				do(b, p, "play")
				p.play.speed = len(speeds) - 1
			}
			p.Update(beatMsg{p.play, time.Now()})
			p.View(198, 48, true)
		}
	})
}
