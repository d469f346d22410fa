package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"reprise/programs"
	"reprise/programs/kinds"
	"reprise/programs/source"
)

type newFlags struct {
	kind    string
	yes     bool
	answers map[string]*[]string
	command *cobra.Command
}

func (a *app) newCommand() *cobra.Command {
	f := newFlags{answers: make(map[string]*[]string)}
	c := a.command("new NAME [flags]", "make a program of a kind", `Make a program of a kind, from the answers to a few questions. On a terminal they
are asked; Enter takes the answer in brackets. With --yes, or with any answer as
a flag, nothing is asked and the rest is taken as it stands there. No file is
overwritten. The kinds are:
`+kindsHelp(), `  reprise new solve
  reprise new --kind vote solve --samples 9
  reprise new --kind classify mail --input mail --labels "spam, urgent, other"
  reprise new --kind chain plan --second "Is ANSWER more than 100?"
  reprise new --kind tools prices --tool discounted
  reprise new --kind few-shot sums --shot "2+2 => 4" --shot "3+5 => 8"`,
		func(ctx context.Context, args []string) error { return a.makeNew(ctx, args[0], &f) })
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fail(exitUsage, "what is the program called? give one name, as in `reprise new --kind cot math/solve`")
		}
		return nil
	}
	f.command = c
	c.Flags().StringVarP(&f.kind, "kind", "k", "", "make a program of this `KIND`: "+strings.Join(kinds.Names(), ", "))
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "ask nothing")
	for _, kind := range kinds.All {
		for _, q := range kind.Questions {
			if f.answers[q.Name] == nil {
				f.answers[q.Name] = new([]string)
				c.Flags().StringArrayVar(f.answers[q.Name], q.Name, nil, fmt.Sprintf("`%s`: %s (as in %q)", strings.ToUpper(q.Name), strings.TrimSuffix(q.Ask, ":"), q.Example))
			}
		}
	}
	c.ValidArgsFunction = cobra.NoFileCompletions
	return c
}

func kindsHelp() string {
	var b strings.Builder
	for _, k := range kinds.All {
		fmt.Fprintf(&b, "  %-12s %s\n", k.Name, k.About)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (a *app) makeNew(ctx context.Context, typed string, f *newFlags) error {
	name, err := programs.FileName(typed)
	if err != nil {
		return fail(exitUsage, "%q: %v", typed, err)
	}
	file := filepath.Join(a.dir, filepath.FromSlash(name))
	if err := absent(file); err != nil {
		return err
	}
	given := kinds.Answers{}
	for name, answers := range f.answers {
		if f.command.Flags().Changed(name) {
			given[name] = *answers
		}
	}
	asks := !f.yes && len(given) == 0
	if stdin, ok := a.in.(*os.File); asks && (!ok || !term.IsTerminal(stdin.Fd())) {
		return fail(exitUsage, "there is no terminal to ask questions on; give --yes, or the answers as flags (see `reprise help new`)")
	}
	q := &questions{a: a, lines: bufio.NewReader(a.in), ended: "the answers ended; nothing was written"}
	kind, err := q.kind(ctx, f.kind, asks)
	if err != nil {
		return err
	}
	if asks {
		if err := q.ask(ctx, kind, given); err != nil {
			return err
		}
	}
	files, err := kind.Files(strings.TrimSuffix(name, programs.Extension), given)
	if err != nil {
		return fail(exitUsage, "%v", err)
	}
	if err := a.createAll(files); err != nil {
		return err
	}
	a.err.paintLine(muted, fmt.Sprintf("a program of the kind %s; run it with `reprise run %s`", kind.Name, strings.TrimSuffix(file, programs.Extension)))
	return nil
}

// createAll writes the files of a program, its own last: it needs the others.
func (a *app) createAll(files []kinds.File) error {
	for _, f := range files {
		if err := absent(filepath.Join(a.dir, filepath.FromSlash(f.Name))); err != nil {
			return err
		}
	}
	for i := len(files) - 1; i >= 0; i-- {
		path := filepath.Join(a.dir, filepath.FromSlash(files[i].Name))
		if err := create(path, files[i].Text); err != nil {
			return err
		}
		a.out.line(path)
	}
	return nil
}

// absent refuses a name that is taken.
func absent(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fail(exitUsage, "%s exists already; give another name", path)
	}
	return nil
}

// create writes a new file, with its folders. It overwrites nothing, and leaves
// nothing half written.
func create(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("create %s: %w", path, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// questions asks on the terminal.
type questions struct {
	a     *app
	lines *bufio.Reader
	ended string // what to say where there are no more answers
}

// kind is the kind of that name; where none is given it asks, or takes the
// plainest.
func (q *questions) kind(ctx context.Context, name string, asks bool) (kinds.Kind, error) {
	if name == "" && asks {
		for _, k := range kinds.All {
			q.a.err.line(fmt.Sprintf("  %-12s %s", k.Name, k.About))
		}
		answer, err := q.line(ctx, "Which kind?", kinds.All[0].Name, func(s string) error { _, err := kindNamed(s); return err })
		if err != nil {
			return kinds.Kind{}, err
		}
		name = answer
	}
	if name == "" {
		return kinds.All[0], nil
	}
	return kindNamed(name)
}

func kindNamed(name string) (kinds.Kind, error) {
	if k, ok := kinds.Named(name); ok {
		return k, nil
	}
	if near, ok := source.Closest(name, kinds.Names()); ok {
		return kinds.Kind{}, fail(exitUsage, "there is no kind %q; did you mean %q?", name, near)
	}
	return kinds.Kind{}, fail(exitUsage, "there is no kind %q; it is one of %s", name, strings.Join(kinds.Names(), ", "))
}

// ask asks for all that a kind is made of.
func (q *questions) ask(ctx context.Context, kind kinds.Kind, into kinds.Answers) error {
	for _, question := range kind.Questions {
		preset := question.Default
		if question.Many {
			preset = "two examples"
		}
		for {
			answer, err := q.line(ctx, question.Ask, preset, func(s string) error {
				if question.Many && (s == "" || s == preset) {
					return nil
				}
				return question.Check(s)
			})
			if err != nil {
				return err
			}
			if answer == preset || answer == "" {
				break // the kind has the default, or the last one was given
			}
			into[question.Name] = append(into[question.Name], answer)
			if !question.Many {
				break
			}
			preset = ""
		}
	}
	return nil
}

// line asks until an answer passes the check. An empty one is the preset.
func (q *questions) line(ctx context.Context, ask, preset string, check func(string) error) (string, error) {
	for {
		q.a.err.endLine()
		q.a.err.text(ask + " ")
		if preset != "" {
			q.a.err.paint(muted, "["+clip(oneLine(preset), 60)+"] ")
		}
		answer, err := q.read(ctx)
		if err != nil {
			return "", err
		}
		q.a.err.midLine = false // the person's Enter ended it
		if answer == "" {
			answer = preset
		}
		problem := check(answer)
		if problem == nil {
			return answer, nil
		}
		q.a.err.paintLine(warning, problem.Error())
	}
}

// read gives the next line, unless the person breaks off.
func (q *questions) read(ctx context.Context) (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	go func() {
		text, err := q.lines.ReadString('\n')
		got <- line{strings.TrimSpace(text), err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-got:
		if errors.Is(l.err, io.EOF) {
			return "", fail(exitInterrupted, "%s", q.ended)
		}
		return l.text, l.err
	}
}
