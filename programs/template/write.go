package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// write turns a value into text as JavaScript does; plain is false for what it
// cannot show plainly, an object.
func write(v any) (text string, plain bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		if !strings.ContainsAny(string(v), ".eE") {
			return string(v), true // however large
		}
	case []byte:
		return string(v), true
	}
	if rv := reflect.ValueOf(v); rv.CanInt() {
		return strconv.FormatInt(rv.Int(), 10), true
	} else if rv.CanUint() {
		return strconv.FormatUint(rv.Uint(), 10), true
	}
	if n, ok := number(v); ok {
		return decimal(n), true
	}
	if items, ok := list(v); ok {
		parts := make([]string, len(items))
		plain = true
		for i, item := range items {
			var p bool
			parts[i], p = write(item)
			plain = plain && p
		}
		return strings.Join(parts, ","), plain
	}
	text, err := writeJSON(v, 0)
	if err != nil {
		return fmt.Sprint(v), false
	}
	return text, false
}

// decimal writes a number as JavaScript does.
func decimal(n float64) string {
	if abs := math.Abs(n); abs >= 1e21 || abs < 1e-6 && n != 0 {
		text := strconv.FormatFloat(n, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(text, "e")
		return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// writeJSON writes a value as JSON, keys in their order, indented by indent
// spaces where that is over 0.
func writeJSON(v any, indent int) (string, error) {
	var b bytes.Buffer
	if err := appendJSON(&b, v, 0); err != nil {
		return "", err
	}
	if indent <= 0 {
		return b.String(), nil
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", strings.Repeat(" ", min(indent, 16))); err != nil {
		return "", err
	}
	return out.String(), nil
}

func appendJSON(b *bytes.Buffer, v any, depth int) error {
	if depth > deepest {
		return fmt.Errorf("more than %d levels of lists and objects", deepest)
	}
	if names, ok := keys(v); ok {
		b.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := encode(b, name); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := appendJSON(b, value{v: v}.get(name).v, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	}
	if items, ok := list(v); ok {
		b.WriteByte('[')
		for i, item := range items {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := appendJSON(b, item, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	return encode(b, v)
}

func encode(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // its line feed
	return nil
}
