package compare

import (
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// Traces compares what two samples said, step by step, in the order in which it was
// said: the rows hold every finished step of both, a Line being a step with its
// number in its trace. Its Text, which may have several lines, is without white space
// at its ends, which counts for nothing; of a tool call it is the call and what it
// came to. A step of the thinking never corresponds to one of the content, nor a
// tool call to either. Swapping the traces gives the same rows, mirrored; the time is
// that of Texts.
func Traces(left, right *trace.Trace) Result {
	var effort effort
	l, r := stepsOf(left), stepsOf(right)
	pairs := alignSteps(l, r, &effort)
	var res Result
	i, j := 0, 0
	for _, p := range append(pairs, pair{len(l.texts), len(r.texts)}) {
		for ; i < p.a; i++ {
			res.add(Row{Op: Delete, Left: l.line(i)})
		}
		for ; j < p.b; j++ {
			res.add(Row{Op: Insert, Right: r.line(j)})
		}
		if i < len(l.texts) && j < len(r.texts) {
			res.add(pairOf(l.line(i), r.line(j), &effort)...)
		}
		i, j = i+1, j+1
	}
	res.Capped = strings.ReplaceAll(effort.String(), "lines", "steps")
	return res
}

// steps are those of a trace as they are compared. Only steps of one group
// correspond to each other.
type steps struct{ texts, groups []string }

func stepsOf(t *trace.Trace) steps {
	var out steps
	text := map[model.Channel]string{model.Thinking: t.Text(model.Thinking, 0), model.Content: t.Text(model.Content, 0)}
	calls := t.Calls(0)
	for _, s := range t.Steps(0) {
		switch {
		case s.Call == 0:
			out.texts = append(out.texts, strings.TrimSpace(text[s.Channel][s.Start:s.End]))
			out.groups = append(out.groups, string(s.Channel))
		case s.Call <= len(calls):
			out.texts = append(out.texts, strings.TrimSpace(calls[s.Call-1].String()+" → "+calls[s.Call-1].Outcome()))
			out.groups = append(out.groups, string(trace.ToolCall))
		}
	}
	return out
}

func (s steps) line(i int) *Line { return &Line{Number: i + 1, Text: s.texts[i]} }

// keys name steps so that those are equal that correspond.
func (s steps) keys(key func(string) string) []string {
	out := make([]string, len(s.texts))
	for i, text := range s.texts {
		out[i] = s.groups[i] + "\x00" + key(text)
	}
	return out
}

func (s steps) slice(from, to int) steps { return steps{s.texts[from:to], s.groups[from:to]} }

func (s steps) bags() []bag {
	out := bags(s.texts)
	for i := range out {
		out[i].group = s.groups[i]
	}
	return out
}

// alignSteps finds which steps correspond: those that are the same, then, in what lies
// between, those that are the same but for white space, then those that are similar.
func alignSteps(l, r steps, effort *effort) []pair {
	same := func(s string) string { return s }
	left, right := l.keys(same), r.keys(same)
	if swapped(left, right) {
		return mirror(alignSteps(r, l, effort))
	}
	never := func(int) bool { return false }
	a, b := intern(left, right, same)
	equal, capped := align(a, b, never, never)
	effort.lines += capped
	return fillGaps(equal, len(a), len(b), func(a0, a1, b0, b1 int) []pair {
		l, r := l.slice(a0, a1), r.slice(b0, b1)
		spaced := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		a, b := intern(l.keys(spaced), r.keys(spaced), same)
		pairs, capped := align(a, b, never, never)
		effort.lines += capped
		return fillGaps(pairs, len(a), len(b), func(a0, a1, b0, b1 int) []pair {
			return pairSimilar(l.slice(a0, a1).bags(), r.slice(b0, b1).bags())
		})
	})
}
