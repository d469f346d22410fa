package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

func sizeName(size [2]int) string { return fmt.Sprintf("%dx%d", size[0], size[1]) }

// TestScreens holds the screens a person sees first, at three sizes, without
// colours.
func TestScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
		t.Run(sizeName(size), func(t *testing.T) {
			dir := workspaceWith(t, map[string]string{"greet.prompt": greet, "math/add.prompt": "{{a}} + {{b}}\n", "math/broken.prompt": "{{#if x}}\n"})
			term := start(t, session{w: size[0], h: size[1], endpoint: nobody, folder: dir, settings: "configuration"})
			term.see("Be friendly.", "no server at", "greet not run yet", "name string", "broken")
			screens := []struct {
				name string
				keys []string
				see  string
				gone string
			}{
				{"start", nil, "Be friendly.", "?"},
				{"inputs", []string{"alt+2"}, "next field", "?"},
				{"palette", []string{"ctrl+p"}, "Everything there is to do", "F1 help"},
				{"preview", []string{"esc", "f4"}, "Messages of greet", "F1 help"},
				{"help", []string{"esc", "f1"}, "Help: inputs", "F1 help"},
				{"zoom", []string{"esc", "alt+3", "f9"}, "find", "inputs"},
			}
			for _, s := range screens {
				for _, key := range s.keys {
					term.press(key)
					if key == "esc" {
						term.until("the dialog to close", func(s string) bool { return strings.Contains(s, "F1 help") })
					}
				}
				got := term.until(s.name, func(screen string) bool {
					return strings.Contains(screen, s.see) && !strings.Contains(screen, s.gone)
				})
				t.Run(s.name, func(t *testing.T) { golden.RequireEqual(t, []byte(got)) })
			}
		})
	}
}
