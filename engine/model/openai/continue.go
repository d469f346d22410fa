package openai

import (
	"context"
	"strings"

	"github.com/ollama/ollama/thinking"

	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// usualTags stand round the thinking of most models that think.
var usualTags = chat.Tags{Open: "<think>", Close: "</think>"}

// Continuable tells why an answer cannot be gone on with. It needs to know what
// answers, so the model must have been asked for.
func (p *Provider) Continuable(req model.Request, said model.Said) error {
	no := func(why, hint string) error {
		return &model.Error{Kind: model.Unsupported, Message: why, Hint: hint}
	}
	s := p.known()
	switch {
	case s == nil:
		return no("it is not known which server answers at "+p.place()+", so not whether it can go on with an answer", "ask for its models first: `reprise models`")
	case s.kind == other || s.kind == sglang:
		return no("the server at "+p.place()+" is not known to go on with an answer", "run the program again; vLLM, llama.cpp's server and Ollama can")
	case req.Format != nil:
		return no("an answer under an output schema cannot be gone on with", "run the program again, or fork a run without a schema")
	case len(req.Tools) > 0:
		return no("an answer that may call tools cannot be gone on with", "run the program again, or fork a run without tools")
	case s.kind == vllm && (said.In == model.Thinking || said.Thinking != ""):
		return no("vLLM is not known to go on with an answer that has thinking in it", "run the program again, or fork a run without thinking")
	}
	return nil
}

// Continue goes on from what an answer has said.
//
//   - vLLM: the answer is a last message that it is told to continue.
//   - llama.cpp: it renders the chat with the model's own template, and what was
//     said stands behind that as the model wrote it.
//   - Ollama: it continues a last message of the assistant's.
func (p *Provider) Continue(ctx context.Context, req model.Request, said model.Said, emit func(model.Event) error) error {
	s, out, err := p.prepare(ctx, req)
	if err != nil {
		return err
	}
	if err := p.Continuable(req, said); err != nil {
		return err
	}
	c := &completion{emit: emit, alternatives: req.Logprobs, content: said.Content != ""}
	list := out["messages"].([]body)
	switch s.kind {
	case llamacpp:
		return p.continueRaw(ctx, req, said, s, c, out)
	case vllm:
		out["continue_final_message"], out["add_generation_prompt"] = true, false
		out["messages"] = append(list, body{"role": "assistant", "content": said.Content})
	default: // Ollama closes a thinking that it is given as such
		last := body{"role": "assistant", "content": said.Content}
		if said.In == model.Thinking {
			last["content"] = usualTags.Open + said.Thinking
			c.split = splitter(last["content"].(string))
		} else if said.Thinking != "" {
			last["reasoning"] = said.Thinking
		}
		out["messages"] = append(list, last)
	}
	return p.receive(ctx, req, s, c, p.at("chat/completions"), out)
}

// splitter splits what comes behind a text that ends within the thinking.
func splitter(begun string) func(string) (string, string) {
	split := &thinking.Parser{OpeningTag: usualTags.Open, ClosingTag: usualTags.Close}
	split.AddContent(begun)
	return split.AddContent
}

// continueRaw has llama.cpp's server render the chat, and goes on from its text.
func (p *Provider) continueRaw(ctx context.Context, req model.Request, said model.Said, s *server, c *completion, out body) error {
	var rendered struct {
		Prompt string `json:"prompt"`
	}
	ask := body{"messages": out["messages"]}
	if kwargs, ok := out["chat_template_kwargs"]; ok {
		ask["chat_template_kwargs"] = kwargs
	}
	if err := p.post(ctx, p.beside("apply-template"), ask, &rendered); err != nil {
		return p.explain(ctx, err, req.Model)
	}
	bare := strings.TrimSuffix(strings.TrimRight(rendered.Prompt, "\n"), usualTags.Open)
	thinks := len(bare) < len(strings.TrimRight(rendered.Prompt, "\n"))
	if !thinks {
		bare = rendered.Prompt
	}
	begun, inside := usualTags.Begun(thinks, said)
	if inside {
		c.split = splitter(begun)
	}
	for _, name := range []string{"messages", "chat_template_kwargs", "reasoning_effort", "logprobs", "top_logprobs"} {
		delete(out, name)
	}
	out["prompt"] = bare + begun
	if req.Logprobs >= 0 {
		out["logprobs"] = max(1, req.Logprobs)
	}
	return p.receive(ctx, req, s, c, p.at("completions"), out)
}
