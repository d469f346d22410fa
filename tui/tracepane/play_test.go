package tracepane

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

// beats lets so much time pass while a trace is played, a beat each.
func beats(t *testing.T, p *Pane, n int, between time.Duration) {
	t.Helper()
	for range n {
		if p.play == nil {
			return
		}
		last := p.play.last
		if last.IsZero() {
			last = time.Unix(1000, 0)
			p.play.last = last
		}
		if _, cmd := p.Update(beatMsg{p.play, last.Add(between)}); p.play != nil && !p.play.paused && cmd == nil {
			t.Fatal("there is no next beat")
		}
	}
}

func TestATraceIsPlayedAsItCame(t *testing.T) {
	p := timed(said(model.Thinking, "The first thought is here.\n"), said(model.Thinking, "The second thought is it.\n"), said(model.Content, "The answer is 35."))
	whole := panetest.Shown(t, p, 70, 20)
	_, cmd := p.Do("trace.play")
	if cmd == nil {
		t.Fatal("nothing drives it")
	}
	if _, again := p.Do("trace.next-step"); again != nil {
		t.Error("a second timer runs")
	}
	beats(t, p, 30, time.Second/30)
	view := panetest.Shown(t, p, 70, 20)
	has(t, view, "The first thought")
	has(t, string(p.Status()), "playing ×1 · 2.0 s of 4.0 s")
	if strings.Contains(view, "The second thought is it") || strings.Contains(view, "35") {
		t.Errorf("after a second it says too much:\n%s", view)
	}
	if why := p.Disabled("trace.edit"); !strings.Contains(why, "being played") {
		t.Errorf("a fork of what is played: %q", why)
	}
	do(t, p, "play")
	has(t, string(p.Status()), "paused ×1")
	before := panetest.Shown(t, p, 70, 20)
	if _, cmd := p.Update(beatMsg{p.play, time.Now()}); cmd != nil || panetest.Shown(t, p, 70, 20) != before {
		t.Error("it goes on while it is paused")
	}
	do(t, p, "faster", "faster", "play")
	has(t, string(p.Status()), "playing ×8")
	beats(t, p, 40, time.Second/30)
	if p.play != nil {
		t.Fatalf("it is still playing: %s", p.Status())
	}
	if view := panetest.Shown(t, p, 70, 20); view != whole {
		t.Errorf("in the end it shows\n%s\nwant\n%s", view, whole)
	}
	do(t, p, "play", "slower")
	has(t, string(p.Status()), "×0.5")
	do(t, p, "clear")
	if p.play != nil || panetest.Shown(t, p, 70, 20) != whole {
		t.Errorf("Esc does not show all of it:\n%s", panetest.Shown(t, p, 70, 20))
	}
}

// Where nothing has come yet, nothing is found.
func TestSearchingBeforeTheFirstWord(t *testing.T) {
	p := timed(said(model.Content, "The answer is 35."))
	do(t, p, "search")
	types(p, "answer")
	p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	do(t, p, "play")
	do(t, p, "search-next")
	has(t, panetest.Shown(t, p, 70, 20), "not found")
}

func TestWhatCannotBePlayed(t *testing.T) {
	p, _ := live(thought, "")
	if why := p.Disabled("trace.play"); !strings.Contains(why, "shown as it comes") {
		t.Errorf("a live run: %q", why)
	}
	p = recorded(trace.Done, thought, answered)
	if why := p.Disabled("trace.play"); !strings.Contains(why, "not known when it came") {
		t.Errorf("a run without times: %q", why)
	}
	if why := p.Disabled("trace.faster"); why == "" {
		t.Error("nothing is played faster")
	}
}

func TestABeatOfAnotherRunIsNothing(t *testing.T) {
	p := timed(said(model.Content, lines(5)))
	do(t, p, "play")
	old := p.play
	r := record()
	r.ID = "r2"
	p.Show(r, timed(said(model.Content, "Another run.")).doc.tr)
	if _, cmd := p.Update(beatMsg{old, time.Now()}); cmd != nil || p.play != nil {
		t.Error("the old run is played on")
	}
	has(t, panetest.Shown(t, p, 70, 12), "Another run.")
}

// However it is played, stepped through and looked at, the document is in the end the
// one that was recorded.
func TestPlayingEndsInTheSameDocument(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var events []model.Event
		for range rapid.IntRange(1, 8).Draw(rt, "events") {
			ch := rapid.SampledFrom([]model.Channel{model.Thinking, model.Content}).Draw(rt, "channel")
			events = append(events, said(ch, rapid.SampledFrom([]string{"A line is here.\n", "word ", "世界 ", "\n\n", strings.Repeat("long ", 1200)}).Draw(rt, "text")))
		}
		p := timed(events...)
		p.Do("trace.play")
		for p.play != nil {
			p.Do(rapid.SampledFrom([]string{"trace.faster", "trace.slower", "trace.next-step", "trace.stepping", "trace.fold", "trace.page-up", "trace.end"}).Draw(rt, "action"))
			p.View(60, 20, true)
			if p.play != nil {
				last := p.play.last
				if last.IsZero() {
					last = time.Unix(1000, 0)
					p.play.last = last
				}
				p.Update(beatMsg{p.play, last.Add(time.Duration(rapid.IntRange(500, 3000).Draw(rt, "ms")) * time.Millisecond)})
			}
		}
		other := New(screen.NewStyles(themes.Dark()))
		other.Show(record(), trace.Restore(trace.Recorded{Status: p.status, Events: events}))
		if p.doc.folded {
			p.fold()
		}
		if a, b := text(p), text(other); a != b {
			rt.Fatalf("played:\n%q\nrecorded:\n%q", a, b)
		}
	})
}
