package builtin

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"reprise/engine/model"
)

// sampler draws tokens. The steps are those of llama.cpp, in its order: the
// penalty for repetition, top-k, top-p, min-p, temperature.
type sampler struct {
	temperature, topP, minP, penalty float64
	topK                             int
	rng                              *rand.Rand
	recent                           []int32
	candidates                       []candidate
}

type candidate struct {
	id    int32
	logit float64
	share float64
}

// window is how many tokens back a repetition counts.
const window = 64

func newSampler(o model.Options) *sampler {
	s := &sampler{topP: 1, penalty: 1, rng: rand.New(rand.NewPCG(rand.Uint64(), 0))}
	set(&s.temperature, o.Temperature)
	set(&s.topP, o.TopP)
	set(&s.minP, o.MinP)
	set(&s.penalty, o.RepeatPenalty)
	set(&s.topK, o.TopK)
	if o.Seed != nil && *o.Seed >= 0 {
		s.rng = rand.New(rand.NewPCG(uint64(*o.Seed), 0))
	}
	return s
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

// next draws a token by its logit, of those that allowed says; nil allows all.
// −1: none is allowed.
func (s *sampler) next(logits []float32, allowed []bool) int32 {
	s.candidates = s.candidates[:0]
	for id, logit := range logits {
		if allowed == nil || allowed[id] {
			s.candidates = append(s.candidates, candidate{id: int32(id), logit: float64(logit)})
		}
	}
	if len(s.candidates) == 0 {
		return -1
	}
	s.penalise()
	var id int32
	if s.temperature <= 0 {
		id = slices.MaxFunc(s.candidates, func(a, b candidate) int { return cmp.Compare(a.logit, b.logit) }).id
	} else {
		id = s.draw()
	}
	if s.recent = append(s.recent, id); len(s.recent) > window {
		s.recent = s.recent[1:]
	}
	return id
}

func (s *sampler) penalise() {
	if s.penalty == 1 {
		return
	}
	for i, c := range s.candidates {
		switch {
		case !slices.Contains(s.recent, c.id):
		case c.logit > 0:
			s.candidates[i].logit /= s.penalty
		default:
			s.candidates[i].logit *= s.penalty
		}
	}
}

func (s *sampler) draw() int32 {
	slices.SortFunc(s.candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.logit, a.logit), cmp.Compare(a.id, b.id))
	})
	all := s.candidates
	if s.topK > 0 && s.topK < len(all) {
		all = all[:s.topK]
	}
	shares(all, 1)
	if s.topP < 1 {
		for i, sum := 0, 0.0; i < len(all); i++ {
			if sum += all[i].share; sum >= s.topP {
				all = all[:i+1]
			}
		}
	}
	least := s.minP * all[0].share
	for len(all) > 1 && all[len(all)-1].share < least {
		all = all[:len(all)-1]
	}
	shares(all, s.temperature)
	r := s.rng.Float64()
	for _, c := range all {
		if r -= c.share; r < 0 {
			return c.id
		}
	}
	return all[0].id
}

// shares makes probabilities of logits, the highest of which comes first.
func shares(all []candidate, temperature float64) {
	sum := 0.0
	for i, c := range all {
		all[i].share = math.Exp((c.logit - all[0].logit) / temperature)
		sum += all[i].share
	}
	for i := range all {
		all[i].share /= sum
	}
}

// logShares gives the natural logarithms of the probabilities.
func logShares(logits []float32) []float64 {
	most := float64(slices.Max(logits))
	sum := 0.0
	for _, l := range logits {
		sum += math.Exp(float64(l) - most)
	}
	log := most + math.Log(sum)
	out := make([]float64, len(logits))
	for i, l := range logits {
		out[i] = float64(l) - log
	}
	return out
}
