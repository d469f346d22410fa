package keymap

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain reports whether every terminal can send the key, in tmux too: no key
// that the legacy encoding cannot tell from another (ctrl+i is tab, ctrl+m is
// enter, ctrl+h is often backspace), and none that shells and terminals keep
// to themselves.
func Plain(key string) bool {
	mods, name := split(key)
	if name == "" {
		return false
	}
	switch {
	case named[name]:
		switch name {
		case "enter", "space", "esc":
			return mods == ""
		case "tab":
			return mods == "" || mods == "shift+"
		case "backspace":
			return mods == "" || mods == "alt+"
		default:
			return true // cursor keys carry their modifiers in their sequence
		}
	case functionKey(name):
		return mods == "" || mods == "shift+"
	case utf8.RuneCountInString(name) != 1:
		return false
	case mods == "":
		return true
	case mods == "alt+":
		return name != "[" && name != "O" && name != "]" && name != "P" && name != "_" // these begin sequences
	case mods == "ctrl+":
		return name[0] >= 'a' && name[0] <= 'z' && !strings.Contains("himj", name)
	}
	return false
}

// Known reports whether the name is one that a key can have.
func Known(key string) bool {
	mods, name := split(key)
	if strings.Contains(mods, "?") || name == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(name)
	return named[name] || functionKey(name) || utf8.RuneCountInString(name) == 1 && unicode.IsPrint(first)
}

// split parts "ctrl+shift+a" into "ctrl+shift+" and "a"; modifiers that do not
// exist become "?".
func split(key string) (mods, name string) {
	for {
		mod, rest, ok := strings.Cut(key, "+")
		if !ok || rest == "" || mod == "" {
			return mods, key
		}
		if !isModifier(mod) {
			mod = "?"
		}
		mods, key = mods+mod+"+", rest
	}
}

var named = map[string]bool{
	"up": true, "down": true, "left": true, "right": true, "home": true, "end": true,
	"pgup": true, "pgdown": true, "insert": true, "delete": true, "enter": true,
	"tab": true, "space": true, "esc": true, "backspace": true,
}

func functionKey(name string) bool {
	switch name {
	case "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12":
		return true
	}
	return false
}
