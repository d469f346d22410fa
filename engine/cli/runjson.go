package cli

import (
	"encoding/json"
	"math"
	"time"

	"reprise/engine/store"
	"reprise/programs/answer"
)

// event writes one line of JSON.
func (w *runWriter) event(v any) { w.a.jsonLine(v) }

func (a *app) jsonLine(v any) {
	data, err := json.Marshal(v)
	if err != nil { // only values that came from JSON or YAML get here
		data, _ = json.Marshal(map[string]string{"event": "unprintable", "error": err.Error()})
	}
	a.out.raw(string(data) + "\n")
}

// jsonDocument writes a value as indented JSON.
func (a *app) jsonDocument(v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	a.out.raw(string(data) + "\n")
	return nil
}

func (w *runWriter) textEvents(thinking, content string) {
	if thinking != "" {
		w.event(map[string]any{"event": "thinking", "text": thinking})
	}
	if content != "" {
		w.event(map[string]any{"event": "content", "text": content})
	}
}

func startEvent(r store.Run) any {
	return struct {
		Event string `json:"event"`
		runJSON
	}{"start", runToJSON(r)}
}

func endEvent(r store.Run) any {
	return struct {
		Event string `json:"event"`
		Run   string `json:"run"`
		statusJSON
		Answer    string         `json:"answer"`
		Extracted *answer.Answer `json:"extracted,omitempty"`
		Tally     *tallyJSON     `json:"tally,omitempty"`
		Replayed  string         `json:"replayed,omitempty"` // the run that the only sample was taken over from
	}{"end", r.ID, statusToJSON(r.Status), r.Answer, extracted(r), tally(r), replayed(r)}
}

// replayed is the run that a run's only sample was taken over from.
func replayed(r store.Run) string {
	if r.Plan.Max > 1 || len(r.Samples) == 0 {
		return ""
	}
	return r.Samples[0].Source
}

// extracted is the answer that was found, nil where the program does not ask
// for one.
func extracted(r store.Run) *answer.Answer {
	if r.Extracted == (answer.Answer{}) {
		return nil
	}
	return &r.Extracted
}

// seconds rounds to milliseconds.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }
