// Package config finds and reads the user's own configuration, config.yaml, and takes
// from it what the IDE and the command line have in common. It never writes.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"reprise/engine/trace"
)

// Name is the configuration's file in its folder, as warnings call it.
const Name = "config.yaml"

// Dir is the folder of what is a user's own, in every workspace: reprise below their
// configuration folder. It is empty where the system names none.
func Dir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "reprise")
}

// File is the configuration in dir.
func File(dir string) string { return filepath.Join(dir, Name) }

// Read gives what the configuration in dir says, by key: nothing where there is no
// folder or no file.
func Read(dir string) (map[string]any, error) {
	if dir == "" {
		return nil, nil
	}
	data, err := os.ReadFile(File(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := yaml.Unmarshal(data, &all); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("%s: %s", Name, first)
	}
	return all, nil
}

// UseKinds makes the regular expressions of a configuration name the steps that this
// process finds from now on. What is wrong with them is told in warnings, and the rest
// counts.
func UseKinds(all map[string]any) []string {
	value, ok := all["kinds"]
	if !ok {
		return nil
	}
	patterns, warnings := Lists(value, `kinds of steps with regular expressions, as in uncertainty: ["^Hm+", "not sure"]`, "a regular expression or a list of them")
	rules, wrong := trace.NewRules(patterns)
	for _, err := range wrong {
		warnings = append(warnings, err.Error())
	}
	trace.Use(rules)
	for i, w := range warnings {
		warnings[i] = Name + ": kinds: " + w
	}
	slices.Sort(warnings)
	return warnings
}

// Lists reads a mapping from names to texts or lists of texts. What is something else
// is left out, and told with what is wanted.
func Lists(value any, want, wantEach string) (map[string][]string, []string) {
	all, ok := value.(map[string]any)
	if !ok {
		return nil, []string{"want " + want}
	}
	out := map[string][]string{}
	var warnings []string
	for name, value := range all {
		switch v := value.(type) {
		case string:
			out[name] = []string{v}
		case nil:
			out[name] = nil
		case []any:
			texts := make([]string, 0, len(v))
			for _, text := range v {
				texts = append(texts, fmt.Sprint(text))
			}
			out[name] = texts
		default:
			warnings = append(warnings, fmt.Sprintf("%s: want %s", name, wantEach))
		}
	}
	return out, warnings
}
