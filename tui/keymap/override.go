package keymap

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Override puts a user's own keys in place of the given ones: action id →
// keys, an empty list for none. What cannot be used is left out and told in a
// warning; the map works whatever is given.
func (m *Map) Override(keys map[string][]string) []string {
	var warnings []string
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		i, ok := m.ids[id]
		if !ok {
			warnings = append(warnings, fmt.Sprintf("keys: no action is called %q", id))
			continue
		}
		var usable []string
		for _, key := range keys[id] {
			name := strings.ToLower(strings.TrimSpace(key))
			if len([]rune(strings.TrimSpace(key))) == 1 {
				name = strings.TrimSpace(key) // a capital letter is a key of its own
			}
			if !Known(name) {
				warnings = append(warnings, fmt.Sprintf("keys: %s: no key is called %q", id, key))
				continue
			}
			usable = append(usable, name)
		}
		if len(usable) == 0 && len(keys[id]) > 0 {
			continue // nothing usable was given: the action keeps its keys
		}
		m.actions[i].Keys = usable
		warnings = append(warnings, m.yield(i)...)
	}
	m.index()
	return warnings
}

// yield takes the keys of action i from the actions that had them where both
// would answer to one press, and tells who lost a key.
func (m *Map) yield(i int) []string {
	var warnings []string
	mine := m.actions[i]
	for j := range m.actions {
		other := &m.actions[j]
		if j == i || other.Context != mine.Context && other.Context != "" && mine.Context != "" {
			continue
		}
		for _, key := range mine.Keys {
			if k := slices.Index(other.Keys, key); k >= 0 {
				other.Keys = slices.Delete(other.Keys, k, k+1)
				warnings = append(warnings, fmt.Sprintf("keys: %s is now %s, no longer %s", key, mine.ID, other.ID))
			}
		}
	}
	return warnings
}
