package tui

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/browser"
	"reprise/tui/workspace"
)

// streamer is a model that says digits at a given speed: for timing only.
type streamer struct{ perSecond int }

func (streamer) Name() string { return "streamer" }

func (streamer) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "digits"}}, nil
}

func (s streamer) Stream(ctx context.Context, _ model.Request, emit func(model.Event) error) error {
	tick := time.NewTicker(time.Second / time.Duration(s.perSecond))
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := emit(model.Text{Channel: model.Content, Text: digit(i)}); err != nil {
			return err
		}
	}
}

// digit is what the streamer says i-th.
func digit(i int) string {
	if i%20 == 19 {
		return "\n"
	}
	return fmt.Sprintf("%d ", i%10)
}

func benchApp(b *testing.B, program string) *App {
	folder, err := workspace.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	if err := folder.Create("big.prompt", program); err != nil {
		b.Fatal(err)
	}
	eng := engine.Open(engine.Config{Workspace: folder.Dir, Providers: []model.Provider{streamer{300}}})
	b.Cleanup(func() { eng.Close() })
	app, err := New(b.Context(), eng, folder, Options{})
	if err != nil {
		b.Fatal(err)
	}
	app.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	entry := browser.Entry{Path: "big.prompt"}
	app.programs.SetEntries([]browser.Entry{entry})
	settle(app, app.openProgram(entry, true))
	return app
}

// settle performs commands and what follows from them, but for timers.
func settle(app *App, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case msg := <-done:
		switch msg := msg.(type) {
		case nil:
		case tea.BatchMsg:
			for _, cmd := range msg {
				settle(app, cmd)
			}
		default:
			_, next := app.Update(msg)
			settle(app, next)
		}
	case <-time.After(100 * time.Millisecond):
	}
}

func longTrace(tokens int) *trace.Trace {
	t := &trace.Trace{}
	t.Start(time.Now())
	var text strings.Builder
	for i := range tokens {
		if i%25 == 24 {
			text.WriteString(".\n")
			continue
		}
		fmt.Fprintf(&text, "word%d ", i%97)
	}
	half := text.Len() / 2
	t.Append(model.Text{Channel: model.Thinking, Text: text.String()[:half]})
	t.Append(model.Text{Channel: model.Content, Text: text.String()[half:]})
	return t
}

func longProgram(lines int) string {
	return "---\ndescription: long\n---\n" + strings.Repeat("A line of {{name}} with some words in it.\n", lines)
}

// BenchmarkUpdateAndView is one key with all that follows of it on the screen,
// beside a trace of 100,000 tokens and in a program of 5,000 lines; the budget
// is 2 ms.
func BenchmarkUpdateAndView(b *testing.B) {
	app := benchApp(b, longProgram(5000))
	app.doc.shown = shown{record: store.Run{ID: "r", Program: "big"}, trace: longTrace(100_000)}
	app.showTrace(app.doc)
	app.View()
	for _, key := range []struct {
		name  string
		focus paneID
		msg   tea.Msg
	}{
		{"type", editorPane, tea.KeyPressMsg{Code: 'x', Text: "x"}},
		{"page", editorPane, tea.KeyPressMsg{Code: tea.KeyPgDown}},
		{"scroll-trace", tracePane, tea.KeyPressMsg{Code: tea.KeyPgUp}},
		{"news", editorPane, runChangedMsg{"r"}},
	} {
		b.Run(key.name, func(b *testing.B) {
			app.focusOn(key.focus)
			for b.Loop() {
				if _, news := key.msg.(runChangedMsg); news {
					app.trace.Refresh(app.doc.shown.record)
					app.touch(tracePane)
				}
				app.Update(key.msg)
				if app.View().Content == "" {
					b.Fatal("nothing was drawn")
				}
			}
		})
	}
}

// watched is a terminal's output in which a byte can be waited for.
type watched struct {
	mu   sync.Mutex
	want []byte
	seen chan time.Time
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.want != nil && bytes.Contains(p, w.want) {
		w.want = nil
		w.seen <- time.Now()
	}
	return len(p), nil
}

func (w *watched) expect(b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.want = b
}

// BenchmarkKeyToByte is the time from a key to the first byte of its letter on
// the terminal while 300 tokens a second come in; the budget is 16 ms at the
// 95th percentile.
func BenchmarkKeyToByte(b *testing.B) {
	folder, err := workspace.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	if err := folder.Create("big.prompt", "start\n"); err != nil {
		b.Fatal(err)
	}
	eng := engine.Open(engine.Config{Workspace: folder.Dir, Providers: []model.Provider{streamer{300}}})
	defer eng.Close()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	in, keys := io.Pipe()
	out := &watched{seen: make(chan time.Time, 1)}
	out.expect([]byte("start"))
	ended := make(chan error, 1)
	go func() {
		ended <- RunEngine(ctx, eng, folder, Options{
			Env:     []string{"TERM=xterm-256color", "TERM_PROGRAM=test"},
			Program: []tea.ProgramOption{tea.WithInput(in), tea.WithOutput(out), tea.WithWindowSize(200, 50), tea.WithoutSignals()},
		})
	}()
	await(b, out)
	out.expect([]byte("tokens/s"))
	io.WriteString(keys, "\x1b3\x1b[15~")
	await(b, out)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		letter := []byte{"QZXWKJ"[i%6]}
		out.expect(letter)
		pressed := time.Now()
		keys.Write(letter)
		took = append(took, await(b, out).Sub(pressed))
		time.Sleep(time.Duration(i%17) * time.Millisecond) // at any moment of a frame
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	stop()
	<-ended
}

func await(b *testing.B, w *watched) time.Time {
	b.Helper()
	select {
	case at := <-w.seen:
		return at
	case <-time.After(patience):
		b.Fatal("waited in vain for the terminal")
	}
	return time.Time{}
}

// BenchmarkFirstFrame is the time from nothing to the first screen, but for
// what the terminal takes; the budget is 50 ms.
func BenchmarkFirstFrame(b *testing.B) {
	folder, err := workspace.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		eng := engine.Open(engine.Config{Workspace: folder.Dir, Providers: []model.Provider{streamer{300}}})
		app, err := New(b.Context(), eng, folder, Options{Settings: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		app.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
		if app.View().Content == "" {
			b.Fatal("nothing was drawn")
		}
		eng.Close()
	}
}

// The view of what 5,000 steps do to the answer is drawn anew at each news of an
// analysis; the budget is 2 ms at 200×50.
func BenchmarkFindings(b *testing.B) {
	tr := &trace.Trace{}
	tr.Start(time.Now())
	found := &engine.Findings{Answer: "7", Reasoning: 4999}
	for i := range 5000 {
		tr.Append(model.Text{Channel: model.Content, Text: fmt.Sprintf("Then step %d follows from the one before it.\n", i+1)})
		e := importance.Estimate{Value: float64(i%37) / 20, High: 2}
		found.Steps = append(found.Steps, engine.StepFinding{Step: i + 1, Measured: true, Importance: e, Before: 10, After: 10})
	}
	tr.Finish(trace.Done, "")
	for _, probe := range []importance.Probe{importance.Cut, importance.Mistaken, importance.Filled} {
		c := engine.Curve{Probe: probe}
		for k := range 12 {
			c.Points = append(c.Points, engine.CurvePoint{Place: k, Point: importance.Point{At: float64(k) / 11, Same: k % 10, Of: 10}})
		}
		found.Curves = append(found.Curves, c)
	}
	a := benchApp(b, "What?")
	a.doc.shown = shown{trace: tr, sample: 1}
	of, known := a.doc.shownSample(), know(*found)
	a.keepFindings(findingsMsg{of, known})
	a.viewFindings(of)
	a.View()
	for b.Loop() {
		a.keepFindings(findingsMsg{of, known})
		a.drawn.stale = true
		a.View()
	}
}
