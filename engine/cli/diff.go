package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"reprise/engine/compare"
	"reprise/engine/model"
	"reprise/programs"
)

type diffFlags struct {
	sideBySide, stat, words, thinking, steps, json bool
	context, width                                 int
}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	c := a.command("diff A [B]", "compare programs, versions, git revisions or runs", `Compare two of these:
  solve                the program as it is on disk
  solve@v3             a recorded version, by number, name or hash
  solve@HEAD~2         the program in a git revision
  last, last~1, 3k2f…  a run: its version's program, its inputs and its answer
  last:2, 3k2f:NAME    a sample of a run: what it said, step by step

With A alone, a version, or the newest one, is compared with the text on disk.
Programs are compared with the partials they use; two runs with their answers too.
Samples, and with --steps the chosen ones of two runs, are aligned step by step; a
fork alone is compared with the sample that it left. Ends with code 0 where nothing
differs and 1 where something does.

Lines are marked - and +; differing words by colour, or as [-old-] {+new+} where
there is no colour or --words asks for it. Piped, the lines are exact.

With --json samples give one object: left and right (run, sample, name), same,
shared (steps), changed, only_left, only_right, diverges (the first row that
differs) and steps, rows of op (equal, changed, left, right) with left and right:
step, channel, kind, text, and differs, byte ranges of the text.`,
		`  reprise diff solve
  reprise diff solve@v1 solve@v3 --side-by-side
  reprise diff solve@HEAD~2 solve
  reprise diff last~1 last
  reprise diff last:1 last:3
  reprise diff --steps last~1 last --json`,
		func(ctx context.Context, args []string) error { return a.diff(ctx, args, f) })
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 && len(args) != 2 {
			return fail(exitUsage, "what is compared with what? give two of programs, versions and runs; see `reprise diff --help`")
		}
		return nil
	}
	c.Flags().BoolVarP(&f.sideBySide, "side-by-side", "y", false, "in two columns")
	c.Flags().BoolVar(&f.stat, "stat", false, "only how many lines differ")
	c.Flags().BoolVar(&f.words, "words", false, "mark differing words as [-old-] {+new+}")
	c.Flags().BoolVar(&f.thinking, "thinking", false, "compare the thinking of runs too")
	c.Flags().BoolVar(&f.steps, "steps", false, "compare what runs said, step by step")
	c.Flags().BoolVar(&f.json, "json", false, "the steps of samples as one JSON object")
	c.Flags().IntVarP(&f.context, "context", "U", 3, "`N` lines of context")
	c.Flags().IntVar(&f.width, "width", 0, "`CELLS` for two columns (default: the terminal's, else 130)")
	c.MarkFlagsMutuallyExclusive("side-by-side", "stat", "json")
	c.ValidArgsFunction = a.completeOperands
	return c
}

func (a *app) diff(ctx context.Context, args []string, f diffFlags) error {
	if f.context < 0 || f.width < 0 {
		return fail(exitUsage, "--context and --width cannot be below 0")
	}
	if f.steps || slices.ContainsFunc(args, a.isSample) {
		return a.diffTraces(args, f)
	}
	if f.json {
		return fail(exitUsage, "--json writes how samples differ; name two, as in last:1 last:2, or give --steps")
	}
	if len(args) == 1 {
		var err error
		if args, err = a.withOnDisk(args[0]); err != nil {
			return err
		}
	}
	left, err := a.operand(ctx, args[0])
	if err != nil {
		return err
	}
	right, err := a.operand(ctx, args[1])
	if err != nil {
		return err
	}
	w := &diffWriter{out: a.out, flags: f, left: left.label, right: right.label}
	w.brackets = f.words || a.out.terminal && !a.out.colour
	for _, s := range sections(left, right, f.thinking) {
		w.section(s)
	}
	if w.capped != "" {
		a.err.paintLine(warning, "not all was compared: "+w.capped)
	}
	if !w.differs {
		return nil
	}
	return silent(exitFound)
}

// withOnDisk is what diff compares when only one operand is given: a version,
// or the newest one, with the text on disk.
func (a *app) withOnDisk(operand string) ([]string, error) {
	name, _, isVersion := splitVersion(operand)
	if _, err := a.find(name); err != nil {
		if _, _, runErr := a.recorded(operand, 0); runErr == nil {
			return nil, fail(exitUsage, "with what is run %s compared? give a second run, for example last", operand)
		}
		return nil, err
	}
	if !isVersion {
		s, err := a.store()
		if err != nil {
			return nil, err
		}
		program, _ := a.recordedName(name)
		if _, err := s.FindVersion(program, "latest"); err != nil {
			return nil, err
		}
		operand = name + "@latest"
	}
	return []string{operand, name}, nil
}

// section is a pair of texts to compare.
type section struct {
	title           string
	left, right     string
	inLeft, inRight bool
}

// sections pairs the files of two closures and what the runs said.
func sections(left, right side, thinking bool) []section {
	var out []section
	for _, path := range closurePaths(left.closure, right.closure) {
		l, inLeft := textOf(left.closure, path)
		r, inRight := textOf(right.closure, path)
		out = append(out, section{title: path, left: l, right: r, inLeft: inLeft, inRight: inRight})
	}
	if left.run == nil || right.run == nil {
		return out
	}
	out = append(out, section{title: "run", left: facts(left), right: facts(right), inLeft: true, inRight: true})
	if thinking {
		out = append(out, section{title: "thinking", left: left.said(model.Thinking), right: right.said(model.Thinking), inLeft: true, inRight: true})
	}
	return append(out, section{title: "answer", left: left.said(model.Content), right: right.said(model.Content), inLeft: true, inRight: true})
}

// closurePaths lists the files of both closures, the program first.
func closurePaths(a, b programs.Closure) []string {
	var out []string
	for _, f := range slices.Concat(a, b) {
		if !slices.Contains(out, f.Path) {
			out = append(out, f.Path)
		}
	}
	slices.SortStableFunc(out, func(x, y string) int {
		if (x == mainFile) != (y == mainFile) {
			if x == mainFile {
				return -1
			}
			return 1
		}
		return strings.Compare(x, y)
	})
	return out
}

// mainFile is the program itself in its closure.
const mainFile = "main.prompt"

func textOf(c programs.Closure, path string) (string, bool) {
	for _, f := range c {
		if f.Path == path {
			return f.Text, true
		}
	}
	return "", false
}

// facts are what a run was given besides its program.
func facts(s side) string {
	r := s.run
	var b strings.Builder
	fmt.Fprintf(&b, "model: %s\nseed: %d\n", fullModel(*r), r.Seed)
	if r.Think != "" {
		fmt.Fprintf(&b, "think: %s\n", r.Think)
	}
	if len(r.Input) > 0 {
		b.WriteString(inputText(r.Input) + "\n")
	}
	return b.String()
}

// diffWriter writes comparisons.
type diffWriter struct {
	out         *stream
	flags       diffFlags
	left, right string // labels
	brackets    bool
	differs     bool
	capped      string
}

func (w *diffWriter) section(s section) {
	r := compare.Texts(s.left, s.right)
	if r.Capped != "" {
		w.capped = s.title + ": " + r.Capped
	}
	if r.Same() && s.inLeft == s.inRight {
		return
	}
	w.differs = true
	left, right := w.names(s)
	switch {
	case w.flags.stat:
		w.stat(s, r)
	case w.flags.sideBySide:
		w.sideBySide(left, right, r)
	default:
		w.unified(left, right, r)
	}
}

func (w *diffWriter) names(s section) (left, right string) {
	left, right = w.left, w.right
	if s.title != mainFile {
		left, right = left+": "+s.title, right+": "+s.title
	}
	if !s.inLeft {
		left = "/dev/null"
	}
	if !s.inRight {
		right = "/dev/null"
	}
	return left, right
}

func (w *diffWriter) stat(s section, r compare.Result) {
	w.out.text(fmt.Sprintf("%-24s ", s.title))
	w.out.paint(plain, fmt.Sprintf("~%d ", r.Changed))
	w.out.paint(added, fmt.Sprintf("+%d ", r.Inserted))
	w.out.paintLine(removed, fmt.Sprintf("-%d", r.Deleted))
}
