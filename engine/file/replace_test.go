//go:build unix

package file

import (
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// holds checks a file's text and that the folder has no other files than the
// given ones.
func holds(t *testing.T, path, want string, names ...string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, e := range entries {
		there = append(there, e.Name())
	}
	if strings.Join(there, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %v, want %v", there, names)
	}
}

func TestReplaceReplacesAndKeepsTheMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.prompt")
	for _, mode := range []fs.FileMode{0o640, 0o755, 0o600} {
		write(t, path, "old and longer", mode)
		if err := Replace(path, "new\r\n\xff"); err != nil {
			t.Fatal(err)
		}
		holds(t, path, "new\r\n\xff", "a.prompt")
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("mode %v (%v), want %v", info.Mode(), err, mode)
		}
	}
}

func TestReplaceMakesANewFileWithTheUsualMode(t *testing.T) {
	dir := t.TempDir()
	usual := filepath.Join(dir, "usual")
	if err := os.WriteFile(usual, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "new.prompt")
	if err := Replace(path, "text"); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "text", "new.prompt", "usual")
	want, _ := os.Stat(usual)
	if got, err := os.Stat(path); err != nil || got.Mode() != want.Mode() {
		t.Errorf("mode %v (%v), want %v", got.Mode(), err, want.Mode())
	}
}

func TestReplaceFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "real")
	if err := os.Mkdir(real, 0o755); err != nil {
		t.Fatal(err)
	}
	links := map[string]string{
		filepath.Join(dir, "link.prompt"):   filepath.Join("real", "a.prompt"),
		filepath.Join(dir, "twice.prompt"):  "link.prompt",
		filepath.Join(dir, "folder"):        "real",
		filepath.Join(real, "up.prompt"):    filepath.Join("..", "real", "a.prompt"),
		filepath.Join(dir, "absent.prompt"): filepath.Join("real", "b.prompt"),
		filepath.Join(dir, "round.prompt"):  "round.prompt",
	}
	for from, to := range links {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(real, "a.prompt")
	write(t, target, "old", 0o644)
	for _, name := range []string{"link.prompt", "twice.prompt", "folder/up.prompt"} {
		if err := Replace(filepath.Join(dir, name), "by "+name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		holds(t, target, "by "+name, "a.prompt", "up.prompt")
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more (%v)", name, err)
		}
	}
	if err := Replace(filepath.Join(dir, "absent.prompt"), "made"); err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(real, "b.prompt"), "made", "a.prompt", "b.prompt", "up.prompt")
	if err := Replace(filepath.Join(dir, "round.prompt"), "x"); err == nil {
		t.Error("a link to itself was written")
	}
}

func TestReplaceErrorsLeaveTheFileAlone(t *testing.T) {
	dir := t.TempDir()
	if err := Replace(dir, "text"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("writing a folder: %v", err)
	}
	if err := Replace(filepath.Join(dir, "no", "a.prompt"), "text"); err == nil {
		t.Error("wrote into a folder that does not exist")
	}
	path := filepath.Join(dir, "a.prompt")
	write(t, path, "old", 0o444)
	if os.Getuid() == 0 {
		return // root may write everything
	}
	if err := Replace(path, "new"); err == nil {
		t.Error("a read-only file was replaced")
	}
	holds(t, path, "old", "a.prompt")
}

// TestReplaceOnAFullDisk runs itself again with a limit on the size of
// files, which stops a write half way as a full disk does.
func TestReplaceOnAFullDisk(t *testing.T) {
	if path := os.Getenv("EDITOR_TEST_FULL"); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		if err := Replace(path, strings.Repeat("x", 1<<16)); err == nil {
			t.Fatal("a text over the limit was written")
		}
		return
	}
	path := filepath.Join(t.TempDir(), "a.prompt")
	write(t, path, "old", 0o644)
	cmd := exec.Command(os.Args[0], "-test.run=^TestReplaceOnAFullDisk$", "-test.count=1")
	cmd.Env = append(os.Environ(), "EDITOR_TEST_FULL="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	holds(t, path, "old", "a.prompt")
}
