// Package settings reads what a user configured and remembers what they chose
// in the IDE. A mistake in a file is a warning, never a broken start, and a
// file that a user wrote is never rewritten.
package settings

import (
	"fmt"
	"path/filepath"
	"slices"

	"reprise/engine/config"
	"reprise/programs/source"
)

// Settings are the user's own, from config.yaml.
type Settings struct {
	Dark, Light string              // theme slugs; empty: the remembered or the default ones
	Mouse       bool                // whether the IDE takes the mouse; true unless set
	Keys        map[string][]string // action id → keys
}

// ThemesDir is where a user's own base16 and base24 schemes lie.
func ThemesDir(dir string) string { return filepath.Join(dir, "themes") }

// Load reads the configuration in dir, and makes its kinds of steps count. What is
// missing, unreadable or unknown leaves the default and is told in a warning; no file
// is none.
func Load(dir string) (Settings, []string) {
	s := Settings{Mouse: true}
	all, err := config.Read(dir)
	if err != nil {
		return s, []string{err.Error()}
	}
	warnings := s.take(all)
	for i, w := range warnings {
		warnings[i] = config.Name + ": " + w
	}
	return s, append(warnings, config.UseKinds(all)...)
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
		case "kinds": // config.UseKinds takes them
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
	s.Keys, warnings = config.Lists(value, "action ids with their keys, as in run.start: [f5, ctrl+r]", "a key or a list of keys")
	for i, w := range warnings {
		warnings[i] = "keys: " + w
	}
	return warnings
}
