//go:build linux || darwin

package tui

import (
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"reprise/engine/model"
	"reprise/engine/store"
)

// limitFiles makes writing behind so many bytes of any file fail, as a full
// disk does; 0 takes the limit away.
func limitFiles(t *testing.T, bytes uint64) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // the write fails instead
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur = bytes; bytes == 0 {
		limit.Cur = limit.Max
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsLostOnAFullDisk(t *testing.T) {
	long := "A long program.\n" + strings.Repeat("It goes on and on.\n", 400)
	dir := workspaceWith(t, map[string]string{"a.prompt": long})
	term := start(t, session{w: 140, h: 30, provider: streamer{300}, folder: dir})
	term.see("a not run yet", "digits")
	term.press("f5")
	term.see("trace a@v1", "1 2 3")
	defer limitFiles(t, 0)
	limitFiles(t, 4096)
	term.see("this run is not saved")
	term.press("alt+3", "mine ", "ctrl+s")
	term.see("✗ save a.prompt", "mine A long program.")
	if got := read(t, dir, "a.prompt"); got != long {
		t.Errorf("the file holds %d bytes now, %q…", len(got), got[:min(len(got), 20)])
	}

	limitFiles(t, 0)
	term.press("ctrl+s")
	term.see("saved a.prompt")
	term.gone("not saved")
	term.press("f8")
	term.see("a was cancelled")
	if got := read(t, dir, "a.prompt"); got != "mine "+long {
		t.Errorf("saved as %q…", got[:min(len(got), 20)])
	}
	term.press("ctrl+q")
	term.quits()
	s := records(t, dir)
	runs, err := s.Runs(store.Filter{})
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	tr, err := s.Trace(runs[0].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	got, want := tr.Text(model.Content, 0), ""
	for i := 0; len(want) < len(got); i++ {
		want += digit(i)
	}
	if got != want || got == "" {
		t.Errorf("what was said is not kept as it was said: %q", got)
	}
}
