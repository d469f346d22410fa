package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"reprise/engine/exchange"
	"reprise/engine/store"
)

func (a *app) importCommand() *cobra.Command {
	var json bool
	c := a.command("import FILE...", "take up runs that were recorded elsewhere", `Take runs from files, so that they can be shown, stepped, compared and voted
on. No model is asked. What a file holds is found out by looking at it:

  Reprise traces           what reprise export writes, without loss
  OpenAI chat completions  a response, a list, or one a line; with reasoning or
                           reasoning_content, tool calls, log-probabilities; several
                           choices are the samples of one run
  OpenAI batch output      lines with custom_id and response
  Ollama                   answers of /api/chat and /api/generate, streamed or not
  promptfoo                results files (version 3), and its lines
  requests with responses  lines with request and response in one of these forms
  prompts with outputs     lines with prompt, messages or input, and output, response
                           or completion; beside them reasoning or thinking, model
  conversations            lines with messages that end with what the model said
  text, Markdown           what a model said, and nothing else

Thinking between <think> and </think> is told apart. What the file tells of the
prompt becomes a program, imported/FILE, that renders to it: reprise restore brings
it to the workspace. A run is here once, however often it is imported. Of a file
that is wrong nothing is taken. - is standard input.`,
		`  reprise import traces.jsonl
  reprise import batch_output.jsonl results.json
  curl -s localhost:11434/api/chat -d @request.json | reprise import -`,
		func(ctx context.Context, args []string) error { return a.importFiles(ctx, args, json) })
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fail(exitUsage, "which file? `reprise help import` tells what can be read")
		}
		return nil
	}
	c.Flags().BoolVar(&json, "json", false, "one JSON object a file")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault // files
	}
	return c
}

// mostNamed is how many runs of a file are shown one by one.
const mostNamed = 20

func (a *app) importFiles(ctx context.Context, files []string, json bool) error {
	s, err := a.store()
	if err != nil {
		return err
	}
	for _, name := range files {
		got, err := a.importFile(ctx, s, name)
		a.err.clearStatus()
		if err != nil {
			return usageOf(err)
		}
		if json {
			a.jsonLine(struct {
				File  string   `json:"file"`
				Form  string   `json:"form"`
				Runs  []string `json:"runs"`
				Known int      `json:"known,omitempty"` // were here before
			}{name, got.Form, append([]string{}, got.Runs...), got.Known})
			continue
		}
		text := fmt.Sprintf("%s: %s imported (%s)", name, count(len(got.Runs), "run"), got.Form)
		if got.Known > 0 {
			text += fmt.Sprintf(", %d here already", got.Known)
		}
		a.err.line(text)
		for _, id := range got.Runs[:min(len(got.Runs), mostNamed)] {
			r, err := s.Recorded(id)
			if err != nil {
				return err
			}
			a.out.line(runLine(r))
		}
		if n := len(got.Runs) - mostNamed; n > 0 {
			a.out.line(fmt.Sprintf("and %d more; `reprise runs` lists them", n))
		}
	}
	return nil
}

func (a *app) importFile(ctx context.Context, s *store.Store, name string) (exchange.Imported, error) {
	if name == "-" {
		return exchange.Import(ctx, s, "stdin", a.in)
	}
	return exchange.ImportFile(ctx, s, name, func(percent int) {
		a.err.status(fmt.Sprintf("importing %s · %d %%", name, percent))
	})
}
