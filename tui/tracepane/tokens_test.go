package tracepane

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

// sure is a pane on a recorded run whose content has log-probabilities.
func sure(text string) *Pane {
	p := New(screen.NewStyles(themes.Dark()))
	tr := &trace.Trace{}
	tr.Start(time.Now())
	tr.Append(said(model.Thinking, "Here nothing is known.\n"))
	tr.Append(withTokens(text))
	tr.Finish(trace.Done, "")
	r := record()
	r.Samples = []store.Sample{{Number: 1, Seed: 7, Status: tr.Status()}}
	r.Settle("", "")
	p.Show(r, tr)
	p.SetSample(1, nil)
	p.status.Started = time.Time{}
	return p
}

// plainly is a view without the times of the moment.
func plainly(t *testing.T, p *Pane, w, h int) string {
	t.Helper()
	p.status = trace.Status{Phase: trace.Done}
	return panetest.Shown(t, p, w, h)
}

func TestTokenSizes(t *testing.T) {
	for _, size := range [][2]int{{40, 14}, {76, 20}, {120, 34}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			p := sure("We add 12 + 30 = 42 to\tsee what it comes to, and it is right.\nWait, is that really so?\n")
			do(t, p, "next-undecided", "next-undecided", "down")
			view := plainly(t, p, size[0], size[1])
			lines := strings.Split(view, "\n")
			for i, line := range lines { // the times are the machine's
				if at := strings.Index(line, "took "); at >= 0 {
					lines[i] = line[:at] + "took …"
				}
			}
			golden.RequireEqual(t, []byte(strings.Join(lines, "\n")))
		})
	}
}

func TestTokensWithTheirAlternatives(t *testing.T) {
	p := sure("We add 12 + 30 = 42.\nWait, is that really so?\n")
	panetest.Shown(t, p, 90, 24)
	if p.Disabled("trace.force") == "" {
		t.Error("a token can be forced though none is chosen")
	}
	do(t, p, "first-step", "next-step", "tokens")
	view := panetest.Shown(t, p, 90, 24)
	has(t, view, "step 2 of 3", "7 tokens of p 0.68, the least 0.30", "perplexity 1.", "entropy 0.", "We·add·12·+·30·=·42.⏎",
		"token 1 of 7 · We· · p 0.951", " ▸ 0.951  We·", "said", "0.223  other·", "0.050  �", "it is a part of a character", "0.018  ∅", "it has no text: it ends the answer")
	do(t, p, "right")
	has(t, panetest.Shown(t, p, 90, 24), "token 2 of 7 · add· · p 0.301", "entropy 1.2")
	do(t, p, "left", "down", "down")
	if why := p.Disabled("trace.force"); why != "it is a part of a character" {
		t.Errorf("forcing it: %q", why)
	}
	do(t, p, "down")
	if why := p.Disabled("trace.force"); !strings.Contains(why, "it ends the answer") {
		t.Errorf("forcing it: %q", why)
	}
	do(t, p, "up", "up")
	has(t, panetest.Shown(t, p, 90, 24), "▸ 0.223  other·", "Enter goes on with it")
	want := AskFork{How: Force, Step: 2, Text: "other ", Tops: 4, Fork: store.Fork{Parent: 1, Channel: model.Content, Offset: 0, Edit: "other ", How: Force}}
	if got := do(t, p, "force"); got != want {
		t.Errorf("forced %+v, want %+v", got, want)
	}
	for range 7 { // on into the next step
		do(t, p, "right")
	}
	has(t, panetest.Shown(t, p, 90, 24), "step 3 of 3", "token 1 of 5 · Wait,·")
	for range 20 {
		do(t, p, "right")
	}
	has(t, panetest.Shown(t, p, 90, 24), "token 5 of 5")
	for range 40 { // there are none further back
		do(t, p, "left")
	}
	has(t, panetest.Shown(t, p, 90, 24), "step 2 of 3", "token 1 of 7")
	do(t, p, "previous-step")
	has(t, panetest.Shown(t, p, 90, 24), "this step has no log-probabilities")
	if why := p.Disabled("trace.force"); why == "" {
		t.Error("nothing can be forced")
	}
	do(t, p, "clear")
	has(t, panetest.Shown(t, p, 90, 24), "▌  1 · Here nothing is known.")
}

func TestANarrowPaneSaysWhichAlternativeWasSaid(t *testing.T) {
	p := sure("We add 12 + 30 = 42.\n")
	panetest.Shown(t, p, 40, 14)
	do(t, p, "first-step", "next-step", "tokens")
	view := panetest.Shown(t, p, 40, 20)
	has(t, view, "█ said", "alternatives\n", "Enter goes on with one · m undecided\n", " Esc\n")
}

func TestWithoutLogProbabilitiesItIsSaidWhy(t *testing.T) {
	p := recorded(trace.Done, thought, answered)
	for _, action := range []string{"trace.tokens", "trace.heat", "trace.next-undecided", "trace.previous-undecided"} {
		if why := p.Disabled(action); why != "no log-probabilities; L records them next time" {
			t.Errorf("%s: %q", action, why)
		}
	}
	if got := do(t, p, "logprobs"); got != (ToggleLogprobs{}) {
		t.Errorf("asking for them: %v", got)
	}
}

func TestUndecidedTokens(t *testing.T) {
	p := sure("We add 12 + 30 = 42.\nWait, is that really so?\nYes, it is.")
	for _, want := range []string{"add·", "30·"} {
		do(t, p, "next-undecided")
		has(t, panetest.Shown(t, p, 90, 24), want+" · p 0.301")
	}
	do(t, p, "previous-undecided")
	has(t, panetest.Shown(t, p, 90, 24), "add· · p 0.301")
	if got := do(t, p, "previous-undecided"); got != (Tell{"no undecided token before"}) {
		t.Errorf("before the first: %v", got)
	}
}

// With glyphs and colours both, and under NO_COLOR with glyphs and weight.
func TestHeat(t *testing.T) {
	p := sure("We add 12 + 30 = 42.\nWait, is that really so?\n")
	panetest.Shown(t, p, 90, 24)
	cold := p.View(90, 24, true)
	do(t, p, "heat")
	view := panetest.Shown(t, p, 90, 24)
	has(t, view, "p below 0.9 ▁ 0.7 ▃ 0.4 ▅ 0.1 █", "We add 12 + 30 = 42.\n          ▅        ▅")
	if warm := p.View(90, 24, true); !strings.Contains(warm, p.inks.heat[2].Paint("add ")) || strings.Contains(cold, p.inks.heat[2].Paint("add ")) {
		t.Errorf("the unlikely token has no colour:\n%q", warm)
	}
	p.SetStyles(screen.NewStyles(themes.Plain()))
	if plain := p.View(90, 24, true); !strings.Contains(plain, "▅") || !strings.Contains(plain, "\x1b[1madd ") {
		t.Errorf("without colours:\n%q", plain)
	}
	do(t, p, "heat")
	if view := panetest.Shown(t, p, 90, 24); strings.Contains(view, "▅") || strings.Contains(view, "p below") {
		t.Errorf("still hot:\n%s", view)
	}
	for p, want := range map[float64]int{1: 0, .9: 0, .89: 1, .7: 1, .5: 2, .4: 2, .2: 3, .1: 3, .09: 4, 0: 4} {
		if got := level(math.Log(p)); got != want {
			t.Errorf("p %g is of level %d, want %d", p, got, want)
		}
	}
}

// What a step's chips show is its text, each token where it is, whatever its bytes.
func TestChipsCoverTheText(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", " ", "\n", "\t", "世", "", "\x1b[31m", "\u202e", "é", strings.Repeat("long", 20), "👍"})
	rapid.Check(t, func(rt *rapid.T) {
		tr := &trace.Trace{}
		tr.Start(time.Now())
		want := ""
		for range rapid.IntRange(1, 12).Draw(rt, "pieces") {
			e := model.Text{Channel: model.Content}
			for range rapid.IntRange(1, 4).Draw(rt, "tokens") {
				text := piece.Draw(rt, "piece")
				e.Text += text
				e.Tokens = append(e.Tokens, model.Token{Text: text, Logprob: -1})
			}
			if e.Text == "" {
				continue
			}
			if rapid.Bool().Draw(rt, "bare") {
				e.Tokens = nil
			}
			tr.Append(e)
		}
		p := New(screen.NewStyles(themes.Dark()))
		p.Show(record(), tr)
		if tr.Len(model.Content) == 0 {
			return
		}
		p.firstStep()
		step, _, _ := p.currentStep()
		chips, got := p.chips(p.block(), p.blockTokens()), ""
		n := 0
		for _, c := range chips {
			if c.token >= 0 {
				if c.token != n {
					rt.Fatalf("token %d follows %d", c.token, n-1)
				}
				n++
			}
			got += string(c.text)
		}
		got = strings.ReplaceAll(got, "∅", "")
		for _, part := range chipParts(tr, step) {
			want += string(shownToken(part))
		}
		if want = strings.ReplaceAll(want, "∅", ""); got != want {
			rt.Fatalf("chips %q, text %q", got, want)
		}
		w := rapid.IntRange(1, 40).Draw(rt, "w")
		lined := ""
		for _, line := range chipLines(chips, w) {
			cells := 0
			for _, c := range line {
				cells += c.cells
				lined += string(c.text)
			}
			if cells > w {
				rt.Fatalf("a line takes %d cells of %d", cells, w)
			}
		}
		if w > 1 && strings.ReplaceAll(lined, "∅", "") != got {
			rt.Fatalf("lines %q, chips %q", lined, got)
		}
	})
}

// chipParts are a step's tokens and the text between them.
func chipParts(tr *trace.Trace, s trace.Step) (parts []string) {
	at := s.Start
	for _, t := range tr.TokensIn(s) {
		parts = append(parts, tr.Slice(s.Channel, at, t.Start), t.Text)
		at = t.Start + len(t.Text)
	}
	return append(parts, tr.Slice(s.Channel, at, s.End))
}

// A character made by several tokens is the text of the last of them: nothing can be
// put between its bytes.
func TestNothingIsForcedIntoACharacter(t *testing.T) {
	p := New(screen.NewStyles(themes.Dark()))
	tr := &trace.Trace{}
	tr.Start(time.Now())
	half := []model.Token{{Text: "\uFFFD", Logprob: -.2}, {Text: "x", Logprob: -2}}
	tr.Append(model.Text{Channel: model.Content, Text: "a世", Tokens: []model.Token{{Text: "a", Logprob: -1}, {Logprob: -.2, Top: half}, {Logprob: -.2, Top: half}, {Text: "世", Logprob: -.2, Top: half}}})
	tr.Finish(trace.Done, "")
	r := record()
	r.Samples = []store.Sample{{Number: 1, Seed: 7, Status: tr.Status()}}
	r.Settle("", "")
	p.Show(r, tr)
	do(t, p, "first-step", "tokens", "right")
	has(t, panetest.Shown(t, p, 80, 24), "a∅∅世", "token 2 of 4 · ∅", "0.819  �", "said")
	do(t, p, "down")
	if why := p.Disabled("trace.force"); why != "" {
		t.Errorf("in place of the whole character: %s", why)
	}
	do(t, p, "right", "down")
	if why := p.Disabled("trace.force"); !strings.Contains(why, "part of the same character") {
		t.Errorf("in the middle of a character: %q", why)
	}
	do(t, p, "right", "down")
	if why := p.Disabled("trace.force"); !strings.Contains(why, "part of the same character") {
		t.Errorf("at the end of a character: %q", why)
	}
}
