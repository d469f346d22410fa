package trace

import (
	"math"
	"slices"

	"reprise/engine/model"
)

// Vocabulary bounds the number of tokens that a model knows, for entropies of
// which only the likeliest alternatives are known.
const Vocabulary = 1 << 18

// Entropy bounds the entropy (nats) of the choice of a token of which the
// likeliest alternatives are known: what they leave, r = 1 − Σp, lies on one
// more token at the least and spread over the whole vocabulary at the most:
//
//	H ∈ [−Σ p ln p − r ln r, that + r ln(V − k)]
//
// Without alternatives nothing is known of it, and ok is false.
func (t Token) Entropy(vocabulary int) (low, high float64, ok bool) {
	s := sum{rest: 1}
	for _, a := range t.Top {
		s.add(a.Logprob)
	}
	low, high = s.bounds(vocabulary)
	return low, high, s.n > 0
}

// sum adds up what is known of a distribution.
type sum struct {
	n         int
	low, rest float64
}

func (s *sum) add(logprob float64) {
	s.n++
	if p := math.Exp(logprob); p > 0 {
		s.rest -= p
		s.low -= p * logprob
	}
}

func (s *sum) bounds(vocabulary int) (low, high float64) {
	if s.rest < 1e-12 {
		return s.low, s.low
	}
	low = s.low - s.rest*math.Log(s.rest)
	return low, low + s.rest*math.Log(float64(max(1, vocabulary-s.n)))
}

// Certainty sums up how sure a model was over a stretch of its tokens.
type Certainty struct {
	Tokens      int     // with a log-probability
	Logprob     float64 // mean
	Least       float64 // the least likely token's
	EntropyLow  float64 // mean of the bounds, nats; of the tokens with alternatives
	EntropyHigh float64
	Entropies   int // tokens with alternatives
}

// Probability is the geometric mean of the tokens' probabilities, e^Logprob.
func (c Certainty) Probability() float64 { return math.Exp(c.Logprob) }

// Perplexity is e^−Logprob.
func (c Certainty) Perplexity() float64 { return math.Exp(-c.Logprob) }

// Sum sums tokens up.
func Sum(tokens []Token) Certainty {
	var c Certainty
	for _, t := range tokens {
		c.Tokens++
		c.Logprob += t.Logprob
		c.Least = min(c.Least, t.Logprob)
		if low, high, ok := t.Entropy(Vocabulary); ok {
			c.Entropies++
			c.EntropyLow += low
			c.EntropyHigh += high
		}
	}
	if c.Tokens > 0 {
		c.Logprob /= float64(c.Tokens)
	}
	if c.Entropies > 0 {
		c.EntropyLow /= float64(c.Entropies)
		c.EntropyHigh /= float64(c.Entropies)
	}
	return c
}

// Choice is a token at which a model could as well have said something else.
type Choice struct {
	Channel   model.Channel
	Start     int     // byte
	Low, High float64 // bounds of the entropy, nats
}

// undecided is the least entropy, in nats, of a choice that deserves the name: that of
// one to twenty.
const undecided = 0.2

// Choices are the tokens at which the model was least decided: the share of all
// tokens with alternatives that has the highest entropy, by its lower bound. They
// are the candidates for forks that change the course of a trace (arXiv 2506.01939
// finds a fifth of the tokens to be such). They come by their places, those of the
// thinking first.
func (t *Trace) Choices(share float64) []Choice {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var all []Choice
	for _, ch := range []model.Channel{model.Thinking, model.Content} {
		for _, p := range t.channel(ch).tokens {
			all = p.choices(all, ch)
		}
	}
	n := int(math.Ceil(share * float64(len(all))))
	if n == 0 {
		return nil
	}
	lows := make([]float64, len(all))
	for i, c := range all {
		lows[i] = c.Low
	}
	slices.Sort(lows)
	least := max(lows[len(lows)-n], undecided)
	return slices.DeleteFunc(all, func(c Choice) bool { return c.Low < least })
}
