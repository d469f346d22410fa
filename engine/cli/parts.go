package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"reprise/engine/store"
	"reprise/engine/trace"
)

// advanceParts tells of runs of programs that are bound, as they end; those within
// them before them.
func (w *runWriter) advanceParts(parts []store.Part) {
	for _, p := range parts {
		w.advanceParts(p.Parts)
		if w.parts[p.Run] || !p.Phase.Ended() {
			continue
		}
		if w.parts == nil {
			w.parts = map[string]bool{}
		}
		w.parts[p.Run] = true
		if w.flags.json {
			j := partToJSON(p)
			j.Parts = nil // they were told of
			w.event(struct {
				Event string `json:"event"`
				partJSON
			}{"part", j})
			continue
		}
		if !w.flags.quiet {
			w.a.err.clearStatus()
			w.a.err.paintLine(muted, partLine(p))
		}
	}
}

// partLine is a run of a program that is bound, in one line.
func partLine(p store.Part) string {
	out := partName(p) + " · run " + p.Run + " · " + p.Program
	switch {
	case p.Phase != trace.Done:
		out += " · " + strings.TrimSuffix(string(p.Phase)+": "+p.Err, ": ")
	default:
		out += " · " + clip(oneLine(p.Answer), 60)
	}
	if p.Source != "" {
		out += " · replayed from run " + p.Source
	}
	return out
}

// partName is the name that a part's answer is bound to: "draft", "tries[2]".
func partName(p store.Part) string {
	if p.Item < 0 {
		return p.Binding
	}
	return fmt.Sprintf("%s[%d]", p.Binding, p.Item)
}

// showParts writes the tree of a run's parts, and what its other names are bound to.
func (a *app) showParts(r store.Run) {
	if len(r.Parts)+len(r.Let) == 0 {
		return
	}
	a.heading("parts")
	a.partTree(r.Parts, "")
	for _, name := range slices.Sorted(maps.Keys(r.Let)) {
		if slices.ContainsFunc(r.Parts, func(p store.Part) bool { return p.Binding == name }) {
			continue
		}
		value, err := json.Marshal(r.Let[name])
		if err != nil {
			value = fmt.Append(nil, r.Let[name])
		}
		a.out.line(name + " = " + clip(string(value), 80))
	}
}

// partTree writes parts in the order of their lists, each above its own.
func (a *app) partTree(parts []store.Part, lead string) {
	parts = store.Ordered(parts)
	for i, p := range parts {
		branch, below := "├─ ", "│  "
		if i == len(parts)-1 {
			branch, below = "└─ ", "   "
		}
		if lead == "" { // the run itself stands above
			a.out.line(partLine(p))
			a.partTree(p.Parts, " ")
			continue
		}
		a.out.line(lead + branch + partLine(p))
		a.partTree(p.Parts, lead+below)
	}
}

type partJSON struct {
	Binding  string      `json:"binding"`
	Item     *int        `json:"item,omitempty"` // its place in a list of answers, from 0
	Run      string      `json:"run"`
	Program  string      `json:"program"`
	Phase    trace.Phase `json:"phase"`
	Error    string      `json:"error,omitempty"`
	Answer   string      `json:"answer,omitempty"` // its beginning
	Tokens   int         `json:"tokens,omitempty"`
	Seconds  float64     `json:"seconds,omitempty"`
	Replayed string      `json:"replayed,omitempty"` // the run that it was taken over from
	Parts    []partJSON  `json:"parts,omitempty"`
}

func partToJSON(p store.Part) partJSON {
	out := partJSON{
		Binding: p.Binding, Run: p.Run, Program: p.Program, Phase: p.Phase, Error: p.Err, Answer: p.Answer,
		Tokens: p.Tokens, Seconds: seconds(p.Elapsed), Replayed: p.Source, Parts: partsToJSON(p.Parts),
	}
	if p.Item >= 0 {
		out.Item = &p.Item
	}
	return out
}

func partsToJSON(parts []store.Part) []partJSON {
	var out []partJSON
	for _, p := range store.Ordered(parts) {
		out = append(out, partToJSON(p))
	}
	return out
}

// ofJSON is what a run is a part of.
type ofJSON struct {
	Run     string `json:"run"`
	Binding string `json:"binding"`
	Item    *int   `json:"item,omitempty"`
}

func ofToJSON(r store.Run) *ofJSON {
	switch {
	case r.Of.Run == "":
		return nil
	case r.Of.Item < 0:
		return &ofJSON{r.Of.Run, r.Of.Binding, nil}
	}
	return &ofJSON{r.Of.Run, r.Of.Binding, &r.Of.Item}
}
