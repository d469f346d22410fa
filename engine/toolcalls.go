package engine

import (
	"slices"

	"reprise/engine/model"
	"reprise/engine/tools"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/programs/template"
)

// openBox makes what executes a program's tools; nil where it has none.
func (e *Engine) openBox(p *programs.Program) *tools.Box {
	if p.Meta.Toolset.Empty() {
		return nil
	}
	return tools.Open(p.Meta.Toolset, e.config.Workspace)
}

// offer tells the model of the program's tools, in its own way or in the text. What
// servers offer is told when the conversation begins: nobody is to ask them before.
func (p *prepared) offer() {
	set := p.job.Program.Meta.Toolset
	switch {
	case set.Empty():
	case p.info.May().Tools:
		p.request.Tools = tools.Offered(set)
	case len(set.Servers) == 0:
		p.request.Messages = tools.Described(p.request.Messages, set.Tools)
	}
}

// conversing gives a completion that executes what the model calls; first asks for
// its first turn. Without tools it is first itself.
func (p *prepared) conversing(box *tools.Box, first complete) complete {
	if box == nil {
		return first
	}
	c := &tools.Conversation{
		Box: box, Turns: p.job.Program.Meta.Toolset.Turns, Native: p.info.May().Tools,
		First: tools.Ask(first), Again: p.provider.Stream, Clean: p.clean,
	}
	return c.Ask
}

// clean breaks the model's control tokens in a text that a tool has given.
func (p *prepared) clean(text string) string {
	part := template.Part{Text: text, Origins: []template.Origin{{End: len(text), Kind: template.FromInput}}}
	return neutralise([]template.Message{{Content: []template.Part{part}}}, p.info.ControlTokens)[0].Content[0].Text
}

// over appends the turns that a fork has behind it to what the model reads.
func (p *prepared) over(turns []trace.Turn) {
	p.request.Messages = slices.Clone(p.request.Messages)
	for _, turn := range turns {
		said := model.Message{Role: "assistant", Thinking: turn.Thinking, Content: turn.Content}
		var results []model.Result
		for _, call := range turn.Calls {
			said.ToolCalls = append(said.ToolCalls, call.ToolCall)
			result := model.Result{Name: call.Name, Failed: true, Content: "the call was cut off"}
			if call.Result != nil {
				result = *call.Result
			}
			result.Content = p.clean(result.Content)
			results = append(results, result)
		}
		p.request.Messages = append(p.request.Messages, tools.Messages(said, results, p.info.May().Tools)...)
	}
}

// noTurnsLeft is the answer of a sample that called tools to its last turn.
var noTurnsLeft = answer.Answer{Problem: "the model called tools to the last of its turns; raise maxTurns"}
