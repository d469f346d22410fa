package exchange

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"reprise/engine/model"
)

// completion is the answer of /v1/chat/completions and of /v1/completions
// (https://platform.openai.com/docs/api-reference/chat/object), as OpenAI, vLLM,
// SGLang and llama.cpp's server give it.
type completion struct {
	Created json.RawMessage    `json:"created"`
	Model   string             `json:"model"`
	Choices []completionChoice `json:"choices"`
	Usage   struct {
		Prompt     float64 `json:"prompt_tokens"`
		Completion float64 `json:"completion_tokens"`
	} `json:"usage"`
}

type completionChoice struct {
	Index        float64      `json:"index"`
	Message      *chatMessage `json:"message"`
	Text         string       `json:"text"` // of a completion without chat
	Delta        *struct{}    `json:"delta"`
	FinishReason string       `json:"finish_reason"`
	Logprobs     struct {
		Content []tokenLogprob `json:"content"`
	} `json:"logprobs"`
}

// tokenLogprob is a token as OpenAI and Ollama write it.
type tokenLogprob struct {
	Token   string         `json:"token"`
	Logprob float64        `json:"logprob"`
	Bytes   []int          `json:"bytes"`
	Top     []tokenLogprob `json:"top_logprobs"`
}

func spell(tokens []tokenLogprob) []spelled {
	out := make([]spelled, len(tokens))
	for i, t := range tokens {
		out[i] = spelled{model.Token{Text: t.Token, Logprob: t.Logprob}, t.Token}
		for _, a := range t.Top {
			out[i].Top = append(out[i].Top, model.Token{Text: a.Token, Logprob: a.Logprob})
		}
		if len(t.Bytes) == 0 {
			continue
		}
		b := make([]byte, len(t.Bytes))
		for k, n := range t.Bytes {
			b[k] = byte(n)
		}
		out[i].bytes = string(b)
	}
	return out
}

var finishReasons = map[string]model.EndReason{
	"stop": model.EndStop, "length": model.EndLength, "tool_calls": model.EndStop, "function_call": model.EndStop, "content_filter": model.EndStop,
}

func isCompletion(o object) bool { return o.is("choices", '[') }

func readCompletion(o object) (recording, error) {
	var c completion
	if err := o.into(&c); err != nil {
		return recording{}, err
	}
	rec := recording{provider: "openai", model: c.Model, started: moment(c.Created)}
	slices.SortStableFunc(c.Choices, func(a, b completionChoice) int { return cmp.Compare(a.Index, b.Index) })
	for _, choice := range c.Choices {
		if choice.Delta != nil {
			return rec, fmt.Errorf("this is a piece of a streamed answer; record the answer as a whole (stream: false)")
		}
		rec.answers = append(rec.answers, choice.said())
	}
	switch len(rec.answers) {
	case 0:
		return rec, fmt.Errorf("there are no choices in it")
	case 1:
		rec.answers[0].end.Stats.Tokens = count(c.Usage.Completion)
		rec.answers[0].finish()
	}
	for _, a := range rec.answers {
		a.end.Stats.PromptTokens = count(c.Usage.Prompt)
	}
	return rec, rec.asked(o)
}

func (c completionChoice) said() *said {
	s := &said{end: endLine{Reason: finishReasons[c.FinishReason]}}
	m := cmp.Or(c.Message, &chatMessage{})
	tokens := spell(c.Logprobs.Content)
	m.into(s, tokens)
	s.say(model.Content, 0, c.Text, aligned(tokens, c.Text))
	return s.finish()
}

// count is a number of tokens; 0 where it is none.
func count(n float64) int {
	if n > 0 && n < 1e12 {
		return int(n)
	}
	return 0
}

// into reads an object as what it holds.
func (o object) into(v any) error {
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// asked takes what was asked from an object, where it is there.
func (r *recording) asked(o object) error {
	var messages []chatMessage
	switch {
	case o.is("messages", '['):
		if err := json.Unmarshal(o["messages"], &messages); err != nil {
			return err
		}
	case o.has("prompt"):
		if o.has("system") {
			messages = append(messages, chatMessage{Role: "system", Content: o["system"]})
		}
		messages = append(messages, chatMessage{Role: "user", Content: o["prompt"]})
	default:
		return nil
	}
	var err error
	r.messages, err = prompt(messages)
	return err
}

// Lines of a batch's output (https://platform.openai.com/docs/api-reference/batch/request-output).
func isBatch(o object) bool {
	_, answered := o["response"]
	return o.has("custom_id") && (answered || o.has("error"))
}

func readBatch(o object) (recording, error) {
	var line struct {
		CustomID string `json:"custom_id"`
		Response struct {
			Status float64 `json:"status_code"`
			Body   object  `json:"body"`
		} `json:"response"`
	}
	if err := o.into(&line); err != nil {
		return recording{}, err
	}
	body := line.Response.Body
	rec := recording{provider: "openai"}
	var err error
	if isCompletion(body) {
		rec, err = readCompletion(body)
	} else {
		why := cmp.Or(problem(o["error"]), problem(body["error"]))
		if line.Response.Status != 0 {
			why = fmt.Sprintf("status %.0f: %s", line.Response.Status, why)
		}
		rec.answers = []*said{failed(why)}
	}
	rec.input = map[string]any{"custom_id": line.CustomID}
	return rec, err
}

// problem is what an error of a server says; empty where there is none.
func problem(raw json.RawMessage) string {
	var e struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(raw, &e) == nil && e.Message != "" {
		return e.Message
	}
	return asText(raw)
}

// A request beside its response, as logs of gateways have them.
func isExchange(o object) bool { return o.is("request", '{') && o.is("response", '{') }

func readExchange(o object) (recording, error) {
	var request, response object
	if err := json.Unmarshal(o["request"], &request); err != nil {
		return recording{}, err
	}
	if err := json.Unmarshal(o["response"], &response); err != nil {
		return recording{}, err
	}
	for _, nested := range []*object{&request, &response} {
		var body object
		if n := *nested; n.is("body", '{') && json.Unmarshal(n["body"], &body) == nil {
			*nested = body
		}
	}
	var rec recording
	var err error
	switch {
	case isCompletion(response):
		rec, err = readCompletion(response)
		rec.form = "OpenAI chat completion"
	case isOllama(response):
		s := newOllamaStream("")
		if err = s.add(response); err == nil {
			rec = s.recording()
		}
	case response.has("error"):
		rec.answers = []*said{failed(problem(response["error"]))}
	default:
		err = fmt.Errorf("the response is of no known form")
	}
	if err != nil {
		return rec, err
	}
	if rec.model == "" {
		rec.model = asText(request["model"])
	}
	return rec, rec.asked(request)
}
