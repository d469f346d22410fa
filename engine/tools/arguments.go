package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"reprise/programs/toolset"
)

// arguments are those of a call by name, as the function's parameters want them.
// Numbers in quotes are taken for numbers, and numbers for text: models write
// either.
func arguments(thread *starlark.Thread, tool toolset.Tool, text json.RawMessage) ([]starlark.Tuple, error) {
	given, err := members(text)
	if err != nil {
		return nil, fmt.Errorf("the arguments of %s are no JSON object: %w; %s", tool.Name, err, wanted(tool))
	}
	var out []starlark.Tuple
	for _, p := range tool.Parameters {
		raw, ok := given[p.Name]
		delete(given, p.Name)
		if null := string(bytes.TrimSpace(raw)) == "null"; !ok || null && p.Optional {
			if !p.Optional {
				return nil, fmt.Errorf("%s is missing; %s", p.Name, wanted(tool))
			}
			continue
		}
		v, err := starlark.Call(thread, toolset.JSON("decode"), starlark.Tuple{starlark.String(raw)}, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", p.Name, message(err))
		}
		if v, ok = fit(v, p.Type); !ok {
			return nil, fmt.Errorf("%s is %.100s, want %s", p.Name, raw, kinds[p.Type])
		}
		out = append(out, starlark.Tuple{starlark.String(p.Name), v})
	}
	for name := range given {
		return nil, fmt.Errorf("%s has no parameter %q; %s", tool.Name, name, wanted(tool))
	}
	return out, nil
}

// members are the values of a JSON object; no arguments at all are an empty one.
func members(text json.RawMessage) (map[string]json.RawMessage, error) {
	out := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(text)) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	return out, nil
}

var kinds = map[string]string{"text": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "list": "a list", "object": "an object"}

// wanted says what a tool's parameters are.
func wanted(tool toolset.Tool) string {
	if len(tool.Parameters) == 0 {
		return tool.Name + " has no parameters"
	}
	words := make([]string, len(tool.Parameters))
	for i, p := range tool.Parameters {
		words[i] = p.Name + " (" + p.Type + ")"
		if p.Optional {
			words[i] = p.Name + " (" + p.Type + ", may be left out)"
		}
	}
	return "its parameters are " + strings.Join(words, ", ")
}

// fit turns a value into one of a parameter's type.
func fit(v starlark.Value, kind string) (starlark.Value, bool) {
	switch kind {
	case "text":
		switch v := v.(type) {
		case starlark.String:
			return v, true
		case starlark.Int, starlark.Float:
			return starlark.String(v.String()), true
		}
	case "integer", "number":
		return number(v, kind == "integer")
	case "boolean":
		switch v := v.(type) {
		case starlark.Bool:
			return v, true
		case starlark.String:
			b, err := strconv.ParseBool(strings.ToLower(string(v)))
			return starlark.Bool(b), err == nil
		}
	case "list":
		l, ok := v.(*starlark.List)
		return l, ok
	case "object":
		d, ok := v.(*starlark.Dict)
		return d, ok
	case "any":
		return v, true
	}
	return nil, false
}

func number(v starlark.Value, whole bool) (starlark.Value, bool) {
	if s, ok := v.(starlark.String); ok {
		text := strings.TrimSpace(string(s))
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			v = starlark.MakeInt64(n)
		} else if f, err := strconv.ParseFloat(text, 64); err == nil {
			v = starlark.Float(f)
		}
	}
	switch v := v.(type) {
	case starlark.Int:
		return v, true
	case starlark.Float:
		f := float64(v)
		if !whole {
			return v, !math.IsNaN(f) && !math.IsInf(f, 0)
		}
		if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return starlark.MakeInt64(int64(f)), true
		}
	}
	return nil, false
}
