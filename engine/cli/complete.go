package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reprise/engine/breakpoint"
	"reprise/engine/exchange"
	"reprise/engine/store"
	"reprise/engine/visible"
	"reprise/engine/vote"
	"reprise/programs/kinds"
)

// completionTime bounds what a shell waits for.
const completionTime = 2 * time.Second

func (a *app) completePrograms(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return append(a.namesToComplete(), a.versionsToComplete(typed)...), cobra.ShellCompDirectiveDefault
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

func (a *app) completeRuns(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.runsToComplete(typed), cobra.ShellCompDirectiveNoFileComp
}

// completeManyRuns completes each of several runs.
func (a *app) completeManyRuns(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return a.runsToComplete(typed), cobra.ShellCompDirectiveNoFileComp
}

// runsToComplete are the newest runs; behind a run and a colon, its samples.
func (a *app) runsToComplete(typed string) []string {
	if run, _, ok := strings.Cut(typed, ":"); ok {
		return a.samplesToComplete(run, run+":")
	}
	s, err := a.store()
	if err != nil {
		return nil
	}
	runs, err := s.Runs(store.Filter{Limit: 50})
	if err != nil {
		return nil
	}
	out := []string{"last\tthe newest run"}
	for _, r := range runs {
		out = append(out, r.ID+"\t"+atVersion(r)+": "+hint(r.Answer))
	}
	return out
}

// samplesToComplete are the samples of a run by their names, or else numbers.
func (a *app) samplesToComplete(run, before string) []string {
	s, err := a.store()
	if err != nil {
		return nil
	}
	r, err := runNamed(s, run)
	if err != nil {
		return nil
	}
	out := make([]string, len(r.Samples))
	for i, sample := range r.Samples {
		out[i] = before + cmp.Or(sample.Name, strconv.Itoa(sample.Number)) + "\t" + hint(cmp.Or(sample.Extracted.Value, sample.Answer))
	}
	return out
}

// versionsToComplete are the versions of the program before the @ that was typed.
func (a *app) versionsToComplete(typed string) []string {
	name, _, ok := splitVersion(typed)
	if !ok {
		return nil
	}
	s, err := a.store()
	if err != nil {
		return nil
	}
	program, _ := a.recordedName(name)
	versions, err := s.Versions(program)
	if err != nil {
		return nil
	}
	out := make([]string, len(versions))
	for i, v := range versions {
		out[i] = name + "@" + cmp.Or(v.Name, fmt.Sprintf("v%d", v.Ordinal))
	}
	return out
}

// hint is a text beside a completion.
func hint(text string) string { return clip(visible.Line(oneLine(text)), 40) }

// completeOperands completes what diff compares.
func (a *app) completeOperands(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return slices.Concat(a.namesToComplete(), a.versionsToComplete(typed), a.runsToComplete(typed)), cobra.ShellCompDirectiveDefault
}

// completeFlags adds completion for the flags of a command whose values are known.
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
	register("sample", func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.samplesToComplete(args[0], ""), cobra.ShellCompDirectiveNoFileComp
	})
	for flag, values := range fixed() {
		register(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// fixed are the values of flags that are always the same.
func fixed() map[string][]string {
	breaks := []string{"tool"}
	for _, kind := range breakpoint.Kinds() {
		breaks = append(breaks, "kind "+string(kind))
	}
	var forms []string
	for _, form := range exchange.Forms {
		forms = append(forms, string(form))
	}
	return map[string][]string{
		"think":    {"true", "false", "low", "medium", "high"},
		"vote":     {string(vote.Majority), string(vote.Weighted), string(vote.First)},
		"break":    append(breaks, kept),
		"add":      breaks,
		"remove":   breaks,
		"on-break": {askAtBreak, stopAtBreak, passBreak},
		"format":   forms,
		"kind":     kinds.Names(),
	}
}
