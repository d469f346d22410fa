package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"reprise/engine/store"
	"reprise/engine/trace"
)

func sampleFlag(c *cobra.Command, sample *string, does string) {
	c.Flags().StringVar(sample, "sample", "", does+" sample `N`, by its number or name; without it the chosen one")
}

// sampled gives a run, named as for recorded or as RUN:SAMPLE, with one of its
// samples, by number or name, and its trace. Without a name, or by 0, it is the
// chosen one.
func (a *app) sampled(id, name string) (store.Run, store.Sample, *trace.Trace, error) {
	if of, part, ok := strings.Cut(id, ":"); ok && name == "" {
		id, name = of, part
	}
	s, err := a.store()
	if err != nil {
		return store.Run{}, store.Sample{}, nil, err
	}
	r, err := runNamed(s, id)
	if err != nil {
		return r, store.Sample{}, nil, err
	}
	sample, ok := r.Named(name)
	if name == "" || name == "0" {
		sample, ok = r.Sample(r.Chosen)
	}
	if !ok {
		return r, sample, nil, fail(exitUsage, "run %s has %s, none called %q; `reprise trace %s --tree` shows them", r.ID, count(len(r.Samples), "sample"), name, id)
	}
	t, err := s.Trace(r.ID, sample.Number)
	return r, sample, t, err
}

// annotate gives samples the names and notes that the flags say.
func (a *app) annotate(id string, f *traceFlags) error {
	for _, flag := range []struct {
		name   string
		values []string
		change func(*store.Store, string, int, string) error
	}{{"--name", f.names, (*store.Store).NameSample}, {"--note", f.notes, (*store.Store).NoteSample}} {
		for _, value := range flag.values {
			sample, text, ok := strings.Cut(value, "=")
			if !ok || sample == "" {
				return fail(exitUsage, "%s %s: give it as SAMPLE=%s", flag.name, value, map[string]string{"--name": "NAME", "--note": "TEXT"}[flag.name])
			}
			r, of, _, err := a.sampled(id, sample)
			if err != nil {
				return err
			}
			if flag.name == "--name" {
				if err := r.Free(text, of.Number); err != nil {
					return fail(exitUsage, "--name %v", err)
				}
			}
			s, err := a.store()
			if err != nil {
				return err
			}
			if err := flag.change(s, r.ID, of.Number, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// tree writes the samples of a run, forks below what they left.
func (a *app) tree(r store.Run, at int, json bool) error {
	if json {
		return a.treeJSON(r)
	}
	a.out.paintLine(strong, runLine(r))
	if r.Plan.Max > 1 {
		a.out.line(tallyLine(r.Tally))
	}
	return a.branches(r, at, true)
}

// mostRails is how many levels of a tree are drawn.
const mostRails = 20

// branches writes a line for each sample, with the one at at marked and those that
// gave the answer of the vote; whole: with seeds and notes.
func (a *app) branches(r store.Run, at int, whole bool) error {
	parents, err := a.parents(r)
	if err != nil {
		return err
	}
	for _, b := range r.Tree() {
		mark := "  "
		if b.Number == at {
			mark = "▸ "
		}
		line := sampleLine(b.Sample)
		if r.Won(b.Sample) {
			line += " · won"
		}
		if b.Fork.Parent > 0 {
			line += " · " + forkText(b.Fork, parents[b.Fork.Parent])
		}
		if whole {
			line += fmt.Sprintf(" · seed %d", b.Seed)
		}
		a.out.paintLine(muted, mark+b.Rails(mostRails)+line)
		if whole && b.Note != "" {
			a.out.line(strings.Repeat("  ", 2+min(len(b.More), mostRails)) + "“" + oneLine(b.Note) + "”")
		}
	}
	return nil
}

// parents are the traces that forks of a run left.
func (a *app) parents(r store.Run) (map[int]*trace.Trace, error) {
	var numbers []int
	for _, s := range r.Samples {
		if s.Fork.Parent > 0 {
			numbers = append(numbers, s.Fork.Parent)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	s, err := a.store()
	if err != nil {
		return nil, err
	}
	return s.Traces(r.ID, numbers...)
}

// forkText says where a fork left its parent, and what it did there.
func forkText(f store.Fork, parent *trace.Trace) string {
	out := fmt.Sprintf("left %d behind its %s", f.Parent, f.Channel)
	if step, number, ok := stepAt(f, parent); ok {
		out = fmt.Sprintf("left %d at step %d “%s”", f.Parent, number, clip(oneLine(parent.StepText(step)), 40))
	}
	verb, text := f.Deed()
	if text = oneLine(text); text != "" {
		verb += " “" + clip(text, 40) + "”"
	}
	return out + ", " + verb
}

func stepAt(f store.Fork, parent *trace.Trace) (trace.Step, int, bool) {
	if parent == nil {
		return trace.Step{}, 0, false
	}
	return parent.At(f.Channel, f.Offset)
}

// branchJSON is a sample as trace --tree --json writes it.
type branchJSON struct {
	sampleJSON
	Step  int    `json:"step,omitempty"` // of its parent, at which it left; 0: behind the last
	Text  string `json:"text,omitempty"` // of that step
	Won   bool   `json:"won,omitempty"`  // the vote chose its answer
	Model string `json:"model"`
}

func (a *app) treeJSON(r store.Run) error {
	parents, err := a.parents(r)
	if err != nil {
		return err
	}
	for _, b := range r.Tree() {
		out := branchJSON{sampleJSON: sampleToJSON(b.Sample), Won: r.Won(b.Sample), Model: fullModel(r)}
		if step, number, ok := stepAt(b.Fork, parents[b.Fork.Parent]); ok {
			out.Step, out.Text = number, parents[b.Fork.Parent].StepText(step)
		}
		a.jsonLine(out)
	}
	return nil
}
