package builtin

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ollama/ollama/parser"
	"github.com/ollama/ollama/template"
	"github.com/ollama/ollama/thinking"

	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// chatForm is how a chat becomes a prompt, and the model's own options.
type chatForm struct {
	chat.Tags
	template *template.Template
	options  model.Options
}

// parseChatForm reads a Modelfile.
func parseChatForm(text string) (chatForm, error) {
	file, err := parser.ParseFile(strings.NewReader(text))
	if err != nil {
		return chatForm{}, fmt.Errorf("read the Modelfile: %w", err)
	}
	var form chatForm
	config := map[string]any{}
	for _, c := range file.Commands {
		switch c.Name {
		case "model":
		case "template":
			if form.template, err = template.Parse(c.Args); err != nil {
				return chatForm{}, fmt.Errorf("read the chat template: %w", err)
			}
		case "stop":
			form.options.Stop = append(form.options.Stop, c.Args)
		default:
			if config[c.Name], err = strconv.ParseFloat(c.Args, 64); err != nil {
				return chatForm{}, fmt.Errorf("read the Modelfile: %s: %w", c.Name, err)
			}
		}
	}
	if form.template == nil {
		return chatForm{}, fmt.Errorf("read the Modelfile: it has no template")
	}
	form.Open, form.Close = thinking.InferTags(form.template.Template)
	options, err := model.ParseOptions(config)
	form.options = options.Merge(form.options)
	return form, err
}

// prompt gives the text that the model reads.
func (f chatForm) prompt(req model.Request) (string, error) {
	values := template.Values{Think: req.Think == "true", IsThinkSet: req.Think != ""}
	for _, m := range req.Messages {
		message, err := chat.Message(m)
		if err != nil {
			return "", err
		}
		values.Messages = append(values.Messages, message)
	}
	for _, t := range req.Tools {
		tool, err := chat.Tool(t)
		if err != nil {
			return "", err
		}
		values.Tools = append(values.Tools, tool)
	}
	var b strings.Builder
	if err := f.template.Execute(&b, values); err != nil {
		return "", chat.Unfit("the chat", err)
	}
	return b.String(), nil
}

// RenderPrompt gives the prompt after the chat template.
func (p *Provider) RenderPrompt(_ context.Context, req model.Request) (string, error) {
	if err := check(req); err != nil {
		return "", err
	}
	m, err := p.load()
	if err != nil {
		return "", err
	}
	return m.chat.prompt(req)
}

// check tells what the model cannot do.
func check(req model.Request) error {
	if err := req.Check(); err != nil {
		return err
	}
	if req.Model != Model {
		return unknown(req.Model)
	}
	for _, m := range req.Messages {
		if len(m.Images) > 0 {
			return &model.Error{Kind: model.Unsupported, Message: "the built-in model does not read images", Hint: "choose a model with vision"}
		}
	}
	switch req.Think {
	case "low", "medium", "high":
		return &model.Error{Kind: model.Unsupported, Message: fmt.Sprintf("the built-in model has no thinking level %q", req.Think), Hint: "write true or false"}
	}
	return nil
}
