package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"reprise/engine/store"
	"reprise/programs/answer"
)

func (a *app) runsCommand() *cobra.Command {
	var filter store.Filter
	var json bool
	c := a.command("runs [flags]", "list the runs, newest first", `List the recorded runs of the workspace, newest first. Runs that are parts of
others are listed by reprise show of those.`,
		`  reprise runs
  reprise runs --program solve --limit 5
  reprise runs --json | jq .run`,
		func(context.Context, []string) error { return a.runs(filter, json) })
	c.Args = noArguments
	c.Flags().StringVarP(&filter.Program, "program", "p", "", "only runs of `PROGRAM`")
	c.Flags().IntVarP(&filter.Limit, "limit", "n", 20, "at most `N` runs; 0 lists all")
	c.Flags().BoolVar(&json, "json", false, "one JSON object a line")
	return c
}

func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fail(exitUsage, "%q is left over; see `%s --help`", args[0], c.CommandPath())
	}
	return nil
}

func (a *app) runs(filter store.Filter, json bool) error {
	s, err := a.store()
	if err != nil {
		return err
	}
	if filter.Limit < 0 {
		return fail(exitUsage, "--limit %d: it cannot be below 0", filter.Limit)
	}
	if filter.Program != "" {
		filter.Program, _ = a.recordedName(filter.Program)
	}
	runs, err := s.Runs(filter)
	if err != nil {
		return err
	}
	if json {
		a.runsJSON(runs)
		return nil
	}
	if len(runs) == 0 {
		if filter.Program != "" {
			a.err.line("no runs of " + filter.Program)
		} else {
			a.err.line("no runs yet; `reprise run PROGRAM` makes one")
		}
		return nil
	}
	rows := make([][]string, len(runs))
	for i, r := range runs {
		rate := ""
		if v := speed(r.Status); v > 0 {
			rate = fmt.Sprintf("%.1f", v)
		}
		state := string(r.Status.Phase)
		if r.Replayed() {
			state += ", replayed"
		}
		if r.Imported() {
			state += ", imported"
		}
		if n := r.PartCount; n > 0 {
			state += ", " + count(n, "part")
		}
		rows[i] = []string{r.ID, when(r.Status.Started), atVersion(r), fullModel(r), state, rate, clip(oneLine(cmp.Or(r.Extracted.Value, r.Answer)), 60)}
	}
	a.table([]string{"RUN", "WHEN", "PROGRAM", "MODEL", "STATE", "TOKENS/S", "ANSWER"}, rows)
	return nil
}

// when is a time as people read it, in their zone.
func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format("2006-01-02 15:04")
}

func (a *app) runsJSON(runs []store.Run) {
	for _, r := range runs {
		a.jsonLine(struct {
			runJSON
			statusJSON
			Answer    string         `json:"answer"`
			Extracted *answer.Answer `json:"extracted,omitempty"`
			Tally     *tallyJSON     `json:"tally,omitempty"`
			Replayed  bool           `json:"replayed,omitempty"`
			Parts     int            `json:"part_count,omitempty"`
		}{runToJSON(r), statusToJSON(r.Status), r.Answer, extracted(r), tally(r), r.Replayed(), r.PartCount})
	}
}
