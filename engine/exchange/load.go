package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"reprise/engine/store"
	"reprise/programs"
)

// loader writes lines into a store.
type loader struct {
	store    *store.Store
	in       *store.Intake
	name     string
	lines    feed
	held     any                     // a line that was read too early
	versions map[string]*versionLine // by program and hash
	ids      map[string]string       // of the runs of the file, here
	newID    func() string
	out      Imported
}

func (l *loader) next() (any, error) {
	if line := l.held; line != nil {
		l.held = nil
		return line, nil
	}
	return l.lines.next()
}

// wrong says where the file is wrong, and how.
func (l *loader) wrong(format string, args ...any) error {
	return fmt.Errorf("%s: %s", l.lines.place(), fmt.Sprintf(format, args...))
}

func (l *loader) load(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch line := line.(type) {
		case *headerLine:
		case *versionLine:
			err = l.version(line)
		case *runLine:
			err = l.in.Attempt(func() (bool, error) { return l.run(line) })
		default:
			err = l.wrong("a line of a run stands before it; a run begins with a line of type run")
		}
		if err != nil {
			return err
		}
	}
	if len(l.out.Runs) == 0 && l.out.Known == 0 {
		return fmt.Errorf("%s: there are no runs in the file", l.name)
	}
	return nil
}

func (l *loader) version(v *versionLine) error {
	if err := checkProgram(v.Program, v.Files); err != "" {
		return l.wrong("%s", err)
	}
	if hash := v.Files.Hash(); hash != v.Hash {
		return l.wrong("the files of %s have the hash %.12s, the line says %.12s: the text was changed since it was exported", v.Program, hash, v.Hash)
	}
	l.versions[v.Program+"\x00"+v.Hash] = v
	return nil
}

// run takes a run with its samples, and reports whether it was not here before.
func (l *loader) run(r *runLine) (bool, error) {
	r.Type = "run"
	if _, twice := l.ids[r.ID]; twice && r.ID != "" {
		return false, l.wrong("run %s stands in the file twice", r.ID)
	}
	record, err := l.record(r)
	if err != nil {
		return false, err
	}
	sum := func() string { return r.hash }
	note := func(any) error { return nil }
	if r.hash == "" {
		d, done := newDigest()
		sum, note = done, d.line
	}
	if err := l.in.Begin(record, r.Phase, r.Error, r.hash); err != nil {
		return false, err
	}
	if err := note(*r); err != nil {
		return false, err
	}
	if err := l.samples(record.ID, note); err != nil {
		return false, err
	}
	known, err := l.known(r.ID, record.ID, sum())
	switch {
	case err != nil:
		return false, err
	case known != "":
		l.ids[r.ID] = known
		l.out.Known++
		return false, nil
	}
	l.ids[r.ID] = record.ID
	l.out.Runs = append(l.out.Runs, record.ID)
	return true, l.in.Hash(record.ID, sum())
}

// known gives the run here that is the one that was just read; empty: there is none.
func (l *loader) known(asked, got, hash string) (string, error) {
	if asked != got && asked != "" { // its ID is taken: by itself?
		there, err := l.store.Recorded(asked)
		if err != nil {
			return "", err
		}
		same, err := sum(l.store, there)
		if err != nil || same == hash {
			return asked, err
		}
	}
	// The one just begun has no hash yet, or the first with it is not it.
	id, ok, err := l.in.Known(hash, got)
	if !ok {
		return "", err
	}
	return id, err
}

// record makes the record of a run, with an ID that is free.
func (l *loader) record(r *runLine) (store.Run, error) {
	out := store.Run{
		ID: r.ID, Program: r.Program, Input: r.Input, Messages: r.Messages, Provider: r.Provider, Model: r.Model, Digest: r.Digest,
		ServerVersion: r.Server, Endpoint: r.Endpoint, Options: r.Options, Seed: r.Seed, Think: r.Think, Plan: r.Plan, Origin: r.Origin, Let: r.Let,
	}
	if !out.Imported() {
		out.Origin = store.Origin{Form: ownForm, File: l.name}
	}
	l.out.Form = cmp.Or(l.out.Form, out.Origin.Form)
	if r.Phase != "" && !r.Phase.Ended() {
		return out, l.wrong("run %s is %s: only runs that have ended can be imported", r.ID, r.Phase)
	}
	if p := r.Part; p != nil {
		here, ok := l.ids[p.Run]
		if !ok {
			return out, l.wrong("run %s is a part of run %s, which must stand before it", r.ID, p.Run)
		}
		out.Of = store.Part{Run: here, Binding: p.Binding, Item: p.Item}
	}
	v := l.versions[r.Program+"\x00"+r.Version]
	if r.closure != nil {
		v = &versionLine{Program: r.Program, Created: time.Now(), Files: r.closure}
	}
	if v == nil {
		return out, l.wrong("run %s is of version %.12s of %s, of which no line of type version stands before it", r.ID, r.Version, r.Program)
	}
	var err error
	if out.Version, err = l.in.Version(store.Version{Program: v.Program, Ordinal: v.Ordinal, Name: v.Name, Created: v.Created}, v.Files); err != nil {
		return out, err
	}
	if r.ID != "" && !store.IsID(r.ID) {
		return out, l.wrong("%q is no ID of a run: those are 13 digits and letters", r.ID)
	}
	taken, err := l.in.Has(r.ID)
	if err == nil && (taken || r.ID == "") {
		out.ID = l.newID()
	}
	return out, err
}

// checkProgram says what is wrong with a program of a file; empty: nothing.
func checkProgram(name string, files programs.Closure) string {
	switch {
	case name == "" || len(name) > 500 || !local(name):
		return fmt.Sprintf("%q cannot be the name of a program", name)
	case len(files) == 0:
		return name + " has no files"
	case slices.ContainsFunc(files, func(f programs.File) bool { return f.Path == "" }):
		return name + " has a file without a path"
	}
	return ""
}
