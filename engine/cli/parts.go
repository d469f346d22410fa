package cli

import (
	"fmt"

	"reprise/engine/store"
	"reprise/engine/trace"
)

// advanceParts tells of runs of programs that are bound, as they end.
func (w *runWriter) advanceParts() {
	for _, p := range w.run.Parts() {
		if w.parts[p.Run] || !p.Phase.Ended() {
			continue
		}
		if w.parts == nil {
			w.parts = map[string]bool{}
		}
		w.parts[p.Run] = true
		if w.flags.json {
			w.event(struct {
				Event string `json:"event"`
				partJSON
			}{"part", partToJSON(p)})
			continue
		}
		w.a.err.clearStatus()
		w.a.err.paintLine(muted, partLine(p))
	}
}

// partLine is a run of a program that is bound, in one line.
func partLine(p store.Part) string {
	out := p.Binding
	if p.Item >= 0 {
		out += fmt.Sprintf("[%d]", p.Item)
	}
	out += " · run " + p.Run + " · " + p.Program
	if p.Phase != trace.Done {
		return out + " · " + string(p.Phase)
	}
	return out + " · " + clip(oneLine(p.Answer), 60)
}

type partJSON struct {
	Binding string      `json:"binding"`
	Item    *int        `json:"item,omitempty"` // its place in a list of answers, from 0
	Run     string      `json:"run"`
	Program string      `json:"program"`
	Phase   trace.Phase `json:"phase"`
	Answer  string      `json:"answer,omitempty"` // its beginning
}

func partToJSON(p store.Part) partJSON {
	out := partJSON{p.Binding, nil, p.Run, p.Program, p.Phase, p.Answer}
	if p.Item >= 0 {
		out.Item = &p.Item
	}
	return out
}

func partsToJSON(parts []store.Part) []partJSON {
	var out []partJSON
	for _, p := range parts {
		out = append(out, partToJSON(p))
	}
	return out
}
