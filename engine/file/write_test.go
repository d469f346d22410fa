package file

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.html")
	text := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, failed := io.WriteString(w, s)
			return errors.Join(failed, err)
		}
	}
	holds := func(want string) {
		t.Helper()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("the file holds %q, %v; want %q", got, err, want)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("the folder has %v", entries)
		}
	}
	if err := Write(path, false, text("one", nil)); err != nil {
		t.Fatal(err)
	}
	holds("one")
	if err := Write(path, false, text("two", nil)); !errors.Is(err, ErrExists) {
		t.Errorf("got %v", err)
	}
	holds("one")
	if err := Write(path, true, text("three", errors.New("cut off"))); err == nil {
		t.Error("no error")
	}
	holds("one")
	if err := Write(path, true, text("four", nil)); err != nil {
		t.Error(err)
	}
	holds("four")
	if err := Write(filepath.Join(dir, "no", "a"), false, text("", nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	late := func(w io.Writer) error { return os.WriteFile(filepath.Join(dir, "b"), []byte("theirs"), 0o644) }
	if err := Write(filepath.Join(dir, "b"), false, late); !errors.Is(err, ErrExists) {
		t.Errorf("a file that came up meanwhile: %v", err)
	}
}
