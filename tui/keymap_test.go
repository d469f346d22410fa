package tui

import (
	"slices"
	"testing"

	"reprise/tui/keymap"
)

func TestNoKeyMeansTwoThings(t *testing.T) {
	for _, conflict := range Keymap().Conflicts() {
		t.Error(conflict)
	}
}

func TestEveryKeyedActionHasAKeyThatPlainTerminalsSend(t *testing.T) {
	for _, action := range Keymap().All() {
		if len(action.Keys) > 0 && !slices.ContainsFunc(action.Keys, keymap.Plain) {
			t.Errorf("%s: none of %v works everywhere", action.ID, action.Keys)
		}
		if len(action.Keys) > 0 && !keymap.Plain(action.Key()) {
			t.Errorf("%s: the key that is shown, %s, does not work everywhere", action.ID, action.Key())
		}
		for _, key := range action.Keys {
			if !keymap.Known(key) {
				t.Errorf("%s: no key is called %s", action.ID, key)
			}
		}
	}
}

func TestEveryActionCanBeShown(t *testing.T) {
	names := append([]string{""}, contexts[:]...)
	for _, action := range Keymap().All() {
		if action.Title == "" || action.Footer && action.Short == "" || !slices.Contains(names, action.Context) {
			t.Errorf("%+v lacks a title, a footer's word or a context", action)
		}
	}
}

func TestKeysThatShellsAndTerminalsOwnAreLeftAlone(t *testing.T) {
	owned := []string{`ctrl+\`, "ctrl+]", "ctrl+^", "f10", "f11", "f12", "alt+f4", "alt+tab", "ctrl+pgup", "ctrl+pgdown"}
	for _, action := range Keymap().All() {
		for _, key := range action.Keys {
			if slices.Contains(owned, key) {
				t.Errorf("%s takes %s", action.ID, key)
			}
		}
	}
}
