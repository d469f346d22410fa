package grammar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// object is a JSON object in its order.
type object struct {
	keys   []string
	values map[string]any
}

func (o *object) get(key string) any { return o.values[key] }

func (o *object) has(key string) bool { _, ok := o.values[key]; return ok }

func (o *object) text(key string) string { s, _ := o.values[key].(string); return s }

// count is a whole number, or what to take where there is none.
func (o *object) count(key string, otherwise int) int {
	if n, ok := o.values[key].(json.Number); ok {
		if v, err := n.Int64(); err == nil && v >= 0 {
			return int(min(v, mostRepeated))
		}
	}
	return otherwise
}

// mostRepeated bounds what a schema can make of a grammar.
const mostRepeated = 1000

// decode reads JSON with its order: objects are *object, numbers json.Number.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := decodeValue(d)
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("the schema goes on behind its end")
	}
	return v, nil
}

func decodeValue(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	case json.Delim('{'):
		o := &object{values: map[string]any{}}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			name := key.(string)
			if !o.has(name) {
				o.keys = append(o.keys, name)
			}
			o.values[name] = v
		}
		_, err = d.Token()
		return o, err
	}
	return t, nil
}

// plain gives a value without its order, to be written as JSON.
func plain(v any) any {
	switch v := v.(type) {
	case *object:
		out := map[string]any{}
		for key, value := range v.values {
			out[key] = plain(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	}
	return v
}
