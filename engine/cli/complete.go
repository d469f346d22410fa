package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"reprise/engine/store"
	"reprise/engine/visible"
)

// completionTime bounds what a shell waits for.
const completionTime = 2 * time.Second

func (a *app) completePrograms(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.namesToComplete(), cobra.ShellCompDirectiveDefault
}

func (a *app) namesToComplete() []string {
	workspace, err := a.workspace()
	if err != nil {
		return nil
	}
	return a.programNames(workspace)
}

func (a *app) completeFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"prompt"}, cobra.ShellCompDirectiveFilterFileExt
}

func (a *app) completeRuns(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return append([]string{"last\tthe newest run"}, a.runsToComplete()...), cobra.ShellCompDirectiveNoFileComp
}

func (a *app) runsToComplete() []string {
	s, err := a.store()
	if err != nil {
		return nil
	}
	runs, err := s.Runs(store.Filter{Limit: 50})
	if err != nil {
		return nil
	}
	out := make([]string, len(runs))
	for i, r := range runs {
		out[i] = r.ID + "\t" + atVersion(r) + ": " + clip(visible.Line(oneLine(r.Answer)), 40)
	}
	return out
}

// completeOperands completes what diff compares.
func (a *app) completeOperands(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return append(a.namesToComplete(), a.runsToComplete()...), cobra.ShellCompDirectiveDefault
}

// completeFlags adds completion for the flags that name models and programs.
func (a *app) completeFlags(c *cobra.Command) {
	register := func(flag string, f cobra.CompletionFunc) {
		if c.Flags().Lookup(flag) != nil {
			_ = c.RegisterFlagCompletionFunc(flag, f) // fails only for a flag that does not exist
		}
	}
	register("model", func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(c.Context(), completionTime)
		defer cancel()
		models, _ := a.listModels(ctx)
		var out []string
		for _, m := range models {
			out = append(out, m.Name, m.FullName)
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
	register("program", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.namesToComplete(), cobra.ShellCompDirectiveNoFileComp
	})
	register("think", cobra.FixedCompletions([]string{"true", "false", "low", "medium", "high"}, cobra.ShellCompDirectiveNoFileComp))
}
