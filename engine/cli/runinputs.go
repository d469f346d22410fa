package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"time"

	"reprise/engine"
	"reprise/engine/trace"
	"reprise/programs"
)

// batch runs a program on each line of a file.
func (a *app) batch(ctx context.Context, name string, fromStdin bool, f *runFlags) error {
	if fromStdin {
		return fail(exitUsage, "inputs come from --inputs or from the lone -, not from both")
	}
	p, place, err := a.loadProgram(name)
	if err != nil {
		return err
	}
	if err := shownFrom(place, p).Err(); err != nil {
		return err
	}
	lines, err := a.openLines(f.inputs)
	if err != nil {
		return err
	}
	defer lines.close()
	base, err := f.inputFlags.read(p, false, a.in)
	if err != nil {
		return err
	}
	template, err := f.jobOf(p, base)
	if err != nil {
		return err
	}
	if err := f.sampling(&template); err != nil {
		return err
	}
	total := 0
	for _, err := range lines.jobs(template) {
		if err != nil {
			return err
		}
		total++
	}
	if total == 0 {
		return fail(exitUsage, "%s has no line with an input", lines.name)
	}
	e, err := a.open()
	if err != nil {
		return err
	}
	w := &batchWriter{a: a, flags: f, total: total, began: time.Now()}
	if !f.quiet {
		a.diagnostics(p.Diagnostics)
	}
	w.progress()
	err = e.Batch(ctx, func(yield func(engine.Job) bool) {
		for job, err := range lines.jobs(template) {
			if err != nil || !yield(job) {
				return
			}
		}
	}, w.result)
	return w.end(naming(err, name))
}

// lines is a file of inputs, one JSON object a line, that can be read again.
type lines struct {
	name string
	file *os.File
	temp bool // the file is a copy of standard input
}

func (a *app) openLines(name string) (*lines, error) {
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fail(exitUsage, "read inputs: %v", err)
		}
		return &lines{name: name, file: file}, nil
	}
	file, err := os.CreateTemp("", "reprise-inputs-")
	if err != nil {
		return nil, fail(exitUsage, "read inputs: %v", err)
	}
	l := &lines{name: "standard input", file: file, temp: true}
	if _, err := io.Copy(file, a.in); err != nil {
		l.close()
		return nil, fail(exitUsage, "read inputs: %v", err)
	}
	return l, nil
}

func (l *lines) close() {
	l.file.Close()
	if l.temp {
		os.Remove(l.file.Name())
	}
}

// longestLine bounds a line of inputs, in bytes.
const longestLine = 16 << 20

// jobs makes a job of each line that is not empty; an error says which line is
// wrong, and ends them.
func (l *lines) jobs(of engine.Job) iter.Seq2[engine.Job, error] {
	return func(yield func(engine.Job, error) bool) {
		if _, err := l.file.Seek(0, io.SeekStart); err != nil {
			yield(of, fail(exitUsage, "read inputs: %v", err))
			return
		}
		scanner := bufio.NewScanner(l.file)
		scanner.Buffer(nil, longestLine)
		for n := 1; scanner.Scan(); n++ {
			line := bytes.TrimSpace(scanner.Bytes())
			if len(line) == 0 {
				continue
			}
			job, err := l.job(of, n, line)
			if !yield(job, err) || err != nil {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield(of, fail(exitUsage, "read inputs: %s: %v", l.name, err))
		}
	}
}

func (l *lines) job(of engine.Job, n int, line []byte) (engine.Job, error) {
	var input map[string]any
	if err := json.Unmarshal(line, &input); err != nil || input == nil {
		if err == nil {
			err = errors.New("it is null")
		}
		return of, fail(exitUsage, "%s:%d: not a JSON object: %v", l.name, n, err)
	}
	for name, value := range of.Data.Input {
		if _, ok := input[name]; !ok {
			input[name] = value
		}
	}
	if _, ds := of.Program.Input(input); ds.Err() != nil {
		return of, fail(exitUsage, "%s:%d: %v", l.name, n, ds.Errors())
	}
	of.Data = programs.Data{Input: input}
	return of, nil
}

// batchWriter writes results as they come, and how far it is.
type batchWriter struct {
	a            *app
	flags        *runFlags
	began        time.Time
	done, total  int
	failed       int
	replayed     int // runs of which nothing had to be generated
	samplesSaved int
}

// result writes a run that has ended. One that could not even start ends the
// batch.
func (w *batchWriter) result(run *engine.Run, err error) error {
	if err != nil {
		return err
	}
	r := run.Record()
	if r.Status.Phase == trace.Cancelled {
		return context.Canceled
	}
	w.done++
	w.samplesSaved += r.Saved()
	if r.Status.Phase == trace.Failed {
		w.failed++
	}
	if r.Replayed() {
		w.replayed++
	}
	w.a.err.clearStatus()
	w.a.jsonLine(batchResult{
		Line: w.done, Run: r.ID, Program: atVersion(r), Model: fullModel(r), Seed: r.Seed, Input: r.Input,
		statusJSON: statusToJSON(r.Status), Answer: r.Answer, Extracted: extracted(r), Tally: tally(r), Cached: r.Replayed(),
	})
	w.progress()
	return nil
}

// batchResult is a line of results.
type batchResult struct {
	Line    int            `json:"line"` // which of the inputs, from 1; empty lines do not count
	Run     string         `json:"run"`
	Program string         `json:"program"`
	Model   string         `json:"model"`
	Seed    int64          `json:"seed"`
	Input   map[string]any `json:"input"`
	statusJSON
	Answer    string     `json:"answer"`
	Extracted any        `json:"extracted,omitempty"`
	Tally     *tallyJSON `json:"tally,omitempty"`
	Cached    bool       `json:"cached,omitempty"` // nothing had to be generated
}

// progress shows how far the batch is, on a terminal.
func (w *batchWriter) progress() {
	const cells = 24
	filled := cells * w.done / w.total
	line := fmt.Sprintf("%s%s %d/%d", strings.Repeat("█", filled), strings.Repeat("░", cells-filled), w.done, w.total)
	if w.failed > 0 {
		line += fmt.Sprintf(" · %d failed", w.failed)
	}
	if took := time.Since(w.began); w.done > 0 && w.done < w.total {
		each := took / time.Duration(w.done)
		line += fmt.Sprintf(" · %.1f/s · %s left", 1/each.Seconds(), (each * time.Duration(w.total-w.done)).Round(time.Second))
	}
	w.a.err.status(line)
}

// end sums the batch up and gives its outcome.
func (w *batchWriter) end(err error) error {
	w.a.err.clearStatus()
	if !w.flags.quiet && w.done > 0 {
		line := fmt.Sprintf("%d of %d inputs in %s", w.done, w.total, short(time.Since(w.began)))
		if w.replayed > 0 {
			line += fmt.Sprintf(" · %d replayed", w.replayed)
		}
		if w.samplesSaved > 0 {
			line += fmt.Sprintf(" · %d samples saved by early decisions", w.samplesSaved)
		}
		w.a.err.paintLine(muted, line)
	}
	switch {
	case errors.Is(err, context.Canceled):
		w.a.err.paintLine(warning, "interrupted; the same command with --cached runs what is missing")
		return silent(exitInterrupted)
	case err != nil:
		return err
	case w.failed > 0:
		return fail(exitModelFailed, "%d of %d inputs failed; the same command with --cached runs them again", w.failed, w.total)
	}
	return nil
}
