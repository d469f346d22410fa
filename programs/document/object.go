package document

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Object is a map that keeps the order of its keys. The zero Object is empty.
type Object struct {
	keys   []string
	values map[string]any
}

// Keys are the keys in their order.
func (o *Object) Keys() []string { return o.keys }

// Get is the value of a key, and whether it is there.
func (o *Object) Get(key string) (any, bool) {
	v, ok := o.values[key]
	return v, ok
}

// Set gives a key its value; a new key comes last.
func (o *Object) Set(key string, value any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	if o.values == nil {
		o.values = make(map[string]any)
	}
	o.values[key] = value
}

// Delete takes a key away.
func (o *Object) Delete(key string) {
	if _, ok := o.values[key]; ok {
		delete(o.values, key)
		o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(k string) bool { return k == key })
	}
}

// Clone copies the object, but not what it holds.
func (o *Object) Clone() *Object {
	c := &Object{}
	for _, k := range o.keys {
		c.Set(k, o.values[k])
	}
	return c
}

// MarshalJSON writes the keys in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range o.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range []any{k, o.values[k]} {
			if j > 0 {
				b.WriteByte(':')
			}
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			if err := e.Encode(v); err != nil {
				return nil, err
			}
			b.Truncate(b.Len() - 1)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Plain turns objects into maps, all through a value: what encoding/json would
// have decoded.
func Plain(v any) any {
	switch v := v.(type) {
	case *Object:
		out := make(map[string]any, len(v.keys))
		for _, k := range v.keys {
			out[k] = Plain(v.values[k])
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = Plain(item)
		}
		return out
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case int:
		return float64(v)
	}
	return v
}
