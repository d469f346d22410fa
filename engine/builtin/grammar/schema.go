package grammar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// New makes a grammar of a JSON Schema, for tokens that stand for these bytes;
// ends tells which tokens end a text. Properties come in the schema's order. A
// keyword that cannot be kept to is an error that names it.
func New(schema json.RawMessage, pieces []string, ends func(token int32) bool) (*State, error) {
	root, err := decode(schema)
	if err != nil {
		return nil, err
	}
	b := &builder{root: root, named: map[string]int{}}
	b.text()
	start := b.value(root, "the schema")
	if b.err != nil {
		return nil, b.err
	}
	b.lay()
	a := &automaton{rules: b.rules, pieces: pieces, stacks: map[stackKey]*stack{}, states: map[string]*state{}}
	first := &state{}
	for _, at := range a.starts[start] {
		a.expand(at, nil, first)
	}
	return &State{automaton: a, now: a.share(first), ends: ends}, nil
}

// builder makes rules; lay writes them out once all are known.
type builder struct {
	rules
	root                       any
	made                       [][][]element // by rule and alternative
	named                      map[string]int
	char, gap, integer, number int
	anything, anyText          int
	err                        error
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// rule adds a rule of these alternatives.
func (b *builder) rule(alternatives ...[]element) int {
	b.made = append(b.made, alternatives)
	return len(b.made) - 1
}

func (b *builder) lay() {
	for _, alternatives := range b.made {
		var starts []int
		for _, elements := range alternatives {
			starts = append(starts, len(b.elements))
			b.elements = append(append(b.elements, elements...), element{})
		}
		b.starts = append(b.starts, starts)
	}
}

func call(rule int) element { return element{kind: callsRule, rule: rule} }

// among is one byte of the ranges, given as pairs.
func among(pairs ...byte) element {
	var set class
	for i := 0; i < len(pairs); i += 2 {
		for c := int(pairs[i]); c <= int(pairs[i+1]); c++ {
			set[c] = true
		}
	}
	return element{kind: oneByte, set: &set}
}

// literal is a text byte for byte.
func literal(text string) []element {
	out := make([]element, len(text))
	for i := range out {
		out[i] = among(text[i], text[i])
	}
	return out
}

func join(parts ...[]element) []element { return slices.Concat(parts...) }
func one(e ...element) []element        { return e }

// repeat is a rule, between least and most times; a negative most is no bound.
func (b *builder) repeat(e []element, least, most int) []element {
	var tail []element
	if most < 0 {
		again := b.rule()
		b.made[again] = [][]element{nil, join(e, one(call(again)))}
		tail = one(call(again))
	} else {
		for range most - least {
			tail = one(call(b.rule(nil, join(e, tail))))
		}
	}
	for range least {
		tail = join(e, tail)
	}
	return tail
}

// text makes the rules that need no schema.
func (b *builder) text() {
	digit := among('0', '9')
	more := among(0x80, 0xbf)
	hex := among('0', '9', 'a', 'f', 'A', 'F')
	b.char = b.rule(
		one(among(' ', '!', '#', '[', ']', 0x7e)),
		one(among(0xc2, 0xdf), more),
		one(among(0xe0, 0xe0), among(0xa0, 0xbf), more),
		one(among(0xe1, 0xec, 0xee, 0xef), more, more),
		one(among(0xed, 0xed), among(0x80, 0x9f), more),
		one(among(0xf0, 0xf0), among(0x90, 0xbf), more, more),
		one(among(0xf1, 0xf3), more, more, more),
		one(among(0xf4, 0xf4), among(0x80, 0x8f), more, more),
		one(among('\\', '\\'), among('"', '"', '\\', '\\', '/', '/', 'b', 'b', 'f', 'f', 'n', 'n', 'r', 'r', 't', 't')),
		// Of the escaped code points none that is half of a pair.
		one(among('\\', '\\'), among('u', 'u'), among('0', '9', 'a', 'c', 'e', 'f', 'A', 'C', 'E', 'F'), hex, hex, hex),
	)
	b.gap = b.rule(nil, literal(" "))
	b.integer = b.rule(one(call(b.rule(nil, literal("-"))), call(b.rule(literal("0"), join(one(among('1', '9')), b.repeat(one(digit), 0, 14))))))
	fraction := b.rule(nil, join(literal("."), b.repeat(one(digit), 1, 15)))
	exponent := b.rule(nil, join(one(among('e', 'e', 'E', 'E'), call(b.rule(nil, one(among('+', '+', '-', '-'))))), b.repeat(one(digit), 1, 2)))
	b.number = b.rule(one(call(b.integer), call(fraction), call(exponent)))
	b.anyText = b.rule(join(literal(`"`), b.repeat(one(call(b.char)), 0, -1), literal(`"`)))
	b.anything = b.rule()
	list := b.list(one(call(b.anything)), 0, -1)
	pair := join(one(call(b.anyText)), literal(":"), one(call(b.gap), call(b.anything)))
	b.made[b.anything] = [][]element{
		one(call(b.anyText)), one(call(b.number)), literal("true"), literal("false"), literal("null"), list,
		join(literal("{"), b.separated(pair, 0, -1), literal("}")),
	}
}

// separated is so many of e with commas between them.
func (b *builder) separated(e []element, least, most int) []element {
	if most == 0 {
		return nil
	}
	rest := most
	if most > 0 {
		rest--
	}
	all := join(e, b.repeat(join(literal(","), one(call(b.gap)), e), max(least-1, 0), rest))
	if least > 0 {
		return all
	}
	return one(call(b.rule(nil, all)))
}

func (b *builder) list(e []element, least, most int) []element {
	return join(literal("["), b.separated(e, least, most), literal("]"))
}

// ignored are keywords that ask nothing of a value, kept those that are kept
// to.
var (
	ignored = []string{"title", "description", "default", "examples", "format", "$schema", "$id", "$comment", "$defs", "definitions", "deprecated", "readOnly", "writeOnly"}
	kept    = []string{"type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "enum", "const", "anyOf", "oneOf", "$ref"}
)

// value makes the rule of a schema; where names it in errors.
func (b *builder) value(schema any, where string) int {
	s, ok := schema.(*object)
	if !ok {
		if schema != true {
			b.fail("%s allows nothing", where)
		}
		return b.anything
	}
	for _, key := range s.keys {
		if !slices.Contains(ignored, key) && !slices.Contains(kept, key) {
			b.fail("%s uses %q, which the built-in model cannot keep to", where, key)
			return 0
		}
	}
	switch {
	case s.has("$ref"):
		return b.reference(s.text("$ref"), where)
	case s.has("const"):
		return b.literals([]any{s.get("const")})
	case s.has("enum"):
		all, _ := s.get("enum").([]any)
		return b.literals(all)
	case s.has("anyOf"), s.has("oneOf"):
		all, _ := s.get("anyOf").([]any)
		more, _ := s.get("oneOf").([]any)
		var alternatives [][]element
		for i, each := range append(all, more...) {
			alternatives = append(alternatives, one(call(b.value(each, fmt.Sprintf("alternative %d of %s", i+1, where)))))
		}
		return b.rule(alternatives...)
	}
	if types, ok := s.get("type").([]any); ok {
		var alternatives [][]element
		for _, t := range types {
			alternatives = append(alternatives, one(call(b.typed(s, fmt.Sprint(t), where))))
		}
		return b.rule(alternatives...)
	}
	return b.typed(s, s.text("type"), where)
}

func (b *builder) typed(s *object, kind, where string) int {
	switch kind {
	case "object":
		return b.object(s, where)
	case "array":
		item := b.anything
		if s.has("items") {
			item = b.value(s.get("items"), "an item of "+where)
		}
		return b.rule(b.list(one(call(item)), s.count("minItems", 0), s.count("maxItems", -1)))
	case "string":
		return b.rule(join(literal(`"`), b.repeat(one(call(b.char)), s.count("minLength", 0), s.count("maxLength", -1)), literal(`"`)))
	case "integer":
		return b.integer
	case "number":
		return b.number
	case "boolean":
		return b.rule(literal("true"), literal("false"))
	case "null":
		return b.rule(literal("null"))
	case "":
		if s.has("properties") {
			return b.object(s, where)
		}
		return b.anything
	}
	b.fail("%s has the type %q, which is none", where, kind)
	return 0
}

// literals is one of some values.
func (b *builder) literals(values []any) int {
	var alternatives [][]element
	for _, v := range values {
		var text strings.Builder
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		if err := e.Encode(plain(v)); err != nil {
			b.fail("%v", err)
		}
		alternatives = append(alternatives, literal(strings.TrimSuffix(text.String(), "\n")))
	}
	if len(alternatives) == 0 {
		b.fail("an enum has no values")
	}
	return b.rule(alternatives...)
}

func (b *builder) reference(ref, where string) int {
	if rule, ok := b.named[ref]; ok {
		return rule
	}
	at, path := b.root, strings.Split(strings.TrimPrefix(ref, "#"), "/")
	for _, name := range path[1:] {
		o, ok := at.(*object)
		if !ok || !o.has(name) || !strings.HasPrefix(ref, "#") {
			b.fail("%s refers to %q, which is not in it", where, ref)
			return 0
		}
		at = o.get(name)
	}
	rule := b.rule()
	b.named[ref] = rule
	b.made[rule] = [][]element{one(call(b.value(at, ref)))}
	return rule
}

// object is a rule of properties in their order, optional ones present or not.
func (b *builder) object(s *object, where string) int {
	properties, _ := s.get("properties").(*object)
	if properties == nil || len(properties.keys) == 0 {
		if s.get("additionalProperties") == false {
			return b.rule(literal("{}"))
		}
		of := b.anything
		if more, ok := s.get("additionalProperties").(*object); ok {
			of = b.value(more, "a property of "+where)
		}
		pair := join(one(call(b.anyText)), literal(":"), one(call(b.gap), call(of)))
		return b.rule(join(literal("{"), b.separated(pair, 0, -1), literal("}")))
	}
	required, _ := s.get("required").([]any)
	// From the last property to the first: what may follow as the first one
	// written, and behind another.
	first, behind := literal("}"), literal("}")
	for i := len(properties.keys) - 1; i >= 0; i-- {
		key := properties.keys[i]
		name := b.literals([]any{key})
		pair := join(one(call(name)), literal(":"), one(call(b.gap), call(b.value(properties.get(key), fmt.Sprintf("%q of %s", key, where)))))
		with := join(pair, behind)
		withComma := join(literal(","), one(call(b.gap)), pair, behind)
		if slices.Contains(required, any(key)) {
			first, behind = one(call(b.rule(with))), one(call(b.rule(withComma)))
		} else {
			first, behind = one(call(b.rule(with, first))), one(call(b.rule(withComma, behind)))
		}
	}
	for _, name := range required {
		if key, ok := name.(string); !ok || !properties.has(key) {
			b.fail("%s requires %v, which is none of its properties", where, name)
		}
	}
	return b.rule(join(literal("{"), first))
}
