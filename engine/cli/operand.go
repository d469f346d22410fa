package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// side is one of the two things that diff compares.
type side struct {
	label   string
	closure programs.Closure
	run     *store.Run   // nil: a program or a version
	trace   *trace.Trace // of the run
}

func (s side) said(ch model.Channel) string {
	if s.trace == nil {
		return ""
	}
	return s.trace.Text(ch, 0)
}

// splitVersion parts "solve@v3"; the last @ counts, for names may hold one.
func splitVersion(operand string) (program, ref string, ok bool) {
	at := strings.LastIndexByte(operand, '@')
	if at <= 0 {
		return operand, "", false
	}
	return operand[:at], operand[at+1:], true
}

// operand finds what a person named: a program, a version of one, or a run.
func (a *app) operand(ctx context.Context, name string) (side, error) {
	if program, ref, ok := splitVersion(name); ok {
		return a.versionOperand(ctx, program, ref)
	}
	p, place, err := a.loadProgram(name)
	if err == nil {
		label := relative(place.file)
		if place.bundled {
			label = libraryPrefix + place.path
		}
		return side{label: label, closure: p.Closure}, nil
	}
	var f *failure
	if !errors.As(err, &f) || f.code != exitUsage {
		return side{}, err
	}
	r, t, runErr := a.recorded(name, 0)
	if runErr != nil {
		return side{}, fail(exitUsage, "%q is neither a program nor a run; `reprise list` and `reprise runs` show them", name)
	}
	return a.runSide(r, t)
}

func (a *app) runSide(r store.Run, t *trace.Trace) (side, error) {
	s, err := a.store()
	if err != nil {
		return side{}, err
	}
	closure, err := s.Closure(r.Version.Hash)
	if err != nil {
		return side{}, err
	}
	return side{label: fmt.Sprintf("run %s (%s)", r.ID, atVersion(r)), closure: closure, run: &r, trace: t}, nil
}

// versionOperand finds a recorded version, or else a git revision.
func (a *app) versionOperand(ctx context.Context, name, ref string) (side, error) {
	s, err := a.store()
	if err != nil {
		return side{}, err
	}
	program, _ := a.recordedName(name)
	v, err := s.FindVersion(program, ref)
	if err == nil {
		closure, err := s.Closure(v.Hash)
		return side{label: fmt.Sprintf("%s@v%d", name, v.Ordinal), closure: closure}, err
	}
	p, gitErr := a.atRevision(ctx, name, ref)
	if gitErr != nil {
		return side{}, fail(exitUsage, "%s@%s: no such version (%v) and no such git revision (%v); `reprise versions %s` lists the versions", name, ref, err, gitErr, name)
	}
	return side{label: name + "@" + ref, closure: p.Closure}, nil
}

// atRevision loads a program as it was in a git revision.
func (a *app) atRevision(ctx context.Context, name, rev string) (*programs.Program, error) {
	dir, path := "", programName(name)+".prompt"
	if p, err := a.find(name); err == nil && !p.bundled {
		path, dir = p.path, strings.TrimSuffix(p.file, filepath.FromSlash(p.path))
	} else if dir, err = a.workspace(); err != nil {
		return nil, err
	}
	hash, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, err
	}
	// A zip archive is a file system by itself; only programs and partials
	// matter to a closure.
	archive, err := git(ctx, dir, "archive", "--format=zip", strings.TrimSpace(string(hash)), "--", ":(glob)**/*.prompt")
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("read what git archived: %w", err)
	}
	return programs.Load(files, path)
}

// git runs the git command in a folder and gives what it printed.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		return out, nil
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("git is not installed")
	}
	if text := oneLine(stderr.String()); text != "" {
		return nil, errors.New(text)
	}
	return nil, errors.New("git does not know it")
}
