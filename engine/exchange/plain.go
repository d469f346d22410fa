package exchange

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/programs/template"
)

// A result of promptfoo's results file, version 3, in its results.results, or as a
// line of its own (https://www.promptfoo.dev/docs/configuration/outputs).
func isPromptfoo(o object) bool {
	return o.has("prompt", "provider") && (o.has("vars") || o.has("testCase") || o.has("testIdx"))
}

func readPromptfoo(o object) (recording, error) {
	var r struct {
		Prompt   json.RawMessage `json:"prompt"`
		Provider json.RawMessage `json:"provider"`
		Vars     map[string]any  `json:"vars"`
		Response object          `json:"response"`
		Error    json.RawMessage `json:"error"`
		Latency  float64         `json:"latencyMs"`
	}
	if err := o.into(&r); err != nil {
		return recording{}, err
	}
	rec := recording{input: r.Vars}
	var id struct {
		ID    string `json:"id"`
		Label string `json:"label"`
	}
	if json.Unmarshal(r.Provider, &id) != nil {
		id.ID = asText(r.Provider)
	}
	name := cmp.Or(id.ID, id.Label)
	var found bool
	if rec.provider, rec.model, found = strings.Cut(name, ":"); !found || strings.HasPrefix(rec.model, "//") {
		rec.provider, rec.model = "promptfoo", name
	}
	var prompted struct {
		Raw string `json:"raw"`
	}
	if json.Unmarshal(r.Prompt, &prompted) != nil {
		prompted.Raw = asText(r.Prompt)
	}
	if err := rec.prompted(prompted.Raw); err != nil {
		return rec, err
	}
	rec.answers = []*said{promptfooAnswer(r.Response, r.Error, duration(r.Latency, time.Millisecond))}
	return rec, nil
}

// promptfooAnswer is the answer of a provider. An error beside an answer is that of
// an assertion, and no failure of the model.
func promptfooAnswer(response object, why json.RawMessage, took time.Duration) *said {
	if !response.has("output") {
		return failed(cmp.Or(problem(response["error"]), problem(why)))
	}
	s := &said{end: endLine{Elapsed: took}}
	s.say(model.Thinking, took, asText(response["reasoning"]), nil)
	s.say(model.Content, took, asText(response["output"]), nil)
	var usage struct {
		Prompt     float64 `json:"prompt"`
		Completion float64 `json:"completion"`
	}
	if json.Unmarshal(response["tokenUsage"], &usage) == nil {
		s.end.Stats.PromptTokens, s.end.Stats.Tokens = count(usage.Prompt), count(usage.Completion)
	}
	s.end.Reason = finishReasons[asText(response["finishReason"])]
	return s.finish()
}

// prompted takes a prompt that is a text, or a conversation written as JSON.
func (r *recording) prompted(text string) (err error) {
	var messages []chatMessage
	if strings.HasPrefix(strings.TrimSpace(text), "[") && json.Unmarshal([]byte(text), &messages) == nil && len(messages) > 0 {
		if r.messages, err = prompt(messages); err == nil {
			return nil
		}
	}
	r.messages = usable([]template.Message{message(template.RoleUser, text)})
	return nil
}

// outputs are the keys of what a model said, inputs those of what it was asked, in
// lines of which nothing else is known.
var (
	outputs  = []string{"output", "response", "completion"}
	thoughts = []string{"reasoning", "thinking", "reasoning_content"}
)

func isPlain(o object) bool {
	return o.first(outputs...) != nil || o.has("error") && (o.has("prompt") || o.has("input") || o.has("messages"))
}

func readPlain(o object) (recording, error) {
	rec := recording{model: asText(o["model"]), provider: asText(o["provider"]), started: moment(o.first("created_at", "created", "timestamp"))}
	if before, after, ok := strings.Cut(rec.model, "/"); ok && rec.provider == "" {
		rec.provider, rec.model = before, after
	}
	if err := rec.asked(o); err != nil {
		return rec, err
	}
	if input := o["input"]; o.has("input") {
		if json.Unmarshal(input, &rec.input) != nil {
			var value any
			if err := json.Unmarshal(input, &value); err != nil {
				return rec, err
			}
			rec.input = map[string]any{"input": value}
		}
		if rec.messages == nil {
			rec.messages = usable([]template.Message{message(template.RoleUser, asText(input))})
		}
	}
	if o.first(outputs...) == nil {
		rec.answers = []*said{failed(problem(o["error"]))}
		return rec, nil
	}
	s := new(said)
	s.say(model.Thinking, 0, asText(o.first(thoughts...)), nil)
	s.say(model.Content, 0, asText(o.first(outputs...)), nil)
	rec.answers = []*said{s.finish()}
	return rec, nil
}

// Conversations that end with what the model said, as data sets have them.
func isConversation(o object) bool { return o.is("messages", '[') }

func readConversation(o object) (recording, error) {
	rec := recording{model: asText(o["model"]), started: moment(o.first("created_at", "created", "timestamp"))}
	var messages []chatMessage
	if err := json.Unmarshal(o["messages"], &messages); err != nil {
		return rec, err
	}
	asked, s := answered(messages)
	if len(s.pieces) == 0 {
		return rec, fmt.Errorf("the conversation does not end with an answer of the model")
	}
	var err error
	if rec.messages, err = prompt(asked); err != nil {
		return rec, err
	}
	rec.answers = []*said{s.finish()}
	return rec, nil
}

// textFile is a file that holds what a model said and nothing else.
type textFile struct {
	name string
	from io.Reader
}

// largestText is the most bytes of such a file.
const largestText = 64 << 20

func (t textFile) each(yield func(recording) bool) error {
	text, err := io.ReadAll(io.LimitReader(t.from, largestText+1))
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", t.name, err)
	case len(text) > largestText:
		return fmt.Errorf("%s: a text of over %d MiB; part it, or write it as JSON lines", t.name, largestText>>20)
	case strings.TrimSpace(string(text)) == "":
		return fmt.Errorf("%s: there is nothing in the file but white space", t.name)
	}
	s := new(said)
	s.say(model.Content, 0, string(text), nil)
	yield(recording{place: t.name + ":1", form: "text", answers: []*said{s.finish()}})
	return nil
}
