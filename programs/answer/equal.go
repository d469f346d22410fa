package answer

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

// Equality says when two answers of a program are the same one: when its
// samples vote, and when answers are compared. The zero Equality wants the same
// bytes.
type Equality struct {
	Type      Type      `json:"type,omitempty"`
	Tolerance Tolerance `json:"tolerance,omitzero"`
}

// Tolerance is how far apart two numbers may be and still count as one: by a
// distance, or by a share of the larger of the two.
type Tolerance struct {
	By       float64 `json:"by,omitempty"` // 0: not at all
	Relative bool    `json:"relative,omitempty"`
}

// ParseTolerance reads a tolerance as a program writes it: 0.01, or "1%".
func ParseTolerance(text string) (Tolerance, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	r, ok := rational(strings.TrimSpace(number))
	if !ok || r.Sign() < 0 {
		return Tolerance{}, fmt.Errorf("%q is no tolerance; write a distance, as in 0.01, or a share, as in 1%%", text)
	}
	by, _ := r.Float64()
	if percent {
		by /= 100
	}
	return Tolerance{By: by, Relative: percent}, nil
}

// Equality is when two answers of the program are the same.
func (s Spec) Equality() Equality {
	out := Equality{Type: s.Type, Tolerance: s.Tolerance}
	if out.Type == "" {
		out.Type = Text
	}
	return out
}

// Same reports whether two answers, in their normal form, are one. With a
// tolerance it is no equivalence: of 1, 2 and 3 the first two and the last two
// can be the same.
func (e Equality) Same(a, b string) bool {
	if a == b {
		return true
	}
	switch e.Type {
	case Number:
		x, ok := rational(a)
		y, also := rational(b)
		return ok && also && e.Tolerance.within(x, y)
	case Text, Choice:
		return same(a, b)
	case JSON:
		return sameJSON(a, b)
	}
	return false
}

func (t Tolerance) within(x, y *big.Rat) bool {
	most := new(big.Rat).SetFloat64(t.By)
	if most == nil {
		return false
	}
	if t.Relative {
		larger := new(big.Rat).Abs(x)
		if other := new(big.Rat).Abs(y); other.Cmp(larger) > 0 {
			larger = other
		}
		most.Mul(most, larger)
	}
	apart := new(big.Rat).Sub(x, y)
	return apart.Abs(apart).Cmp(slack(most)) <= 0
}

// slack widens a bound by a part in 10¹²: what was written in decimals, as 0.1,
// has no exact form in binary.
func slack(bound *big.Rat) *big.Rat {
	return new(big.Rat).Mul(bound, big.NewRat(1_000_000_000_001, 1_000_000_000_000))
}

// sameJSON compares values: 2.50 is 2.5, and the order of properties does not
// count.
func sameJSON(a, b string) bool {
	x, ok := decoded(a)
	y, also := decoded(b)
	return ok && also && equal(x, y)
}

func decoded(text string) (any, bool) {
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err := d.Decode(&v)
	return v, err == nil
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			if other, has := b[k]; !has || !equal(v, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i, v := range a {
			if !equal(v, b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		if !ok {
			return false
		}
		x, readable := rational(a.String())
		y, also := rational(b.String())
		return a == b || readable && also && x.Cmp(y) == 0
	}
	return a == b
}
