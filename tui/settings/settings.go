// Package settings reads what a user configured and remembers what they chose
// in the IDE. A mistake in a file is a warning, never a broken start, and a
// file that a user wrote is never rewritten.
package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"reprise/programs/source"
)

// Settings are the user's own, from config.yaml.
type Settings struct {
	Dark, Light string              // theme slugs; empty: the remembered or the default ones
	Mouse       bool                // whether the IDE takes the mouse; true unless set
	Keys        map[string][]string // action id → keys
	Kinds       map[string][]string // kind of step → regular expressions that name it, before the given ones
}

// Dir is the folder of everything here: reprise below the user's configuration
// folder. It is empty where the system names none.
func Dir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "reprise")
}

// File is the user's own configuration in dir; ThemesDir holds their themes.
func File(dir string) string { return filepath.Join(dir, "config.yaml") }

// ThemesDir is where a user's own base16 and base24 schemes lie.
func ThemesDir(dir string) string { return filepath.Join(dir, "themes") }

// Load reads the configuration in dir. What is missing, unreadable or unknown
// leaves the default and is told in a warning; no file is none.
func Load(dir string) (Settings, []string) {
	s := Settings{Mouse: true}
	if dir == "" {
		return s, nil
	}
	data, err := os.ReadFile(File(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, []string{err.Error()}
	}
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return s, []string{"config.yaml: " + first}
	}
	warnings := s.take(raw)
	for i, w := range warnings {
		warnings[i] = "config.yaml: " + w
	}
	return s, warnings
}

var known = []string{"theme", "mouse", "keys", "kinds"}

func (s *Settings) take(raw map[string]any) []string {
	var warnings []string
	for name, value := range raw {
		switch name {
		case "theme":
			warnings = append(warnings, s.takeTheme(value)...)
		case "mouse":
			on, ok := value.(bool)
			if !ok {
				warnings = append(warnings, "mouse: want true or false")
				continue
			}
			s.Mouse = on
		case "keys":
			warnings = append(warnings, s.takeKeys(value)...)
		case "kinds":
			warnings = append(warnings, s.takeKinds(value)...)
		default:
			w := fmt.Sprintf("unknown key %q", name)
			if near, ok := source.Closest(name, known); ok {
				w += fmt.Sprintf(" (did you mean %q?)", near)
			}
			warnings = append(warnings, w)
		}
	}
	slices.Sort(warnings)
	return warnings
}

func (s *Settings) takeTheme(value any) []string {
	switch v := value.(type) {
	case string:
		s.Dark, s.Light = v, v
		return nil
	case map[string]any:
		dark, okDark := v["dark"].(string)
		light, okLight := v["light"].(string)
		if okDark || okLight {
			s.Dark, s.Light = dark, light
			return nil
		}
	}
	return []string{"theme: want a name, or one for dark and one for light"}
}

func (s *Settings) takeKeys(value any) []string {
	var warnings []string
	s.Keys, warnings = lists("keys", value, "action ids with their keys, as in run.start: [f5, ctrl+r]", "a key or a list of keys")
	return warnings
}

func (s *Settings) takeKinds(value any) []string {
	var warnings []string
	s.Kinds, warnings = lists("kinds", value, `kinds of steps with regular expressions, as in uncertainty: ["^Hm+", "not sure"]`, "a regular expression or a list of them")
	return warnings
}

// lists reads a mapping from names to texts or lists of texts. What is something else
// is left out and told.
func lists(key string, value any, want, wantEach string) (map[string][]string, []string) {
	all, ok := value.(map[string]any)
	if !ok {
		return nil, []string{key + ": want " + want}
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
			warnings = append(warnings, fmt.Sprintf("%s: %s: want %s", key, name, wantEach))
		}
	}
	return out, warnings
}
