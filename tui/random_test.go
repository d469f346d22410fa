package tui

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reprise/engine"
	"reprise/engine/model"
	"reprise/tui/workspace"
)

// hand presses, clicks and pastes at random.
type hand struct {
	t      *testing.T
	app    *App
	rnd    *rand.Rand
	w, h   int
	did    []string
	keys   []tea.KeyPressMsg
	asleep time.Duration // how long it waits for a command
}

// TestWhateverIsPressedTheScreenStaysWhole does many things at random, to
// hostile texts and runs: every line is as wide as the terminal, the cursor is
// inside, and no control character shows.
func TestWhateverIsPressedTheScreenStaysWhole(t *testing.T) {
	t.Setenv("EDITOR", "")
	t.Setenv("VISUAL", "")
	dir := workspaceWith(t, map[string]string{
		"a.prompt": "---\ninput:\n  schema:\n    one: string, 日本語 text\n    n: integer\n    c(enum): [x, y]\n---\n{{role \"system\"}}\n日本 👩‍👩‍👧 e\u0301 {{one}}\twide\n{{#if n}}x{{/if}} " +
			strings.Repeat("long words ", 60) + "\n",
		"sub/b.prompt": "bad {{#if x}}\x1b[31m \xff\n",
	})
	folder, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	eng := engine.Open(engine.Config{Workspace: dir, Providers: []model.Provider{hostile{}}})
	defer eng.Close()
	app, err := New(t.Context(), eng, folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := &hand{t: t, app: app, rnd: rand.New(rand.NewPCG(1, 2)), w: 120, h: 40, keys: allKeys(), asleep: 10 * time.Millisecond}
	h.run(app.Init(), 0)
	h.feed(tea.WindowSizeMsg{Width: h.w, Height: h.h}, 0)
	for range 1500 {
		h.act()
		h.look()
	}
}

// allKeys are the keys to press, those that close and confirm more often.
func allKeys() []tea.KeyPressMsg {
	var keys []tea.KeyPressMsg
	add := func(code rune, text string, mods ...tea.KeyMod) {
		for _, mod := range append(mods, 0) {
			keys = append(keys, tea.KeyPressMsg{Code: code, Mod: mod, Text: text})
			text = ""
		}
	}
	for code := tea.KeyUp; code <= tea.KeyEnd; code++ {
		add(code, "", tea.ModShift, tea.ModCtrl, tea.ModAlt)
	}
	for c := 'a'; c <= 'z'; c++ {
		add(c, "", tea.ModAlt)
		if c != 'c' && c != 'q' {
			add(c, "", tea.ModCtrl)
		}
	}
	for _, c := range "abcefhlmprxyzLM[]{}()/GNY12345<>,.;:-#日é👩\u0301 " {
		keys = append(keys, tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	for range 3 {
		for _, code := range []rune{tea.KeyEnter, tea.KeyEscape, tea.KeyTab, tea.KeyBackspace, tea.KeyDelete} {
			add(code, "")
		}
	}
	for code := tea.KeyF1; code <= tea.KeyF9; code++ {
		add(code, "")
	}
	return keys
}

// act does one thing.
func (h *hand) act() {
	mouse := tea.Mouse{X: h.rnd.IntN(h.w), Y: h.rnd.IntN(h.h), Button: tea.MouseLeft}
	switch r := h.rnd.IntN(100); {
	case r < 3:
		h.w, h.h = 60+h.rnd.IntN(160), 18+h.rnd.IntN(45)
		h.note("size %d×%d", h.w, h.h)
		h.feed(tea.WindowSizeMsg{Width: h.w, Height: h.h}, 0)
	case r < 10:
		h.note("click %d,%d", mouse.X, mouse.Y)
		h.feed(tea.MouseClickMsg(mouse), 0)
		mouse.X, mouse.Y = h.rnd.IntN(h.w), h.rnd.IntN(h.h)
		h.feed(tea.MouseMotionMsg(mouse), 0)
		h.feed(tea.MouseReleaseMsg(mouse), 0)
	case r < 14:
		mouse.Button = []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}[h.rnd.IntN(2)]
		h.note("wheel")
		h.feed(tea.MouseWheelMsg(mouse), 0)
	case r < 18:
		h.note("f5")
		h.feed(tea.KeyPressMsg{Code: tea.KeyF5}, 0)
	case r < 20:
		h.note("paste")
		h.feed(tea.PasteMsg{Content: "pasted\r\n日本\ttab \x1b]52;c;x\x07 {{x}}"}, 0)
	default:
		key := h.keys[h.rnd.IntN(len(h.keys))]
		h.note("%s", key)
		h.feed(key, 0)
	}
}

func (h *hand) note(format string, args ...any) { h.did = append(h.did, fmt.Sprintf(format, args...)) }

func (h *hand) feed(msg tea.Msg, depth int) {
	_, cmd := h.app.Update(msg)
	h.run(cmd, depth+1)
}

// run does a command and what follows from it, but for what takes its time.
func (h *hand) run(cmd tea.Cmd, depth int) {
	if cmd == nil || depth > 6 {
		return
	}
	came := make(chan tea.Msg, 1)
	go func() { came <- cmd() }()
	var msg tea.Msg
	select {
	case msg = <-came:
	case <-time.After(h.asleep):
	}
	switch v := reflect.ValueOf(msg); {
	case msg == nil || msg == tea.Quit():
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd](): // batches and sequences
		for i := range v.Len() {
			h.run(v.Index(i).Interface().(tea.Cmd), depth)
		}
	default:
		h.feed(msg, depth)
	}
}

// look checks what is on the screen.
func (h *hand) look() {
	h.t.Helper()
	v := h.app.View()
	lines := strings.Split(v.Content, "\n")
	wrong := ""
	if len(lines) != h.h {
		wrong = fmt.Sprintf("%d lines of %d", len(lines), h.h)
	}
	for y, line := range lines {
		if got := ansi.StringWidth(line); got != h.w && wrong == "" {
			wrong = fmt.Sprintf("line %d has %d cells of %d: %q", y, got, h.w, ansi.Strip(line))
		}
	}
	if c := v.Cursor; c != nil && (c.X < 0 || c.X >= h.w || c.Y < 0 || c.Y >= h.h) {
		wrong = fmt.Sprintf("the cursor stands at %d,%d of %d×%d", c.X, c.Y, h.w, h.h)
	}
	if strings.Contains(v.Content, "\x1b]") || strings.ContainsAny(v.Content, "\x07\t\r") {
		wrong = "a control character shows"
	}
	if wrong != "" {
		h.t.Fatalf("%s, after %s", wrong, strings.Join(h.did[max(0, len(h.did)-40):], ", "))
	}
}
