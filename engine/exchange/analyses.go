package exchange

import (
	"errors"
	"io"
	"strings"

	"reprise/engine/importance"
	"reprise/engine/store"
)

// analyses writes the analyses of a run.
func (x *exporter) analyses(run string) error {
	all, err := x.store.Analyses(run)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := x.line(analysisLine{"analysis", a.Sample, a.Temperature, a.Seed, a.Created.UTC()}); err != nil {
			return err
		}
		rollouts, err := x.store.Rollouts(a.ID)
		if err != nil {
			return err
		}
		for _, r := range rollouts {
			said := strings.ToValidUTF8(r.Said, "") // it may be cut in a character
			if err := x.line(rolloutLine{"rollout", r.Probe, r.Place, r.Number, r.Seed, r.Edit, r.Answer, r.Problem, said, r.Tokens, r.Elapsed}); err != nil {
				return err
			}
		}
	}
	return nil
}

// probes are those that a rollout can be of.
var probes = map[importance.Probe]bool{importance.Resample: true, importance.Cut: true, importance.Mistaken: true, importance.Filled: true}

// analyses takes the analyses of a run with these samples.
func (l *loader) analyses(run string, samples map[int]int) error {
	begun := false
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch line := line.(type) {
		case *analysisLine:
			if samples[line.Sample] == 0 || !sane(line.Created) {
				return l.wrong("an analysis of sample %d, which the run does not have", line.Sample)
			}
			begun = true
			err = l.in.Analysis(store.Analysis{Run: run, Sample: line.Sample, Temperature: line.Temperature, Seed: line.Seed, Created: line.Created})
		case *rolloutLine:
			if !begun || !probes[line.Probe] || min(line.Place, line.Tokens) < 0 || line.Number < 1 || line.Elapsed < 0 {
				return l.wrong("rollout %d of %q at %d cannot be", line.Number, line.Probe, line.Place)
			}
			err = l.in.Rollout(store.Rollout{
				Probe: line.Probe, Place: line.Place, Number: line.Number, Seed: line.Seed, Edit: line.Edit, Answer: line.Answer,
				Problem: line.Problem, Said: line.Said, Tokens: line.Tokens, Elapsed: line.Elapsed,
			})
		default:
			l.held = line
			return nil
		}
		if err != nil {
			return err
		}
	}
}
