package settings

import (
	"encoding/json"
	"os"
	"path/filepath"

	"reprise/engine/file"
)

// State is what the IDE remembers of a person's choices, in state.json. It
// belongs to the IDE, not to the user.
type State struct {
	Dark  string `json:"dark_theme,omitempty"` // theme slugs
	Light string `json:"light_theme,omitempty"`
	Mouse *bool  `json:"mouse,omitempty"`
	Model string `json:"model,omitempty"` // full name, for programs that name none
	Told  bool   `json:"told,omitempty"`  // what the built-in model is good for
}

// LoadState reads what is remembered in dir; nothing where there is nothing.
func LoadState(dir string) State {
	var s State
	if dir == "" {
		return s
	}
	data, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if err != nil || json.Unmarshal(data, &s) != nil {
		return State{}
	}
	return s
}

// Save remembers the state in dir; without a dir it does nothing.
func (s State) Save(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return file.Replace(filepath.Join(dir, "state.json"), string(append(data, '\n')))
}
