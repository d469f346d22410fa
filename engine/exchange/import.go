package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// Imported is what a file brought.
type Imported struct {
	Form  string   // of the file: "Reprise traces", "promptfoo results" …
	Runs  []string // IDs of the runs that are here now, in the order of the file
	Known int      // runs of the file that were here before
}

// Import takes the runs of a file into a store: all of them, or on an error none.
// What the file holds is found out by looking at it; its name, without a folder,
// names the program of runs of which it tells none. A run that is here already is
// not taken again; one with the ID of another run gets an ID of its own.
func Import(ctx context.Context, s *store.Store, name string, r io.Reader) (Imported, error) {
	form, lines, err := open(name, r)
	if err != nil {
		return Imported{}, err
	}
	defer lines.close()
	l := &loader{store: s, name: name, lines: lines, ids: map[string]string{}, versions: map[string]*versionLine{}, newID: store.NewIDs()}
	l.out.Form = form
	err = s.Import(ctx, func(in *store.Intake) error {
		l.in = in
		return l.load(ctx)
	})
	if err != nil {
		return Imported{}, err
	}
	return l.out, nil
}

// feed gives the lines of a file, io.EOF behind the last one.
type feed interface {
	next() (any, error)
	place() string // of the line that next gave last, as "file:line"
	close()
}

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

// samples takes the samples of a run.
func (l *loader) samples(run string, note func(any) error) error {
	depth := map[int]int{} // how many forks deep each is
	names := map[string]bool{}
	for last := 0; ; {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		s, ok := line.(*sampleLine)
		if !ok {
			l.held = line
			break
		}
		if err := l.checkSample(s, last, depth); err != nil {
			return err
		}
		if err := store.CheckName(s.Name); err != nil || names[s.Name] && s.Name != "" {
			return l.wrong("sample %d has the name %q, which is another one's or cannot be one", s.Number, s.Name)
		}
		last, names[s.Name] = s.Number, true
		if err := l.sample(run, s, note); err != nil {
			return err
		}
	}
	if len(depth) == 0 {
		return l.wrong("a run without a sample: its lines of type sample must follow it")
	}
	return nil
}

// deepest bounds how many forks lie within each other.
const deepest = 500

func (l *loader) checkSample(s *sampleLine, last int, depth map[int]int) error {
	switch f := s.Fork; {
	case s.Number <= last:
		return l.wrong("sample %d stands behind sample %d", s.Number, last)
	case !sane(s.Started):
		return l.wrong("sample %d started in the year %d", s.Number, s.Started.Year())
	case f == nil:
		depth[s.Number] = 1
	case depth[f.Parent] == 0:
		return l.wrong("sample %d is a fork of sample %d, which must stand before it", s.Number, f.Parent)
	case !channels[f.Channel] || f.Offset < 0:
		return l.wrong("sample %d is a fork at byte %d of %q; a channel is thinking or content", s.Number, f.Offset, f.Channel)
	case depth[f.Parent] == deepest:
		return l.wrong("sample %d: forks lie within each other %d deep at most", s.Number, deepest)
	default:
		depth[s.Number] = depth[f.Parent] + 1
	}
	return nil
}

// sane reports whether a time can be kept as nanoseconds since 1970.
func sane(t time.Time) bool { return t.Year() > 1700 && t.Year() < 2250 }

// sample takes one sample, up to its end.
func (l *loader) sample(run string, s *sampleLine, note func(any) error) error {
	s.Type = "sample"
	out := store.Sample{Number: s.Number, Seed: s.Seed, Source: s.Source, Name: s.Name, Note: s.Note}
	out.Status.Started = s.Started
	if s.Fork != nil {
		out.Fork = *s.Fork
	}
	if err := l.in.BeginSample(run, out); err != nil {
		return err
	}
	s.Started = s.Started.UTC()
	if err := note(*s); err != nil {
		return err
	}
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return l.wrong("sample %d has no end: the file was cut off", s.Number)
		}
		if err != nil {
			return err
		}
		end, over := line.(*endLine)
		if !over {
			if err := l.said(line, note); err != nil {
				return err
			}
			continue
		}
		return l.end(out, end, note)
	}
}

func (l *loader) end(s store.Sample, end *endLine, note func(any) error) error {
	end.Type = "end"
	switch {
	case !end.Phase.Ended():
		return l.wrong("sample %d ends as %q; a sample is done, failed, cancelled or interrupted", s.Number, end.Phase)
	case min(end.FirstToken, end.Elapsed) < 0 || end.Tokens < 0:
		return l.wrong("sample %d has figures below 0", s.Number)
	}
	st := &s.Status
	st.Phase, st.Reason, st.Truncated, st.Err, st.FirstToken = end.Phase, end.Reason, end.Truncated, end.Error, end.FirstToken
	st.Elapsed, st.Tokens, st.Stats, s.Extracted, s.Confidence = end.Elapsed, end.Tokens, end.Stats, end.Extracted, end.Confidence
	if err := note(*end); err != nil {
		return err
	}
	return l.in.FinishSample(s)
}

// said takes what a sample said.
func (l *loader) said(line any, note func(any) error) error {
	switch line := line.(type) {
	case *textLine:
		text := []byte(line.Text)
		if line.Bytes != nil {
			text = line.Bytes
		}
		if !channels[line.Channel] || line.At < 0 {
			return l.wrong("text at %d of %q; a channel is thinking or content", line.At, line.Channel)
		}
		tokens, problem := placed(line.Tokens, string(text))
		if problem != "" {
			return l.wrong("%s", problem)
		}
		canonical := saidLine(store.Said{At: line.At, Channel: line.Channel, Text: text, Tokens: tokens})
		return errors.Join(l.in.Text(line.Channel, line.At, text, tokens), note(canonical))
	case *callLine:
		if len(line.Arguments) == 0 {
			line.Arguments = []byte("{}")
		}
		line.Type = "call"
		return errors.Join(l.in.Call(line.At, line.ToolCall), note(*line))
	case *resultLine:
		line.Type = "result"
		return errors.Join(l.in.Result(line.At, line.Result), note(*line))
	}
	return l.wrong("a sample has no end before the next one begins")
}

// placed are the tokens of a text at their places, or what is wrong with them.
func placed(tokens []tokenOfText, text string) (out []trace.Token, problem string) {
	at := 0
	for i, t := range tokens {
		if t.Gap < 0 || t.Gap > len(text)-at {
			return nil, fmt.Sprintf("token %d begins outside of its text", i+1)
		}
		at += t.Gap
		if n := t.Length; n > 0 && n <= len(text)-at {
			t.Text = text[at : at+n]
		}
		if !strings.HasPrefix(text[at:], t.Text) {
			return nil, fmt.Sprintf("token %d is %q, which is not what its text says there", i+1, t.Text)
		}
		out = append(out, trace.Token{Token: t.Token, Start: at})
		at += len(t.Text)
	}
	return out, ""
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
