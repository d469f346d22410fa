package template

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// ordered is a map that keeps the order its keys were written in.
type ordered interface {
	Keys() []string
	Get(string) (any, bool)
}

// value is what an expression stands for, with where it came from.
type value struct {
	v     any
	found bool // false: nothing has that name
	kind  OriginKind
	path  []string // in the input, or in the context variables behind the @
}

func (v value) child(key string, x any, found bool) value {
	return value{v: x, found: found, kind: v.kind, path: append(slices.Clip(v.path), key)}
}

// get looks a name up in a value.
func (v value) get(name string) value {
	switch m := v.v.(type) {
	case map[string]any:
		x, ok := m[name]
		return v.child(name, x, ok)
	case ordered:
		x, ok := m.Get(name)
		return v.child(name, x, ok)
	case string:
		if name == "length" {
			return v.child(name, len([]rune(m)), true)
		}
	}
	if items, ok := list(v.v); ok {
		if name == "length" {
			return v.child(name, len(items), true)
		}
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(items) {
			return v.child(name, items[i], true)
		}
	} else if rv := reflect.ValueOf(v.v); rv.Kind() == reflect.Map && rv.Type().Key().Kind() == reflect.String {
		if x := rv.MapIndex(reflect.ValueOf(name).Convert(rv.Type().Key())); x.IsValid() {
			return v.child(name, x.Interface(), true)
		}
	}
	return v.child(name, nil, false)
}

// list gives the elements of a list.
func list(v any) ([]any, bool) {
	if items, ok := v.([]any); ok {
		return items, true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice && rv.Kind() != reflect.Array || rv.Type().Elem().Kind() == reflect.Uint8 {
		return nil, false
	}
	out := make([]any, rv.Len())
	for i := range out {
		out[i] = rv.Index(i).Interface()
	}
	return out, true
}

// keys gives the keys of a map, in their order where it has one, else sorted.
func keys(v any) ([]string, bool) {
	if o, ok := v.(ordered); ok {
		return o.Keys(), true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Map || rv.Type().Key().Kind() != reflect.String {
		return nil, false
	}
	out := make([]string, 0, rv.Len())
	for _, k := range rv.MapKeys() {
		out = append(out, k.String())
	}
	slices.Sort(out)
	return out, true
}

// truthy is Handlebars' idea of it: false, null, nothing, "", 0 and the empty
// list are not.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	}
	if n, ok := number(v); ok {
		return n != 0 && !math.IsNaN(n)
	}
	if items, ok := list(v); ok {
		return len(items) > 0
	}
	return true
}

// number gives a number of any Go type.
func number(v any) (float64, bool) {
	if n, ok := v.(json.Number); ok {
		f, err := n.Float64()
		return f, err == nil
	}
	rv := reflect.ValueOf(v)
	switch {
	case !rv.IsValid():
		return 0, false
	case rv.CanInt():
		return float64(rv.Int()), true
	case rv.CanUint():
		return float64(rv.Uint()), true
	case rv.CanFloat():
		return rv.Float(), true
	}
	return 0, false
}

// same is JavaScript's ===, with lists and maps compared by content.
func same(a, b any) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	return reflect.DeepEqual(a, b)
}
