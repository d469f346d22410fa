package tui

import (
	"bytes"
	"context"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"

	"reprise/engine"
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/trust"
	"reprise/tui/workspace"
)

// patience is how long the driver waits for what has to come. Only a test that fails
// waits for so long; on a busy machine what has to come may be slow.
const patience = 2 * time.Minute

// terminal drives the whole program on an emulated terminal of the plain kind:
// keys go in as the bytes such a terminal sends, cells are read back.
type terminal struct {
	t       *testing.T
	em      *vt.Emulator // under mu
	in      *os.File
	w, h    int
	mu      sync.Mutex
	raw     bytes.Buffer // everything the program wrote
	changed chan struct{}
	ended   chan error
	engine  *engine.Engine
	folder  workspace.Folder
}

// session is what a test's program starts with.
type session struct {
	w, h     int
	endpoint string // of the model server
	folder   string // empty: a new one
	open     string // the program to show first
	settings string // empty: a new one
	light    bool   // the terminal's background
	env      []string
	provider model.Provider // instead of an Ollama server
	builtin  bool           // the built-in model is there, too
}

// nobody is an address where no server answers.
const nobody = "http://127.0.0.1:9"

// start runs the program; it ends with the test at the latest.
func start(t *testing.T, s session) *terminal {
	t.Helper()
	if s.folder == "" {
		s.folder = t.TempDir()
	}
	if s.settings == "" {
		s.settings = t.TempDir()
	}
	folder, err := workspace.Open(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	if s.provider == nil {
		s.provider = ollama.New(s.endpoint)
	}
	providers := []model.Provider{s.provider}
	if s.builtin {
		providers = append(providers, builtin.New())
	}
	eng := engine.Open(engine.Config{Workspace: folder.Dir, Providers: providers, Trust: trust.Open(filepath.Join(s.settings, "trust.json"))})
	r, w, err := os.Pipe() // files, as a child process gets them
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{
		t: t, em: vt.NewEmulator(s.w, s.h), in: w, w: s.w, h: s.h,
		changed: make(chan struct{}, 1), ended: make(chan error, 1), engine: eng, folder: folder,
	}
	term.em.SetBackgroundColor(color.Black)
	if s.light {
		term.em.SetBackgroundColor(color.White)
	}
	answered := make(chan struct{})
	go func() { // the terminal's own answers
		io.Copy(w, term.em)
		close(answered)
	}()
	env := append([]string{"TERM=xterm-256color", "COLORTERM=truecolor", "TERM_PROGRAM=test"}, s.env...)
	go func() {
		err := RunEngine(context.Background(), eng, folder, Options{
			Open: s.open, Settings: s.settings, Env: env,
			Program: []tea.ProgramOption{tea.WithInput(r), tea.WithOutput(term), tea.WithWindowSize(s.w, s.h), tea.WithColorProfile(colorprofile.TrueColor), tea.WithoutSignals()},
		})
		term.ended <- err
	}()
	t.Cleanup(func() {
		if err := term.send("ctrl+q", "ctrl+q"); err != nil {
			t.Error(err)
		}
		select {
		case <-term.ended:
		case <-time.After(patience):
			t.Error("the program did not end")
		}
		term.em.InputPipe().(io.Closer).Close()
		<-answered
		r.Close()
		w.Close()
		if err := eng.Close(); err != nil {
			t.Errorf("closing the engine: %v", err)
		}
	})
	return term
}

// Write takes the program's output into the emulator.
func (term *terminal) Write(p []byte) (int, error) {
	term.mu.Lock()
	term.raw.Write(p)
	// Without a tty the program counts on line feeds to return, too.
	_, err := term.em.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	term.mu.Unlock()
	select {
	case term.changed <- struct{}{}:
	default:
	}
	return len(p), err
}

// screen is what the terminal shows, without colours.
func (term *terminal) screen() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	lines := make([]string, term.h)
	for y := range lines {
		var b strings.Builder
		for x := 0; x < term.w; {
			cell := term.em.CellAt(x, y)
			if cell == nil || cell.Width < 1 {
				b.WriteByte(' ')
				x++
				continue
			}
			b.WriteString(cell.Content)
			x += cell.Width
		}
		lines[y] = strings.TrimRight(b.String(), " ")
	}
	return strings.Join(lines, "\n")
}

// cell is one cell of the screen.
func (term *terminal) cell(x, y int) uv.Cell {
	term.mu.Lock()
	defer term.mu.Unlock()
	if cell := term.em.CellAt(x, y); cell != nil {
		return *cell
	}
	return uv.Cell{}
}

// until waits for the screen to be as ok says.
func (term *terminal) until(what string, ok func(screen string) bool) string {
	term.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		if s := term.screen(); ok(s) {
			return s
		}
		select {
		case <-term.changed:
		case err := <-term.ended:
			term.ended <- err
			term.t.Fatalf("waiting for %s: the program ended (%v); its screen:\n%s", what, err, term.screen())
		case <-deadline.C:
			term.t.Fatalf("waited in vain for %s; the screen:\n%s", what, term.screen())
		}
	}
}

// see waits until the screen shows every text.
func (term *terminal) see(texts ...string) string {
	term.t.Helper()
	return term.until(strings.Join(texts, " and "), func(s string) bool {
		for _, text := range texts {
			if !strings.Contains(s, text) {
				return false
			}
		}
		return true
	})
}

// gone waits until the screen no longer shows a text.
func (term *terminal) gone(text string) string {
	term.t.Helper()
	return term.until("the end of "+text, func(s string) bool { return !strings.Contains(s, text) })
}

// eventually waits for something that no screen tells of, asking again after
// every output and now and then.
func (term *terminal) eventually(what string, ok func() bool) {
	term.t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(patience); !ok(); {
		if time.Now().After(deadline) {
			term.t.Fatalf("waited in vain for %s; the screen:\n%s", what, term.screen())
		}
		select {
		case <-term.changed:
		case <-again.C:
		}
	}
}

// answer presses a key at a question that takes none at first, once that is over: a
// key more would go to what is behind the question.
func (term *terminal) answer(key, question string) {
	term.t.Helper()
	term.see(question)
	time.Sleep(quiet)
	term.press(key)
	term.gone(question)
}

// keys that are more than their own character, as plain terminals send them.
var keyBytes = map[string]string{
	"enter": "\r", "tab": "\t", "esc": "\x1b", "backspace": "\x7f", "space": " ",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "delete": "\x1b[3~",
	"ctrl+home": "\x1b[1;5H", "ctrl+end": "\x1b[1;5F", "shift+tab": "\x1b[Z",
	"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
	"shift+f5": "\x1b[15;2~", "shift+f8": "\x1b[19;2~",
	"f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
}

// press sends keys by name; anything without one is typed as it is.
func (term *terminal) press(keys ...string) {
	term.t.Helper()
	if err := term.send(keys...); err != nil {
		term.t.Fatalf("press %v: %v", keys, err)
	}
}

func (term *terminal) send(keys ...string) error {
	for _, key := range keys {
		text, named := keyBytes[key]
		switch rest, alt := strings.CutPrefix(key, "alt+"); {
		case named:
		case len(key) == 6 && strings.HasPrefix(key, "ctrl+"):
			text = string(rune(key[5] & 0x1f))
		case alt:
			text = "\x1b" + rest
		default:
			text = key
		}
		if _, err := term.in.WriteString(text); err != nil {
			return err
		}
	}
	return nil
}

// paste sends a text as a bracketed paste.
func (term *terminal) paste(text string) { term.press("\x1b[200~" + text + "\x1b[201~") }

// quits waits for the program to end by itself.
func (term *terminal) quits() {
	term.t.Helper()
	select {
	case err := <-term.ended:
		term.ended <- err
		if err != nil {
			term.t.Fatalf("the program ended with %v", err)
		}
	case <-time.After(patience):
		term.t.Fatalf("the program did not end; its screen:\n%s", term.screen())
	}
}

// output is everything the program wrote.
func (term *terminal) output() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.raw.String()
}

// write makes a file in a folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
