package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// Export writes runs, with the runs of the programs that theirs bind behind them,
// as Reprise traces. A run is written once; one that goes on is an error. It holds
// one piece of a trace at a time.
func Export(ctx context.Context, s *store.Store, runs []store.Run, w io.Writer) error {
	x := exporter{store: s, encoder: encode(json.NewEncoder(w)), seen: map[string]bool{}, runs: map[string]bool{}}
	if err := x.line(headerLine{"header", Format, Version}); err != nil {
		return err
	}
	all, err := withParts(s, runs)
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := ended(r); err != nil {
			return err
		}
		x.runs[r.ID] = true
	}
	for _, r := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := x.run(r); err != nil {
			return err
		}
	}
	return nil
}

// ended says why a run cannot be written yet; nil where it can.
func ended(r store.Run) error {
	over := r.Status.Phase.Ended()
	for _, s := range r.Samples {
		over = over && s.Status.Phase.Ended()
	}
	if !over {
		return refuse("run %s goes on; wait for its end, or cancel it: what it said is kept", r.ID)
	}
	return nil
}

// withParts gives runs with their parts, each once, parts behind what they are of.
func withParts(s *store.Store, runs []store.Run) ([]store.Run, error) {
	var out []store.Run
	seen := map[string]bool{}
	var add func(r store.Run) error
	add = func(r store.Run) error {
		if seen[r.ID] {
			return nil
		}
		seen[r.ID] = true
		out = append(out, r)
		for _, p := range r.Parts {
			part, err := s.Run(p.Run)
			if err == nil {
				err = add(part)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	// Parts that are asked for by themselves come where their whole puts them.
	for _, wholes := range []bool{true, false} {
		for _, r := range runs {
			if (r.Of.Run == "") != wholes {
				continue
			}
			whole, err := s.Run(r.ID) // those of lists come without their parts
			if err == nil {
				err = add(whole)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

type exporter struct {
	store   *store.Store
	encoder *json.Encoder
	seen    map[string]bool // versions
	runs    map[string]bool // IDs of those in the file
}

func (x *exporter) line(v any) error {
	if err := x.encoder.Encode(v); err != nil {
		return fmt.Errorf("write traces: %w", err)
	}
	return nil
}

func (x *exporter) run(r store.Run) error {
	if key := r.Version.Program + "\x00" + r.Version.Hash; !x.seen[key] {
		x.seen[key] = true
		files, err := x.store.Closure(r.Version.Hash)
		if err != nil {
			return err
		}
		v := r.Version
		if err := x.line(versionLine{"version", v.Program, v.Ordinal, v.Name, v.Created.UTC(), v.Hash, files}); err != nil {
			return err
		}
	}
	if err := linesOf(x.store, r, x.runs, x.line); err != nil {
		return err
	}
	return x.analyses(r.ID)
}

// linesOf hands out the lines of a run. It is no part of a run that is not among
// those of the file.
func linesOf(s *store.Store, r store.Run, among map[string]bool, line func(any) error) error {
	phase, problem := r.Over()
	out := runLine{
		Type: "run", ID: r.ID, Program: r.Program, Version: r.Version.Hash, Input: r.Input, Let: r.Let, Messages: r.Messages,
		Provider: r.Provider, Model: r.Model, Digest: r.Digest, Server: r.ServerVersion, Endpoint: r.Endpoint,
		Think: r.Think, Seed: r.Seed, Options: r.Options, Plan: r.Plan, Phase: phase, Error: problem,
	}
	if among[r.Of.Run] {
		out.Part = &partKey{r.Of.Run, r.Of.Binding, r.Of.Item}
	}
	if r.Origin.Form != ownForm {
		out.Origin = r.Origin
	}
	if err := line(out); err != nil {
		return err
	}
	for _, sample := range r.Samples {
		if err := sampleLines(s, r.ID, sample, line); err != nil {
			return err
		}
	}
	return nil
}

func sampleLines(s *store.Store, run string, sample store.Sample, line func(any) error) error {
	first := sampleLine{Type: "sample", Number: sample.Number, Seed: sample.Seed, Started: sample.Status.Started.UTC(), Source: sample.Source, Name: sample.Name, Note: sample.Note}
	if sample.Fork.Parent > 0 {
		first.Fork = &sample.Fork
	}
	if err := line(first); err != nil {
		return err
	}
	if err := s.Said(run, sample.Number, func(said store.Said) error { return line(saidLine(said)) }); err != nil {
		return err
	}
	st := sample.Status
	return line(endLine{
		Type: "end", Phase: st.Phase, Reason: st.Reason, Truncated: st.Truncated, Error: st.Err, FirstToken: st.FirstToken,
		Elapsed: st.Elapsed, Tokens: st.Tokens, Stats: st.Stats, Extracted: sample.Extracted, Confidence: sample.Confidence,
	})
}

func saidLine(s store.Said) any {
	switch {
	case s.Call != nil:
		return callLine{"call", s.At, *s.Call}
	case s.Result != nil:
		return resultLine{"result", s.At, *s.Result}
	}
	line := textLine{Type: "text", Channel: s.Channel, At: s.At, Tokens: tokensOfText(s.Tokens)}
	if utf8.Valid(s.Text) {
		line.Text = string(s.Text)
	} else {
		line.Bytes = s.Text
	}
	return line
}

// impossible is what log-probabilities that JSON cannot hold are written as.
const impossible = -9999

func tokensOfText(tokens []trace.Token) []tokenOfText {
	var out []tokenOfText
	end := 0
	for _, t := range tokens {
		line := tokenOfText{Gap: t.Start - end, Token: t.Token}
		if !utf8.ValidString(t.Text) {
			line.Length = len(t.Text)
		}
		line.Logprob = finite(t.Logprob)
		line.Top = slices.Clone(t.Top)
		for i := range line.Top {
			line.Top[i].Logprob = finite(line.Top[i].Logprob)
		}
		out = append(out, line)
		end = t.Start + len(t.Text)
	}
	return out
}

func finite(logprob float64) float64 {
	if math.IsInf(logprob, 0) || math.IsNaN(logprob) {
		return impossible
	}
	return logprob
}

// digest sums up the lines of a run, to know it again: not what program it is of,
// which may be renamed, nor which run it is a part of, nor what a person notes.
type digest struct{ encoder *json.Encoder }

// newDigest gives a digest, and what gives its sum.
func newDigest() (digest, func() string) {
	h := sha256.New()
	return digest{encode(json.NewEncoder(h))}, func() string { return hex.EncodeToString(h.Sum(nil)) }
}

func (d digest) line(v any) error {
	switch line := v.(type) {
	case runLine:
		line.Program, line.Part = "", nil
		v = line
	case sampleLine:
		line.Name, line.Note = "", ""
		v = line
	}
	return d.encoder.Encode(v)
}

// sum is the digest of a run that is recorded.
func sum(s *store.Store, r store.Run) (string, error) {
	d, done := newDigest()
	err := linesOf(s, r, nil, d.line)
	return done(), err
}

// channels are those that a line can be of.
var channels = map[model.Channel]bool{model.Thinking: true, model.Content: true}
