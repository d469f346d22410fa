package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs/answer"
	"reprise/programs/template"
)

func (a *app) showCommand() *cobra.Command {
	var json, onlyAnswer bool
	var sample string
	c := a.command("show RUN", "show a recorded run", `Show a recorded run: its inputs, the messages, the thinking, the answer and the
statistics. RUN is its name or the beginning of it, "last", or "last~1" for the
one before. Of a run with several samples the one whose answer was chosen is
shown; --sample shows another. Of a composed run its parts are listed, each a run
of its own.`,
		`  reprise show last
  reprise show last --answer
  reprise show last --sample 3
  reprise show 3k2f --json`,
		func(_ context.Context, args []string) error { return a.show(args[0], sample, json, onlyAnswer) })
	c.Args = oneRun
	c.Flags().BoolVar(&json, "json", false, "everything as one JSON object")
	c.Flags().BoolVar(&onlyAnswer, "answer", false, "the answer alone")
	sampleFlag(c, &sample, "show")
	c.MarkFlagsMutuallyExclusive("json", "answer")
	c.ValidArgsFunction = a.completeRuns
	return c
}

func (a *app) show(id, sample string, json, onlyAnswer bool) error {
	r, of, t, err := a.sampled(id, sample)
	if err != nil {
		return err
	}
	if of.Number != r.Chosen {
		r.Extracted = of.Extracted
	}
	switch {
	case json:
		return a.jsonDocument(struct {
			runJSON
			statusJSON
			Thinking  string         `json:"thinking,omitempty"`
			Answer    string         `json:"answer"`
			Extracted *answer.Answer `json:"extracted,omitempty"`
			Tally     *tallyJSON     `json:"tally,omitempty"`
			Samples   []sampleJSON   `json:"samples,omitempty"`
			PartOf    *ofJSON        `json:"part_of,omitempty"`
			Let       map[string]any `json:"let,omitempty"`
			Parts     []partJSON     `json:"parts,omitempty"`
			Calls     []callJSON     `json:"calls,omitempty"`
			Steps     []stepJSON     `json:"steps"`
		}{runToJSON(r), statusToJSON(r.Status), t.Text(model.Thinking, 0), t.Text(model.Content, 0), extracted(r), tally(r), samplesToJSON(r), ofToJSON(r), r.Let, partsToJSON(r.Parts), callsToJSON(t.Calls(0)), stepsToJSON(t)})
	case onlyAnswer:
		a.out.text(t.Answer(r.Extracted.Repaired))
		if a.out.terminal {
			a.out.endLine()
		}
		return nil
	}
	return a.showRun(r, of, t)
}

// samplesToJSON are the samples of a run that has several or a named one, without what each
// says beyond its opening; show --sample has that.
func samplesToJSON(r store.Run) []sampleJSON {
	if len(r.Samples) <= 1 && r.Samples[0].Name+r.Samples[0].Note == "" {
		return nil
	}
	out := make([]sampleJSON, len(r.Samples))
	for i, s := range r.Samples {
		out[i] = sampleToJSON(s)
	}
	return out
}

// recorded gives a run by its name, a beginning of it, or last, with the trace
// of one of its samples; 0 is the chosen one.
func (a *app) recorded(id string, sample int) (store.Run, *trace.Trace, error) {
	s, err := a.store()
	if err != nil {
		return store.Run{}, nil, err
	}
	r, err := runNamed(s, id)
	if err != nil {
		return r, nil, err
	}
	t, err := s.Trace(r.ID, sample)
	return r, t, err
}

// runNamed is the store's Run, and the run n before the newest as last~n.
func runNamed(s *store.Store, id string) (store.Run, error) {
	back, ok := strings.CutPrefix(id, "last~")
	n, err := strconv.Atoi(back)
	if !ok || err != nil || n < 0 {
		r, err := s.Run(id)
		if errors.Is(err, store.ErrNotFound) && id != "last" {
			err = &failure{exitUsage, fmt.Sprintf("there is no run %q; `reprise runs` lists them", id), store.ErrNotFound}
		}
		return r, err
	}
	runs, err := s.Runs(store.Filter{Limit: n + 1})
	if err != nil {
		return store.Run{}, err
	}
	if len(runs) <= n {
		return store.Run{}, fail(exitUsage, "%s: there are only %s", id, count(len(runs), "run"))
	}
	return s.Run(runs[n].ID)
}

type stepJSON struct {
	Channel model.Channel `json:"channel"`
	Start   int           `json:"start"` // bytes of the channel's text
	End     int           `json:"end"`
	Kind    trace.Kind    `json:"kind"`
	Call    int           `json:"call,omitempty"` // of a tool call: its number, from 1
}

func stepsToJSON(t *trace.Trace) []stepJSON {
	steps := t.Steps(0)
	out := make([]stepJSON, len(steps))
	for i, s := range steps {
		out[i] = stepJSON(s)
	}
	return out
}

func (a *app) showRun(r store.Run, of store.Sample, t *trace.Trace) error {
	a.out.paintLine(strong, runLine(r))
	server := strings.TrimSpace(r.Provider + " " + r.ServerVersion)
	if at := cmp.Or(r.Status.Stats.Endpoint, r.Endpoint); at != "" {
		server += " at " + at
	}
	a.out.paintLine(muted, fmt.Sprintf("started %s, took %s; version %s, server %s",
		when(r.Status.Started), short(r.Status.Elapsed), firstOf(r.Version.Hash, 12), server))
	if len(r.Input) > 0 {
		a.heading("inputs")
		a.out.line(inputText(r.Input))
	}
	if r.Of.Run != "" {
		a.out.paintLine(muted, fmt.Sprintf("part of run %s, as %s", r.Of.Run, partName(r.Of)))
	}
	a.showParts(r)
	a.messages(r.Messages)
	if len(r.Samples) > 1 || r.Plan.Max > 1 {
		a.heading("samples")
		if r.Plan.Max > 1 {
			a.out.line(tallyLine(r.Tally))
		}
		if err := a.branches(r, of.Number, false); err != nil {
			return err
		}
	}
	if of.Note != "" {
		a.heading("note on " + sampleTitle(of))
		a.out.line(of.Note)
	}
	if thinking := t.Text(model.Thinking, 0); thinking != "" {
		a.heading("thinking")
		a.out.paintLine(muted, strings.TrimSpace(thinking))
	}
	from := 0
	for _, call := range t.Calls(0) {
		if text := strings.TrimSpace(t.Slice(model.Content, from, call.At.Content)); text != "" {
			a.heading("before a call")
			a.out.line(text)
		}
		from = call.At.Content
		a.heading("tool call")
		a.out.line(call.String())
		a.callOutcome(a.out, call)
	}
	a.showContent(t.Text(model.Content, from), r.Extracted.Repaired.Behind(from))
	if r.Status.Err != "" {
		a.heading(string(r.Status.Phase))
		a.out.paintLine(danger, r.Status.Err)
	}
	return nil
}

// showContent writes what a model answered, both attempts where there were two.
func (a *app) showContent(content string, repair *answer.Repair) {
	final := repair.Final(content)
	if repair != nil {
		a.heading("first attempt")
		a.out.line(strings.TrimRight(strings.TrimSuffix(content, final), "\n"))
		a.out.paintLine(warning, "it does not validate: "+repair.Problem)
	}
	if final != "" {
		a.heading("answer")
		a.out.line(final)
	}
}

func (a *app) heading(title string) {
	a.out.endLine()
	if a.out.written {
		a.out.raw("\n")
	}
	a.out.paintLine(strong, "── "+title+" ──")
}

// messages writes a prompt with its roles.
func (a *app) messages(messages []template.Message) {
	for _, m := range messages {
		a.heading(string(m.Role))
		for _, part := range m.Content {
			switch {
			case part.Media != nil:
				a.out.paint(muted, "["+mediaText(part.Media)+"]")
			default:
				a.out.text(part.Text)
			}
		}
		a.out.endLine()
	}
}

// mediaText names a medium; a data URL is too long to show.
func mediaText(m *template.Media) string {
	url := m.URL
	if strings.HasPrefix(url, "data:") {
		head, data, _ := strings.Cut(url, ",")
		url = fmt.Sprintf("%s, %d bytes encoded", head, len(data))
	}
	return strings.TrimSpace("media " + m.ContentType + " " + url)
}

// inputText writes inputs as YAML.
func inputText(input map[string]any) string {
	names := make([]string, 0, len(input))
	for name := range input {
		names = append(names, name)
	}
	sort.Strings(names)
	items := make(yaml.MapSlice, len(names))
	for i, name := range names {
		items[i] = yaml.MapItem{Key: name, Value: input[name]}
	}
	data, err := yaml.MarshalWithOptions(items, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return fmt.Sprint(input)
	}
	return strings.TrimSuffix(string(data), "\n")
}

func firstOf(s string, n int) string { return s[:min(n, len(s))] }
