package compose

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/builtin"

	"reprise/programs/source"
)

// allowed are the library's functions that stay: none that makes much out of
// little, tells the time, or takes longer than its operands are long.
var allowed = map[string]bool{
	"all": true, "none": true, "any": true, "one": true, "filter": true, "map": true, "find": true, "findIndex": true,
	"findLast": true, "findLastIndex": true, "count": true, "sum": true, "reduce": true, "sortBy": true, "sort": true, "reverse": true,
	"len": true, "abs": true, "ceil": true, "floor": true, "round": true, "int": true, "float": true, "min": true, "max": true,
	"mean": true, "median": true, "trim": true, "trimPrefix": true, "trimSuffix": true, "upper": true, "lower": true,
	"indexOf": true, "lastIndexOf": true, "hasPrefix": true, "hasSuffix": true, "first": true, "last": true,
	"take": true, "keys": true, "values": true, "fromJSON": true, "type": true,
}

// mostPieces bounds the list that split and chunks give.
const mostPieces = 100_000

// own are the functions that options adds.
var own = []string{"chunks", "split", "join", "replace", "string"}

// near is a hint at a function that was meant, to be written behind an error.
func near(name string) string {
	known := slices.Concat(slices.Collect(maps.Keys(allowed)), own)
	slices.Sort(known)
	if hint := source.DidYouMean(name, known); hint != "" {
		return "; " + hint
	}
	return ""
}

func options() []expr.Option {
	out := []expr.Option{expr.Optimize(false), expr.MaxNodes(mostNodes)}
	for _, name := range builtin.Names {
		if !allowed[name] {
			out = append(out, expr.DisableBuiltin(name))
		}
	}
	return append(out,
		expr.Function("chunks", chunksOf, func(string, any) []string { return nil }, func(any, any) []string { return nil }),
		expr.Function("split", split, func(string, string) []string { return nil }, func(any, any) []string { return nil }),
		expr.Function("join", join, func(any) string { return "" }, func(any, string) string { return "" }, func(any, any) string { return "" }),
		expr.Function("replace", replace, func(string, string, string) string { return "" }, func(any, any, any) string { return "" }),
		expr.Function("string", text, func(any) string { return "" }),
	)
}

var errLarge = fmt.Errorf("a text grew over %d MiB", mostBytes>>20)

// texts are arguments that have to be texts.
func texts(args []any) ([]string, error) {
	out := make([]string, len(args))
	for i, a := range args {
		s, ok := a.(string)
		if !ok {
			return nil, fmt.Errorf("argument %d is %s, want a text", i+1, kind(a))
		}
		out[i] = s
	}
	return out, nil
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a text"
	case bool:
		return "true or false"
	case float64, int:
		return "a number"
	case map[string]any:
		return "an object"
	}
	if _, ok := list(v); ok {
		return "a list"
	}
	return fmt.Sprintf("%T", v)
}

func split(args ...any) (any, error) {
	s, err := texts(args)
	if err != nil {
		return nil, err
	}
	if strings.Count(s[0], s[1]) > mostPieces {
		return nil, fmt.Errorf("split gives over %d pieces", mostPieces)
	}
	return strings.Split(s[0], s[1]), nil
}

func join(args ...any) (any, error) {
	items, ok := list(args[0])
	if !ok {
		return nil, fmt.Errorf("join wants a list, not %s", kind(args[0]))
	}
	between := ""
	if len(args) > 1 {
		s, err := texts(args[1:])
		if err != nil {
			return nil, err
		}
		between = s[0]
	}
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(between)
		}
		s, err := text(item)
		if err != nil {
			return nil, err
		}
		b.WriteString(s.(string))
		if b.Len() > mostBytes {
			return nil, errLarge
		}
	}
	return b.String(), nil
}

func replace(args ...any) (any, error) {
	s, err := texts(args)
	if err != nil {
		return nil, err
	}
	if len(s[0])+strings.Count(s[0], s[1])*max(0, len(s[2])-len(s[1])) > mostBytes {
		return nil, errLarge
	}
	return strings.ReplaceAll(s[0], s[1], s[2]), nil
}

// text writes a single value; a list is for join.
func text(args ...any) (any, error) {
	switch v := args[0].(type) {
	case string:
		return v, nil
	case nil:
		return "", nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil // 1234567 and no 1.234567e+06
	case bool, int:
		return fmt.Sprint(v), nil
	}
	return nil, fmt.Errorf("%s is no single value; write its elements", kind(args[0]))
}

func chunksOf(args ...any) (any, error) {
	s, err := texts(args[:1])
	if err != nil {
		return nil, err
	}
	n := 0
	switch v := args[1].(type) {
	case int:
		n = v
	case float64:
		n = int(min(v, mostBytes))
	}
	if n < 1 {
		return nil, errors.New("chunks wants a number of characters over 0")
	}
	if len(s[0])/n > mostPieces {
		return nil, fmt.Errorf("chunks gives over %d pieces", mostPieces)
	}
	return Chunks(s[0], n), nil
}

// Chunks cuts a text into pieces of at most n characters (runes), n over 0:
// where a paragraph ends in it, else a sentence, else a word, else at n. White
// space at the ends of pieces is dropped; a text without anything else has no
// pieces.
func Chunks(text string, n int) []string {
	out := []string{}
	for rest := []rune(strings.TrimSpace(text)); len(rest) > 0; {
		end := len(rest)
		if end > n {
			end = cut(rest, n)
		}
		out = append(out, strings.TrimSpace(string(rest[:end])))
		for end < len(rest) && unicode.IsSpace(rest[end]) {
			end++
		}
		rest = rest[end:]
	}
	return out
}

// cut is where a piece of at most n runes of a longer text ends.
func cut(text []rune, n int) int {
	sentence, word := 0, 0
	for i := n; i > 0; i-- {
		if !unicode.IsSpace(text[i]) {
			continue
		}
		if text[i] == '\n' && i+1 < len(text) && text[i+1] == '\n' {
			return i
		}
		if sentence == 0 && strings.ContainsRune(".!?…", text[i-1]) {
			sentence = i
		}
		word = max(word, i)
	}
	if sentence > 0 {
		return sentence
	}
	if word > 0 {
		return word
	}
	return n
}
