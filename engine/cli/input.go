package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"reprise/programs"
	"reprise/programs/schema"
	"reprise/programs/source"
)

// inputFlags are how a person gives a program its inputs.
type inputFlags struct {
	values []string // name=value, name=@file
	file   string   // JSON or YAML; "-" is standard input
}

func (f *inputFlags) register(c *cobra.Command) {
	c.Flags().StringArrayVarP(&f.values, "value", "i", nil, "give input `NAME=VALUE`; NAME=@FILE takes the text of a file, NAME=@@TEXT the text @TEXT")
	c.Flags().StringVarP(&f.file, "input", "f", "", "take the inputs from `FILE` (JSON or YAML); - is standard input")
}

const inputHelp = `Inputs come from the program's own defaults, over them from --input FILE, over
them from -i. With a lone - after the program, standard input is read: an object in
JSON or YAML gives the inputs; other text is the program's only string input.`

// read gives the inputs for a program. fromStdin is set where a lone "-" asks
// for standard input.
func (f *inputFlags) read(p *programs.Program, fromStdin bool, stdin io.Reader) (map[string]any, error) {
	out := make(map[string]any)
	fields := p.Inputs()
	file := f.file
	if fromStdin {
		if file != "" && file != "-" {
			return nil, fail(exitUsage, "inputs come from %s or from standard input, not from both", file)
		}
		file = "-"
	}
	if file != "" {
		values, err := readObject(file, fields, stdin)
		if err != nil {
			return nil, err
		}
		out = values
	}
	for _, v := range f.values {
		name, value, err := parseValue(v, fields)
		if err != nil {
			return nil, err
		}
		out[name] = value
	}
	return out, nil
}

// readObject reads all inputs from a file or standard input.
func readObject(file string, fields []schema.Field, stdin io.Reader) (map[string]any, error) {
	name, data, err := file, []byte(nil), error(nil)
	if file == "-" {
		name = "standard input"
		data, err = io.ReadAll(stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fail(exitUsage, "read inputs: %v", err)
	}
	if !utf8.Valid(data) {
		return nil, fail(exitUsage, "read inputs: %s is not UTF-8 text", name)
	}
	object, err := decodeObject(data)
	only, single := onlyString(fields)
	if file == "-" && single && (err != nil || !knowsAny(fields, object)) {
		return map[string]any{only: strings.TrimSuffix(string(data), "\n")}, nil
	}
	if err != nil {
		return nil, fail(exitUsage, "read inputs: %s is neither a JSON nor a YAML object: %v", name, err)
	}
	return object, nil
}

// decodeObject reads an object in JSON or YAML.
func decodeObject(data []byte) (map[string]any, error) {
	var object map[string]any
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		if err := json.Unmarshal(data, &object); err == nil {
			return object, nil
		}
	}
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("%s", line)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("it holds %s", kindOf(value))
	}
	return object, nil
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "nothing"
	case string:
		return "plain text"
	case []any:
		return "a list"
	}
	return fmt.Sprintf("a %T", value)
}

// parseValue reads one name=value.
func parseValue(s string, fields []schema.Field) (name string, value any, err error) {
	name, text, ok := strings.Cut(s, "=")
	if !ok {
		return "", nil, fail(exitUsage, "-i %s: give it as NAME=VALUE", s)
	}
	field, known := fieldNamed(fields, name)
	if !known {
		return "", nil, unknownInput(name, fields)
	}
	if rest, ok := strings.CutPrefix(text, "@@"); ok {
		text = "@" + rest
	} else if file, ok := strings.CutPrefix(text, "@"); ok {
		data, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return "", nil, fail(exitUsage, "input %q: %v", name, err)
		}
		if !utf8.Valid(data) {
			return "", nil, fail(exitUsage, "input %q: %s is not UTF-8 text", name, file)
		}
		text = strings.TrimSuffix(string(data), "\n")
	}
	value, err = programs.Coerce(field, text)
	if err != nil {
		return "", nil, fail(exitUsage, "input %q: %v", name, err)
	}
	return name, value, nil
}

func unknownInput(name string, fields []schema.Field) error {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if near, ok := source.Closest(name, names); ok {
		return fail(exitUsage, "unknown input %q; did you mean %q?", name, near)
	}
	if len(names) == 0 {
		return fail(exitUsage, "unknown input %q; the program takes no input", name)
	}
	return fail(exitUsage, "unknown input %q; the program takes %s", name, strings.Join(names, ", "))
}

func fieldNamed(fields []schema.Field, name string) (schema.Field, bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return schema.Field{}, false
}

// onlyString gives the name of the program's input where it has just one and
// that is text.
func onlyString(fields []schema.Field) (string, bool) {
	if len(fields) == 1 && (fields[0].Type == "string" || fields[0].Type == "any") {
		return fields[0].Name, true
	}
	return "", false
}

// knowsAny reports whether one of the object's names is an input.
func knowsAny(fields []schema.Field, object map[string]any) bool {
	for name := range object {
		if _, ok := fieldNamed(fields, name); ok {
			return true
		}
	}
	return false
}
