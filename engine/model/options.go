package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Merge gives these options with those that over sets in their place. Extra
// is merged name by name; neither operand is changed.
func (o Options) Merge(over Options) Options {
	o.Temperature = first(over.Temperature, o.Temperature)
	o.TopK = first(over.TopK, o.TopK)
	o.TopP = first(over.TopP, o.TopP)
	o.MinP = first(over.MinP, o.MinP)
	o.RepeatPenalty = first(over.RepeatPenalty, o.RepeatPenalty)
	o.Seed = first(over.Seed, o.Seed)
	o.NumCtx = first(over.NumCtx, o.NumCtx)
	o.NumPredict = first(over.NumPredict, o.NumPredict)
	if over.Stop != nil {
		o.Stop = over.Stop
	}
	o.Stop = slices.Clone(o.Stop)
	o.Extra = maps.Clone(o.Extra)
	for name, value := range over.Extra {
		o.setExtra(name, value)
	}
	return o
}

func first[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func (o *Options) setExtra(name string, value any) {
	if o.Extra == nil {
		o.Extra = map[string]any{}
	}
	o.Extra[name] = value
}

// optionNames gives the field that a name sets: dotprompt's names and Ollama's.
var optionNames = map[string]string{
	"temperature":     "temperature",
	"topK":            "top_k",
	"topP":            "top_p",
	"minP":            "min_p",
	"repeatPenalty":   "repeat_penalty",
	"numCtx":          "num_ctx",
	"maxOutputTokens": "num_predict",
	"numPredict":      "num_predict",
	"stopSequences":   "stop",
	"seed":            "seed",
	"top_k":           "top_k",
	"top_p":           "top_p",
	"min_p":           "min_p",
	"repeat_penalty":  "repeat_penalty",
	"num_ctx":         "num_ctx",
	"num_predict":     "num_predict",
	"stop":            "stop",
}

// ParseOptions reads the config of a program: temperature, topK, topP, minP,
// maxOutputTokens, stopSequences, seed …, or Ollama's names for the same. Other
// names go into Extra as they are. The error tells every setting that is not
// what it should be; the options hold the others.
func ParseOptions(config map[string]any) (Options, error) {
	var o Options
	var errs []error
	by := map[string]string{} // field → the name that set it
	for _, name := range slices.Sorted(maps.Keys(config)) {
		field, known := optionNames[name]
		switch {
		case config[name] == nil:
		case !known:
			o.setExtra(name, config[name])
		case by[field] != "":
			errs = append(errs, fmt.Errorf("%s and %s say the same thing: keep one", by[field], name))
		default:
			by[field] = name
			if want := o.set(field, config[name]); want != "" {
				errs = append(errs, fmt.Errorf("%s is %s, want %s", name, shown(config[name]), want))
			}
		}
	}
	return o, errors.Join(errs...)
}

// set sets one field; where the value does not fit it says what would.
func (o *Options) set(field string, value any) (want string) {
	switch field {
	case "temperature":
		return setNumber(&o.Temperature, value)
	case "top_p":
		return setNumber(&o.TopP, value)
	case "min_p":
		return setNumber(&o.MinP, value)
	case "repeat_penalty":
		return setNumber(&o.RepeatPenalty, value)
	case "top_k":
		return setWhole(&o.TopK, value)
	case "num_ctx":
		return setWhole(&o.NumCtx, value)
	case "num_predict":
		return setWhole(&o.NumPredict, value)
	case "seed":
		return setWhole(&o.Seed, value)
	case "stop":
		stop, ok := texts(value)
		if !ok {
			return "a text or a list of texts"
		}
		o.Stop = stop
	}
	return ""
}

func setNumber(to **float64, value any) string {
	v, ok := number(value)
	if !ok {
		return "a number"
	}
	*to = &v
	return ""
}

func setWhole[T int | int64](to **T, value any) string {
	v, ok := whole(value)
	if !ok || int64(T(v)) != v {
		return "a whole number"
	}
	w := T(v)
	*to = &w
	return ""
}

// number takes whatever a YAML or JSON decoder makes of a number.
func number(value any) (float64, bool) {
	if n, ok := whole(value); ok {
		return float64(n), true
	}
	var f float64
	switch v := value.(type) {
	case float64:
		f = v
	case json.Number:
		parsed, err := v.Float64()
		if err != nil {
			return 0, false
		}
		f = parsed
	default:
		return 0, false
	}
	return f, !math.IsNaN(f) && !math.IsInf(f, 0)
}

// whole does the same for whole numbers, keeping all of their digits.
func whole(value any) (int64, bool) {
	switch v := value.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case uint64:
		return int64(v), v <= math.MaxInt64
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<63
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

func texts(value any) ([]string, bool) {
	switch v := value.(type) {
	case string:
		return []string{v}, true
	case []string:
		return slices.Clone(v), true
	case []any:
		out := make([]string, len(v))
		for i, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			out[i] = s
		}
		return out, true
	}
	return nil, false
}

// shown writes a value as a person would have.
func shown(value any) string {
	if b, err := json.Marshal(value); err == nil {
		return string(b)
	}
	return fmt.Sprint(value)
}
