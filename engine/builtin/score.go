package builtin

import (
	"context"
	"math"

	"reprise/engine/builtin/llama"
	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// Count gives the number of tokens of a request's prompt.
func (p *Provider) Count(_ context.Context, req model.Request) (int, error) {
	g, err := p.prepare(req, model.Said{})
	if err != nil {
		return 0, err
	}
	return len(g.prompt), nil
}

// Score gives the tokens of an answer that is given, with the log-probabilities
// that they have as the continuation of the prompt. Temperature and the like do
// not count.
func (p *Provider) Score(ctx context.Context, req model.Request, answer model.Said) (thinking, content []model.Token, err error) {
	if answer.Thinking == "" {
		req.Think = "false"
	}
	g, err := p.prepare(req, model.Said{Thinking: answer.Thinking, In: model.Content})
	if err != nil {
		return nil, nil, err
	}
	m := g.model
	said, err := m.Tokens.Encode(answer.Content)
	if err != nil {
		return nil, nil, chat.Unfit("the answer", err)
	}
	thoughts, err := m.Tokens.Encode(answer.Thinking)
	if err != nil {
		return nil, nil, chat.Unfit("the thinking", err)
	}
	ids := append(g.prompt, said...)
	behind := len(g.prompt)
	from := behind - 1 - len(thoughts) // the closing tag is between them
	logits, err := p.after(ctx, m, ids)
	if err != nil {
		return nil, nil, err
	}
	token := func(at int) model.Token {
		t := model.Token{Text: spelled(m.Tokens.Piece(ids[at]))}
		t.Logprob, t.Top = m.ranked(logits[at-1], ids[at], max(0, req.Logprobs))
		return t
	}
	for at := range thoughts {
		thinking = append(thinking, token(from+at))
	}
	for at := range said {
		content = append(content, token(behind+at))
	}
	return thinking, content, nil
}

// after gives the logits after each token.
func (p *Provider) after(ctx context.Context, m *loaded, ids []int32) ([][]float32, error) {
	out, err := m.Read(ctx, llama.Input{Sequence: m.NewSequence(), Tokens: ids, All: true})
	if err != nil {
		return nil, tooLong(ctx, err)
	}
	return out[0], nil
}

func tooLong(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &model.Error{Kind: model.ContextExceeded, Message: err.Error(), Hint: "give a shorter text", Err: err}
}

// Embed gives the mean state of the last layer over each text's tokens, scaled
// to length 1.
func (p *Provider) Embed(ctx context.Context, name string, texts []string) ([][]float32, error) {
	if name != Model {
		return nil, unknown(name)
	}
	m, err := p.load()
	if err != nil {
		return nil, err
	}
	out := make([][]float32, len(texts))
	for i, text := range texts {
		ids, err := m.Tokens.Prompt(text)
		if err != nil {
			return nil, chat.Unfit("the text", err)
		}
		states, err := m.Read(ctx, llama.Input{Sequence: m.NewSequence(), Tokens: ids, All: true, Hidden: true})
		if err != nil {
			return nil, tooLong(ctx, err)
		}
		out[i] = mean(states[0])
	}
	return out, nil
}

func mean(states [][]float32) []float32 {
	sum, square := make([]float64, len(states[0])), 0.0
	for _, state := range states {
		for i, v := range state {
			sum[i] += float64(v)
		}
	}
	for _, v := range sum {
		square += v * v
	}
	out := make([]float32, len(sum))
	for i, v := range sum {
		out[i] = float32(v / math.Sqrt(square))
	}
	return out
}

// Logits gives the logits after each token of the prompt and of what was said,
// with the tokens. It is for those who look into the model.
func (p *Provider) Logits(ctx context.Context, req model.Request, said model.Said) (ids []int32, logits [][]float32, err error) {
	g, err := p.prepare(req, said)
	if err != nil {
		return nil, nil, err
	}
	logits, err = p.after(ctx, g.model, g.prompt)
	return g.prompt, logits, err
}
