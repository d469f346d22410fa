package schema

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"reprise/programs/document"
)

// Problem is one way in which a value does not fit: where in the value, and
// what.
type Problem struct {
	Path    []string // of the value, from its root
	Message string   // `is a string, want a number`
	Unknown string   // the name of a property that does not exist
	Missing string   // the name of a property that is not there
}

func (p Problem) String() string {
	if len(p.Path) == 0 {
		return p.Message
	}
	return strings.Join(p.Path, ".") + ": " + p.Message
}

// Validate checks a value (as encoding/json decodes it, or with
// *document.Object for maps) and lists every problem, none where it fits.
func (s *Schema) Validate(value any) []Problem {
	err := s.compiled.Validate(document.Plain(value))
	var failed *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &failed):
		return []Problem{{Message: err.Error()}}
	}
	out := leaves(failed, nil)
	slices.SortStableFunc(out, func(a, b Problem) int { return slices.Compare(a.Path, b.Path) })
	return out
}

// leaves collects what is wrong at the ends of the tree of errors.
func leaves(e *jsonschema.ValidationError, out []Problem) []Problem {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			out = leaves(c, out)
		}
		return out
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			out = append(out, Problem{Path: e.InstanceLocation, Message: fmt.Sprintf("%q is missing", name), Missing: name})
		}
		return out
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			out = append(out, Problem{Path: e.InstanceLocation, Message: fmt.Sprintf("%q is not one of its fields", name), Unknown: name})
		}
		return out
	}
	return append(out, Problem{Path: e.InstanceLocation, Message: plain(e.ErrorKind)})
}

// plain says what is wrong in a few words.
func plain(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		want := make([]string, 0, len(k.Want))
		for _, w := range k.Want {
			if w != "null" || len(k.Want) == 1 {
				want = append(want, article(w))
			}
		}
		return "is " + article(k.Got) + ", want " + strings.Join(want, " or ")
	case *kind.Enum:
		words := make([]string, 0, len(k.Want))
		for _, w := range k.Want {
			if w != nil {
				words = append(words, quote(w))
			}
		}
		return "is " + quote(k.Got) + ", want one of " + strings.Join(words, ", ")
	case *kind.Minimum:
		return "is less than " + ratio(k.Want)
	case *kind.Maximum:
		return "is more than " + ratio(k.Want)
	}
	return k.LocalizedString(message.NewPrinter(language.English))
}

func article(name string) string {
	switch name {
	case "array":
		return "a list"
	case "object", "integer":
		return "an " + name
	case "null":
		return "nothing"
	case "boolean":
		return "true or false"
	}
	return "a " + name
}

func quote(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return fmt.Sprint(v)
}

func ratio(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}
