package cli

import (
	"encoding/json"
	"math"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
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
	for _, call := range w.run.Trace().Calls()[w.calls:] {
		w.calls++
		w.event(map[string]any{"event": "call", "name": call.Name, "arguments": call.Arguments})
	}
}

func startEvent(r store.Run) any {
	return struct {
		Event string `json:"event"`
		runJSON
	}{"start", runToJSON(r)}
}

func endEvent(r store.Run, t *trace.Trace) any {
	return struct {
		Event string `json:"event"`
		Run   string `json:"run"`
		statusJSON
		Answer    string         `json:"answer"`
		Extracted *answer.Answer `json:"extracted,omitempty"`
	}{"end", r.ID, statusToJSON(r.Status), t.Text(model.Content, 0), extracted(r)}
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
