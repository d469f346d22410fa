package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/programs/schema"
)

// calibration divides what a model gives the options of a choice by what it
// gives them where there is nothing to judge (contextual calibration, arXiv
// 2102.09690). It asks the model once for each content-free input and way in
// which the line of the answer begins.
type calibration struct {
	spec     answer.Spec
	provider model.Provider
	request  model.Request
	free     []model.Request // with content-free inputs

	mu    sync.Mutex
	known map[string][]answer.Share // by what stands before the option in its line
}

const (
	alternatives = 20  // what servers give at most
	scored       = 400 // what the built-in model is asked for
)

// calibrate prepares the calibration of a job; nil where it asks for none. Its
// errors are about the job: nothing has run then.
func (e *Engine) calibrate(p *prepared) (*calibration, error) {
	spec := p.job.Program.Meta.Answer
	if spec == nil || !spec.Calibrate {
		return nil, nil
	}
	c := &calibration{spec: *spec, provider: p.provider, known: make(map[string][]answer.Share)}
	if _, ok := p.provider.(model.Scorer); !ok {
		if !p.info.May().Logprobs {
			return nil, p.lacks("log-probabilities, by which its choice is calibrated,", "take reprise.answer.calibrate out, or name another model with --model")
		}
		p.request.Logprobs = max(alternatives, p.request.Logprobs)
	}
	c.request = p.request
	for _, text := range answer.ContentFree {
		input, ok := emptied(p.job.Program, p.input, text)
		if !ok {
			return nil, fmt.Errorf("%s has no text among its inputs, and its choice cannot be calibrated without one to empty; declare a string, or take reprise.answer.calibrate out", p.job.Program.Path)
		}
		data := p.job.Data
		data.Input = input
		messages, ds := p.job.Program.Render(data)
		if err := ds.Err(); err != nil {
			return nil, fmt.Errorf("render %s with %q for an input, to calibrate its choice: %w", p.job.Program.Path, text, err)
		}
		converted, err := e.convert(neutralise(messages, p.info.ControlTokens))
		if err != nil {
			return nil, err
		}
		free := p.request
		free.Messages = converted
		c.free = append(c.free, free)
	}
	return c, nil
}

// emptied puts a text in place of all texts of an input; false where there is
// none.
func emptied(p *programs.Program, input map[string]any, text string) (map[string]any, bool) {
	texts := make(map[string]bool)
	for _, f := range p.Inputs() {
		texts[f.Name] = isText(f)
	}
	out, any := make(map[string]any, len(input)), false
	for name, value := range input {
		out[name] = value
		if _, ok := value.(string); ok && texts[name] {
			out[name], any = text, true
		}
	}
	return out, any
}

func isText(f schema.Field) bool { return f.Type == "string" || f.Type == "any" }

// calibrated is the answer of a sample after calibration.
func (c *calibration) calibrated(ctx context.Context, t *trace.Trace, content string, found answer.Answer) answer.Answer {
	if !found.Found() {
		return found
	}
	out, err := c.decide(ctx, t, content, found)
	if err != nil {
		return answer.Answer{Problem: "the choice " + found.Value + " could not be calibrated: " + err.Error()}
	}
	return out
}

func (c *calibration) decide(ctx context.Context, t *trace.Trace, content string, found answer.Answer) (answer.Answer, error) {
	at, ok := c.spec.Locate(content)
	if !ok {
		return found, errors.New("it does not stand in what the model said as a word of its own")
	}
	tokens, err := c.tokens(ctx, t, content, at)
	if err != nil {
		return found, err
	}
	token, ok := tokenAt(tokens, at.Start)
	if !ok {
		return found, errors.New("there are no log-probabilities of it")
	}
	said, err := c.spec.Shares(pieces(token.Token), 0)
	if err != nil {
		return found, err
	}
	line := content[:token.Start]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	free, err := c.without(ctx, line, content[token.Start:at.End])
	if err != nil {
		return found, err
	}
	_, shares, err := answer.Calibrate(numbers(said), numbers(free))
	if err != nil {
		return found, err
	}
	out := &answer.Calibration{Said: at.Option, Before: said, Empty: free}
	best := 0
	for i, share := range shares {
		out.Calibrated = append(out.Calibrated, answer.Share{Label: said[i].Label, P: share})
		if share > shares[best] {
			best = i
		}
	}
	found.Value, found.Calibration = c.spec.Label(said[best].Label), out
	return found, nil
}

// tokens are those of what the model said, up to the option at least.
func (c *calibration) tokens(ctx context.Context, t *trace.Trace, content string, at answer.Location) ([]trace.Token, error) {
	scorer, ok := c.provider.(model.Scorer)
	if !ok {
		return t.Tokens(model.Content, 0), nil
	}
	request := c.request
	request.Logprobs = scored
	_, tokens, err := scorer.Score(ctx, request, model.Said{Thinking: t.Text(model.Thinking, 0), Content: content[:at.End], In: model.Content})
	return trace.Placed(tokens, 0), err
}

// without is what the options get where the inputs hold nothing: the mean over
// the content-free inputs, with the line begun as it was.
func (c *calibration) without(ctx context.Context, line, option string) ([]answer.Share, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.known[line]; known != nil {
		return known, nil
	}
	var mean []answer.Share
	for i, request := range c.free {
		token, err := c.next(ctx, request, line, option)
		if err != nil {
			return nil, fmt.Errorf("the input %q: %w", answer.ContentFree[i], err)
		}
		all := pieces(token)
		shares, err := c.spec.Shares(all, least(all))
		if err != nil {
			return nil, fmt.Errorf("the input %q: %w", answer.ContentFree[i], err)
		}
		if mean == nil {
			mean = make([]answer.Share, len(shares))
		}
		for j, s := range shares {
			mean[j].Label = s.Label
			mean[j].P += s.P / float64(len(c.free))
		}
	}
	c.known[line] = mean
	return mean, nil
}

// errEnough ends a completion of which no more is needed.
var errEnough = errors.New("no more of it is needed")

// next is the token that stands behind the beginning of a line.
func (c *calibration) next(ctx context.Context, request model.Request, line, option string) (model.Token, error) {
	if scorer, ok := c.provider.(model.Scorer); ok {
		request.Logprobs = scored
		_, tokens, err := scorer.Score(ctx, request, model.Said{Content: line + option, In: model.Content})
		if err != nil {
			return model.Token{}, err
		}
		token, ok := tokenAt(trace.Placed(tokens, 0), len(line))
		if !ok || token.Start != len(line) {
			return model.Token{}, errors.New("the model cuts the text into other tokens there")
		}
		return token.Token, nil
	}
	var first *model.Token
	emit := func(event model.Event) error {
		if text, ok := event.(model.Text); ok && text.Channel == model.Content && len(text.Tokens) > 0 {
			first = &text.Tokens[0]
			return errEnough
		}
		return nil
	}
	ask := c.provider.Stream
	if line != "" {
		continuer, ok := c.provider.(model.Continuer)
		if !ok {
			return model.Token{}, fmt.Errorf("%q stands before the option, and %s cannot go on from there; let the program ask for the option alone", line, c.provider.Name())
		}
		ask = func(ctx context.Context, req model.Request, emit func(model.Event) error) error {
			return continuer.Continue(ctx, req, model.Said{Content: line, In: model.Content}, emit)
		}
	}
	switch err := ask(ctx, request, emit); {
	case err != nil && !errors.Is(err, errEnough):
		return model.Token{}, err
	case first == nil:
		return model.Token{}, errors.New("the model says nothing")
	}
	return *first, nil
}

// tokenAt is the token that holds the byte at an offset.
func tokenAt(tokens []trace.Token, offset int) (trace.Token, bool) {
	for _, t := range tokens {
		if t.Start <= offset && offset < t.Start+len(t.Text) {
			return t, true
		}
	}
	return trace.Token{}, false
}

// pieces are what could have been said in place of a token, itself included.
func pieces(t model.Token) []answer.Piece {
	out := []answer.Piece{{Text: t.Text, P: math.Exp(t.Logprob)}}
	for _, other := range t.Top {
		if other.Text != t.Text {
			out = append(out, answer.Piece{Text: other.Text, P: math.Exp(other.Logprob)})
		}
	}
	return out
}

// least bounds the probability of what is not among the pieces from above: it
// is no likelier than the unlikeliest of them.
func least(all []answer.Piece) float64 {
	out := 1.0
	for _, p := range all {
		out = min(out, p.P)
	}
	return out
}

func numbers(shares []answer.Share) []float64 {
	out := make([]float64, len(shares))
	for i, s := range shares {
		out[i] = s.P
	}
	return out
}
