package tasks

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// answerKeys are the keys an answer in JSON may have.
var answerKeys = []string{"answer", "result", "value", "solution"}

// quote writes a JSON string without the escapes that only HTML needs.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSpace(b.String())
}

// stepsJSON is the problem worked in an object with the keys "steps" and key.
func stepsJSON(p Problem, key, answer string) string {
	quoted := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		quoted[i] = quote(s)
	}
	return `{"steps": [` + strings.Join(quoted, ", ") + `], ` + quote(key) + ": " + answer + "}"
}

// askJSON words the wish for an object and writes the object. The answer is a
// string unless a number is asked for.
func askJSON(rng *rand.Rand, p Problem, steps bool) (words, reply string) {
	key := "answer"
	if chance(rng, .2) {
		key = pick(rng, answerKeys)
	}
	answer, kind := quote(p.Answer), "string"
	if _, err := strconv.Atoi(p.Answer); err == nil && chance(rng, .35) {
		answer, kind = p.Answer, pick(rng, []string{"integer", "number"})
	}
	typed := kind != "string" || chance(rng, .2)
	if steps {
		return stepsJSONWords(rng, key, kind, typed), stepsJSON(p, key, answer)
	}
	words = fmt.Sprintf(pick(rng, []string{`Answer in JSON with the key "%s".`, `Reply as JSON: {"%s": ...}.`, `Respond with a JSON object that has the key "%s".`, `Give the answer as JSON with the field "%s".`}), key)
	if typed {
		words = fmt.Sprintf(pick(rng, []string{`Answer in JSON with the key "%s", a %s.`, `Reply as JSON: {"%s": %s}.`, `Answer in JSON that fits this schema: {"type":"object","properties":{"%s":{"type":"%s"}}}`}), key, kind)
	}
	return words, "{" + quote(key) + ": " + answer + "}"
}

func stepsJSONWords(rng *rand.Rand, key, kind string, typed bool) string {
	if typed {
		return fmt.Sprintf(pick(rng, []string{`Answer in JSON with the keys "steps", an array of strings, and "%s", a %s.`, `Answer in JSON that fits this schema: {"type":"object","properties":{"steps":{"type":"array","items":{"type":"string"}},"%s":{"type":"%s"}}}`, `Reply as JSON: {"steps": [string], "%s": %s}.`}), key, kind)
	}
	return fmt.Sprintf(pick(rng, []string{`Answer in JSON with the keys "steps" and "%s".`, `Reply as JSON with "steps" and "%s".`, `Reply as JSON: {"steps": [...], "%s": ...}.`, `Think step by step. Respond with a JSON object that has the keys "steps" and "%s".`}), key)
}

// sampleJSON asks for an object in words, or has it begun by a schema that the
// prompt does not mention.
func sampleJSON(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	words, reply := askJSON(rng, p, chance(rng, .55))
	if chance(rng, .15) {
		r := place(rng, reword(rng, p.Question), nil)
		if chance(rng, .5) {
			r = place(rng, reword(rng, p.Question), []string{pick(rng, stepWords)})
		}
		key, rest, _ := strings.Cut(reply, ":")
		return append(r.segments(), Segment{Text: key + ":"}, Segment{Text: rest + endTurn, Weight: 1})
	}
	return place(rng, reword(rng, p.Question), []string{words}).reply(reply)
}

var synonyms = map[string][]string{
	"customer": {"name", "buyer", "client", "from"}, "quantity": {"number", "count", "amount", "pieces"},
	"item": {"product", "goods", "article"}, "city": {"place", "town", "destination", "location"},
	"name": {"person", "who", "full_name"}, "age": {"years", "years_old"}, "job": {"work", "profession", "role"},
	"person": {"name", "with", "who"}, "event": {"what", "title", "activity"}, "day": {"date", "when", "weekday"},
	"hour": {"time", "at"}, "price": {"cost", "dollars", "amount"}, "in_stock": {"available", "in_store"},
}

// sampleExtract asks for fields in the many ways that programs do: by keys, by
// an example object, by a schema; for all of them or some, in any order.
func sampleExtract(rng *rand.Rand) []Segment {
	p := New(Extract, rng, false)
	fields := append([]Field{}, p.Fields...)
	if chance(rng, .35) {
		rng.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		fields = fields[:between(rng, 1, len(fields))]
	}
	if chance(rng, .3) {
		for i := range fields {
			if chance(rng, .6) {
				fields[i].Name = pick(rng, synonyms[fields[i].Name])
			}
		}
	}
	words := extractWords(rng, p.Source, fields)
	switch {
	case chance(rng, .35):
		words += pick(rng, []string{" Leave out what the " + p.Source + " does not say.", " Leave out what is not said."})
	case chance(rng, .2):
		words += " Use null for what is missing."
		for i := range fields {
			if !fields[i].Said {
				fields[i].Value, fields[i].Said = "null", true
			}
		}
	}
	r := chat("", words+pick(rng, []string{"\n\n", "\n", " "})+p.Question)
	switch {
	case chance(rng, .5):
		r = chat(words, p.Question)
	case chance(rng, .3):
		r = chat("", p.Question+"\n\n"+words)
	}
	if chance(rng, .08) {
		r.Think = true
		return append(r.segments(), Segment{Text: thinkingAloud(fields) + thinkClose + fieldsJSON(fields) + endTurn, Weight: 1})
	}
	return r.reply(fieldsJSON(fields))
}

func thinkingAloud(fields []Field) string {
	var out []string
	for _, f := range fields {
		if f.Said {
			out = append(out, "The "+f.Name+" is "+strings.Trim(f.Value, `"`)+".")
		}
	}
	return strings.Join(out, "\n")
}

func extractWords(rng *rand.Rand, source string, fields []Field) string {
	var quoted, shapes, properties []string
	for _, f := range fields {
		quoted = append(quoted, quote(f.Name))
		shapes = append(shapes, quote(f.Name)+": "+string(f.Kind))
		properties = append(properties, fmt.Sprintf(`%q:{"type":%q}`, f.Name, f.Kind))
	}
	keys := list(quoted)
	if len(fields) > 2 && chance(rng, .3) {
		keys = strings.Replace(keys, ", ", ",\n", 1)
	}
	plural := "keys "
	if len(fields) == 1 {
		plural = "key "
	}
	return pick(rng, []string{
		"Read the " + source + " and answer in JSON with the " + plural + keys + ".",
		"Read the " + source + " and answer in JSON with the " + plural + keys + ".",
		"Extract " + keys + " from the " + source + " as JSON.",
		"Answer in JSON with the " + plural + keys + ".",
		"Reply with a JSON object: {" + strings.Join(shapes, ", ") + "}.",
		`Answer in JSON that fits this schema: {"type":"object","properties":{` + strings.Join(properties, ",") + "}}",
	})
}
