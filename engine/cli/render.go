package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"reprise/programs/template"
)

type renderFlags struct {
	programFlags
	json, raw bool
}

func (a *app) renderCommand() *cobra.Command {
	var f renderFlags
	c := a.programCommand("render PROGRAM [-] [flags]", "show the messages that a program makes", `Render a program and show the messages that the model would get, without
running it. Inputs that came from defaults, and text of an input that was broken
up because the model would have obeyed it, are told on standard error.

`+inputHelp,
		`  reprise render solve -i question="What is 12 times 7?"
  reprise render solve --json
  reprise render solve --raw --model qwen3:4b`,
		&f.programFlags, func(ctx context.Context, name string, fromStdin bool) error {
			return a.render(ctx, name, fromStdin, &f)
		})
	c.Flags().BoolVar(&f.json, "json", false, "the messages as JSON, with the origin of each byte")
	c.Flags().BoolVar(&f.raw, "raw", false, "the exact text that the model reads, after its chat template")
	c.MarkFlagsMutuallyExclusive("json", "raw")
	return c
}

func (a *app) render(ctx context.Context, name string, fromStdin bool, f *renderFlags) error {
	job, err := a.job(name, fromStdin, &f.programFlags)
	if err != nil {
		return err
	}
	e, err := a.open()
	if err != nil {
		return err
	}
	if f.raw {
		text, err := e.RenderPrompt(ctx, job)
		if err != nil {
			return err
		}
		a.out.text(text)
		if a.out.terminal {
			a.out.endLine()
		}
		return nil
	}
	preview, err := e.Preview(ctx, job)
	if err != nil {
		return err
	}
	if err := preview.Diagnostics.Err(); err != nil {
		return err
	}
	a.diagnostics(job.Program.Diagnostics)
	a.diagnostics(preview.Diagnostics)
	if preview.Note != "" {
		a.err.paintLine(muted, preview.Note)
	}
	for _, field := range job.Program.Inputs() {
		if _, given := job.Data.Input[field.Name]; !given && field.HasDefault {
			a.err.paintLine(muted, fmt.Sprintf("input %q has its default: %s", field.Name, clip(oneLine(fmt.Sprint(field.Default)), 60)))
		}
	}
	a.neutralised(preview.Messages)
	if f.json {
		return a.jsonDocument(preview.Messages)
	}
	a.messages(preview.Messages)
	return nil
}

// neutralised tells where control tokens of the model stood in inputs.
func (a *app) neutralised(messages []template.Message) {
	for i, m := range messages {
		for _, part := range m.Content {
			for _, o := range part.Origins {
				if o.Kind == template.FromNeutralised {
					from := "an input"
					if o.Input != "" {
						from = fmt.Sprintf("input %q", o.Input)
					}
					a.err.paintLine(warning, fmt.Sprintf("message %d (%s): %s holds the model's control token %q, sent as %q",
						i+1, m.Role, from, o.Was, sentAs(part.Text, o)))
				}
			}
		}
	}
}

// sentAs is a control token of an input with what was put into it.
func sentAs(text string, o template.Origin) string {
	for first := 1; first < len(o.Was) && first <= o.Start; first++ {
		end := o.End + len(o.Was) - first
		if end <= len(text) && text[o.Start-first:o.Start]+text[o.End:end] == o.Was {
			return text[o.Start-first : end]
		}
	}
	return text[o.Start:o.End] // it overlaps another one
}
