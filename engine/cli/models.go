package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reprise/engine/model"
)

// modelJSON is a model with its full name.
type modelJSON struct {
	FullName string `json:"full_name"`
	model.Info
}

func (a *app) modelsCommand() *cobra.Command {
	var json bool
	c := a.command("models", "list the models at hand", `List the models that the providers have, and what each can do.`,
		`  reprise models
  reprise models --json | jq -r '.[].full_name'`,
		func(ctx context.Context, _ []string) error { return a.models(ctx, json) })
	c.Args = noArguments
	c.Flags().BoolVar(&json, "json", false, "as a JSON list")
	return c
}

func (a *app) models(ctx context.Context, json bool) error {
	list, err := a.listModels(ctx)
	if err != nil && len(list) == 0 {
		return err
	}
	if err != nil {
		a.err.paintLine(warning, err.Error())
	}
	if json {
		if list == nil {
			list = []modelJSON{}
		}
		return a.jsonDocument(list)
	}
	if len(list) == 0 {
		a.err.line("no models yet; `reprise pull NAME` gets one, for example qwen3:4b")
		return nil
	}
	rows := make([][]string, len(list))
	for i, m := range list {
		loaded := ""
		if m.Loaded {
			loaded = "loaded"
		}
		rows[i] = []string{m.FullName, m.Parameters, m.Quantization, size(m.Size), loaded, can(m.Info)}
	}
	a.table([]string{"MODEL", "PARAMETERS", "FORMAT", "SIZE", "", "CAN"}, rows)
	return nil
}

// listModels gives the models of all providers. The error is of those that do
// not answer.
func (a *app) listModels(ctx context.Context) ([]modelJSON, error) {
	e, err := a.open()
	if err != nil {
		return nil, err
	}
	var out []modelJSON
	var errs []error
	for _, p := range e.Providers() {
		lister, ok := p.(model.Lister)
		if !ok {
			continue
		}
		infos, err := lister.Models(ctx)
		errs = append(errs, err)
		for _, info := range infos {
			out = append(out, modelJSON{p.Name() + "/" + info.Name, info})
		}
	}
	return out, errors.Join(errs...)
}

// can says what a model can do; with a question mark, what its server does not
// tell.
func can(m model.Info) string {
	out := abilities(m.Abilities)
	for _, name := range abilities(m.Unsure) {
		out = append(out, name+"?")
	}
	return strings.Join(out, ", ")
}

func abilities(a model.Abilities) []string {
	var out []string
	for _, x := range []struct {
		has  bool
		name string
	}{{a.Thinking, "thinking"}, {a.Tools, "tools"}, {a.Vision, "vision"}, {a.JSONSchema, "JSON schema"}, {a.Logprobs, "log-probabilities"}, {a.Embeddings, "embeddings"}} {
		if x.has {
			out = append(out, x.name)
		}
	}
	return out
}

// size writes bytes as people read them.
func size(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+999)/1000)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

func (a *app) pullCommand() *cobra.Command {
	c := a.command("pull MODEL", "download a model", `Download a model through its provider. An interrupted download goes on where it
stopped.`,
		`  reprise pull qwen3:4b`,
		func(ctx context.Context, args []string) error { return a.pull(ctx, args[0]) })
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fail(exitUsage, "which model? for example `reprise pull qwen3:4b`")
		}
		return nil
	}
	return c
}

func (a *app) pull(ctx context.Context, name string) error {
	e, err := a.open()
	if err != nil {
		return err
	}
	provider, within, err := e.Resolve(ctx, name)
	if err != nil {
		return err
	}
	puller, ok := provider.(model.Puller)
	if !ok {
		return fail(exitNoModel, "%s downloads no models", provider.Name())
	}
	last, shown := "", time.Time{}
	err = puller.Pull(ctx, within, func(p model.Progress) {
		if p.Status != last {
			last = p.Status
			if !a.err.terminal {
				a.err.line(p.Status)
			}
		}
		if time.Since(shown) > 100*time.Millisecond {
			shown = time.Now()
			a.err.status(progressLine(p))
		}
	})
	a.err.clearStatus()
	var failed *model.Error
	if errors.As(err, &failed) {
		return &failure{code: exitNoModel, err: err}
	}
	if err != nil {
		return err
	}
	a.err.line(within + " is here; `reprise run PROGRAM --model " + within + "` runs on it")
	return nil
}

func progressLine(p model.Progress) string {
	if p.Total <= 0 {
		return p.Status
	}
	const width = 24
	done := int(width * p.Completed / p.Total)
	return fmt.Sprintf("%s [%s%s] %d %% of %s", p.Status, strings.Repeat("=", done), strings.Repeat(" ", max(0, width-done)),
		100*p.Completed/p.Total, size(p.Total))
}
