package workspace

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func folder(t *testing.T, files ...string) Folder {
	t.Helper()
	f, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if err := f.Create(name, "text of "+name); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func TestNameKeepsProgramsInsideTheWorkspace(t *testing.T) {
	for typed, want := range map[string]string{
		"solve": "solve.prompt", " math/solve ": "math/solve.prompt", "solve.prompt": "solve.prompt", "solve.terse": "solve.terse.prompt",
		"größe": "größe.prompt",
	} {
		if got, err := Name(typed); err != nil || got != want {
			t.Errorf("Name(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "  ", ".prompt", "../x", "/etc/x", "a//b", "a/../b", "math/", ".hidden", "a/.b/c", "_partial", "a/_p", "x\x1b]0;t\x07", "a:b", `a\b`} {
		if got, err := Name(typed); err == nil {
			t.Errorf("Name(%q) = %q, want an error", typed, got)
		}
	}
}

func TestCreateAndRenameNeverOverwrite(t *testing.T) {
	f := folder(t, "a.prompt", "math/b.prompt")
	if err := f.Create("a.prompt", "other"); !errors.Is(err, ErrExists) {
		t.Errorf("create over a.prompt: %v", err)
	}
	if err := f.Rename("a.prompt", "math/b.prompt"); !errors.Is(err, ErrExists) {
		t.Errorf("rename over b.prompt: %v", err)
	}
	if text, _, _ := f.Read("math/b.prompt"); text != "text of math/b.prompt" {
		t.Errorf("b.prompt now holds %q", text)
	}
	if err := f.Rename("a.prompt", "new/folder/c.prompt"); err != nil {
		t.Fatal(err)
	}
	if text, _, _ := f.Read("new/folder/c.prompt"); text != "text of a.prompt" {
		t.Errorf("moved file holds %q", text)
	}
	if got := f.FreeName("math/b.prompt"); got != "math/b-2.prompt" {
		t.Errorf("free name %q", got)
	}
}

func TestDeleteCanBeUndone(t *testing.T) {
	f := folder(t, "math/b.prompt")
	gone, err := f.Delete("math/b.prompt")
	if err != nil {
		t.Fatal(err)
	}
	if !f.Stamp("math/b.prompt").Missing {
		t.Fatal("the file is still there")
	}
	if data, err := os.ReadFile(filepath.Join(f.Dir, ".reprise", ".gitignore")); err != nil || string(data) != "*\n" {
		t.Errorf("the trash is not kept out of git: %q %v", data, err)
	}
	if err := f.Create("math/b.prompt", "another"); err != nil {
		t.Fatal(err)
	}
	name, err := f.Restore(gone)
	if err != nil || name != "math/b-2.prompt" {
		t.Fatalf("restored as %q, %v", name, err)
	}
	if text, _, _ := f.Read(name); text != "text of math/b.prompt" {
		t.Errorf("restored text %q", text)
	}
	if _, err := f.Delete("nothing.prompt"); err == nil || err.Error() != "delete nothing.prompt: no such file or directory" {
		t.Errorf("deleting what is not there: %v", err)
	}
}

func TestDraftsComeBackAsTheyWere(t *testing.T) {
	f := folder(t)
	if got := f.Drafts(); len(got) != 0 {
		t.Fatalf("drafts in a new folder: %v", got)
	}
	if _, err := os.Stat(filepath.Join(f.Dir, ".reprise")); err == nil {
		t.Error("reading drafts made .reprise")
	}
	want := Draft{Name: "math/b.prompt", Text: "unsaved\r\n\x00\t„ü“ caf\xe9", Base: Sum("old"), Saved: time.Now().UTC()}
	for _, text := range []string{"first", want.Text} {
		d := want
		d.Text = text
		if err := f.KeepDraft(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(f.Dir, ".reprise", "drafts", "broken.json"), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := f.Drafts(); !slices.Equal(got, []Draft{want}) {
		t.Errorf("drafts %+v, want %+v", got, want)
	}
	if err := errors.Join(f.DropDraft(want.Name), f.DropDraft(want.Name)); err != nil {
		t.Error(err)
	}
	if got := f.Drafts(); len(got) != 0 {
		t.Errorf("dropped draft is still there: %v", got)
	}
}

func TestWatchTellsOfChangesThatNeverEnd(t *testing.T) {
	f := folder(t, "a.prompt")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	changes, err := f.Watch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	end := time.After(30 * time.Second)
	for tick := time.NewTicker(settle / 3); ; {
		select {
		case <-changes:
			return
		case <-tick.C:
			if err := os.WriteFile(filepath.Join(f.Dir, "log"), []byte(time.Now().String()), 0o666); err != nil {
				t.Fatal(err)
			}
		case <-end:
			t.Fatal("nothing was told while a file was written all the time")
		}
	}
}

func TestWatchTellsOfChangesInFoldersOldAndNew(t *testing.T) {
	f := folder(t, "a.prompt")
	ctx, stop := context.WithCancel(t.Context())
	changes, err := f.Watch(ctx)
	if err != nil {
		t.Skipf("skipped: this system cannot watch folders: %v", err)
	}
	wait := func(what string) {
		t.Helper()
		select {
		case <-changes:
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: nothing was told", what)
		}
	}
	if err := os.WriteFile(f.File("a.prompt"), []byte("changed"), 0o666); err != nil {
		t.Fatal(err)
	}
	wait("a file changed")
	if err := f.Create("new/b.prompt", "x"); err != nil {
		t.Fatal(err)
	}
	wait("a folder with a file appeared")
	if err := os.WriteFile(f.File("new/b.prompt"), []byte("changed"), 0o666); err != nil {
		t.Fatal(err)
	}
	wait("a file in the new folder changed")
	stop()
	for range changes { // ends when the channel is closed
	}
}

func TestOpenRefusesWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("opening a file: %v", err)
	}
}
