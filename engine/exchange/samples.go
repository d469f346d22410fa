package exchange

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"reprise/engine/store"
	"reprise/engine/trace"
)

// samples takes the samples of a run.
func (l *loader) samples(run string, note func(any) error) error {
	depth := map[int]int{} // how many forks deep each is
	names := map[string]bool{}
	for last := 0; ; {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		s, ok := line.(*sampleLine)
		if !ok {
			l.held = line
			break
		}
		if err := l.checkSample(s, last, depth); err != nil {
			return err
		}
		if err := store.CheckName(s.Name); err != nil || names[s.Name] && s.Name != "" {
			return l.wrong("sample %d has the name %q, which is another one's or cannot be one", s.Number, s.Name)
		}
		last, names[s.Name] = s.Number, true
		if err := l.sample(run, s, note); err != nil {
			return err
		}
	}
	if len(depth) == 0 {
		return l.wrong("a run without a sample: its lines of type sample must follow it")
	}
	return l.analyses(run, depth)
}

// deepest bounds how many forks lie within each other.
const deepest = 500

func (l *loader) checkSample(s *sampleLine, last int, depth map[int]int) error {
	switch f := s.Fork; {
	case s.Number <= last:
		return l.wrong("sample %d stands behind sample %d", s.Number, last)
	case !sane(s.Started):
		return l.wrong("sample %d started in the year %d", s.Number, s.Started.Year())
	case f == nil:
		depth[s.Number] = 1
	case depth[f.Parent] == 0:
		return l.wrong("sample %d is a fork of sample %d, which must stand before it", s.Number, f.Parent)
	case !channels[f.Channel] || f.Offset < 0:
		return l.wrong("sample %d is a fork at byte %d of %q; a channel is thinking or content", s.Number, f.Offset, f.Channel)
	case depth[f.Parent] == deepest:
		return l.wrong("sample %d: forks lie within each other %d deep at most", s.Number, deepest)
	default:
		depth[s.Number] = depth[f.Parent] + 1
	}
	return nil
}

// sane reports whether a time can be kept as nanoseconds since 1970.
func sane(t time.Time) bool { return t.Year() > 1700 && t.Year() < 2250 }

// sample takes one sample, up to its end.
func (l *loader) sample(run string, s *sampleLine, note func(any) error) error {
	s.Type = "sample"
	out := store.Sample{Number: s.Number, Seed: s.Seed, Source: s.Source, Name: s.Name, Note: s.Note}
	out.Status.Started = s.Started
	if s.Fork != nil {
		out.Fork = *s.Fork
	}
	if err := l.in.BeginSample(run, out); err != nil {
		return err
	}
	s.Started = s.Started.UTC()
	if err := note(*s); err != nil {
		return err
	}
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return l.wrong("sample %d has no end: the file was cut off", s.Number)
		}
		if err != nil {
			return err
		}
		end, over := line.(*endLine)
		if !over {
			if err := l.said(line, note); err != nil {
				return err
			}
			continue
		}
		return l.end(out, end, note)
	}
}

func (l *loader) end(s store.Sample, end *endLine, note func(any) error) error {
	end.Type = "end"
	switch {
	case !end.Phase.Ended():
		return l.wrong("sample %d ends as %q; a sample is done, failed, cancelled or interrupted", s.Number, end.Phase)
	case min(end.FirstToken, end.Elapsed) < 0 || end.Tokens < 0:
		return l.wrong("sample %d has figures below 0", s.Number)
	}
	st := &s.Status
	st.Phase, st.Reason, st.Truncated, st.Err, st.FirstToken = end.Phase, end.Reason, end.Truncated, end.Error, end.FirstToken
	st.Elapsed, st.Tokens, st.Stats, s.Extracted, s.Confidence = end.Elapsed, end.Tokens, end.Stats, end.Extracted, end.Confidence
	if err := note(*end); err != nil {
		return err
	}
	return l.in.FinishSample(s)
}

// said takes what a sample said.
func (l *loader) said(line any, note func(any) error) error {
	switch line := line.(type) {
	case *textLine:
		text := []byte(line.Text)
		if line.Bytes != nil {
			text = line.Bytes
		}
		if !channels[line.Channel] || line.At < 0 {
			return l.wrong("text at %d of %q; a channel is thinking or content", line.At, line.Channel)
		}
		tokens, problem := placed(line.Tokens, string(text))
		if problem != "" {
			return l.wrong("%s", problem)
		}
		canonical := saidLine(store.Said{At: line.At, Channel: line.Channel, Text: text, Tokens: tokens})
		return errors.Join(l.in.Text(line.Channel, line.At, text, tokens), note(canonical))
	case *callLine:
		if len(line.Arguments) == 0 {
			line.Arguments = []byte("{}")
		}
		line.Type = "call"
		return errors.Join(l.in.Call(line.At, line.ToolCall), note(*line))
	case *resultLine:
		line.Type = "result"
		return errors.Join(l.in.Result(line.At, line.Result), note(*line))
	}
	return l.wrong("a sample has no end before the next one begins")
}

// placed are the tokens of a text at their places, or what is wrong with them.
func placed(tokens []tokenOfText, text string) (out []trace.Token, problem string) {
	at := 0
	for i, t := range tokens {
		if t.Gap < 0 || t.Gap > len(text)-at {
			return nil, fmt.Sprintf("token %d begins outside of its text", i+1)
		}
		at += t.Gap
		if n := t.Length; n > 0 && n <= len(text)-at {
			t.Text = text[at : at+n]
		}
		if !strings.HasPrefix(text[at:], t.Text) {
			return nil, fmt.Sprintf("token %d is %q, which is not what its text says there", i+1, t.Text)
		}
		out = append(out, trace.Token{Token: t.Token, Start: at})
		at += len(t.Text)
	}
	return out, ""
}
