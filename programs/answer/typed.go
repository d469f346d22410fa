package answer

import (
	"encoding/json"
	"fmt"
	"math"
)

// Typed gives an answer in its normal form as a value: a number as float64, JSON as
// what it holds, the others as text.
func (s Spec) Typed(value string) (any, error) {
	switch s.Type {
	case Number:
		r, ok := rational(value)
		if !ok {
			return nil, fmt.Errorf("%q is no number", value)
		}
		f, _ := r.Float64()
		if math.IsInf(f, 0) {
			return nil, fmt.Errorf("the number %.20s… is too large", value)
		}
		return f, nil
	case JSON:
		var out any
		if err := json.Unmarshal([]byte(value), &out); err != nil {
			return nil, fmt.Errorf("the JSON of the answer cannot be read: %w", err)
		}
		return out, nil
	}
	return value, nil
}
