package tui

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"reprise/engine/model"
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

// reasoner thinks and answers the same each time, but for what it was told: the
// second program's answer differs from the first's in a word.
type reasoner struct{}

func (reasoner) Name() string { return "reasoner" }

func (reasoner) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "steady:1b"}}, nil
}

func (reasoner) Stream(_ context.Context, req model.Request, emit func(model.Event) error) error {
	answer := "There are 6 apples.\nThat is all.\n"
	if strings.Contains(req.Messages[0].Content, "doubled") {
		answer = "There are 12 apples.\nThat is all.\n"
	}
	for _, e := range []model.Event{
		model.Text{Channel: model.Thinking, Text: "First I count the apples: 2 + 4 = 6.\nWait, let me check that again.\nSo it is 6.\n"},
		model.Text{Channel: model.Content, Text: answer},
		model.End{Reason: model.EndStop, Stats: model.Stats{Generation: time.Second, PromptTokens: 12, Tokens: 40}},
	} {
		if err := emit(e); err != nil {
			return err
		}
	}
	return nil
}

// clock has one width; lasted has not, and pushes the rest of its line about.
var (
	clock  = regexp.MustCompile(`\d\d:\d\d:\d\d`)
	lasted = regexp.MustCompile(`[\d.]+ (tokens/s|m?s\b)`)
	pushed = regexp.MustCompile(`─{2,}|…| {2,}`)
)

// steady takes the times out of a screen.
func steady(screen string) []byte {
	lines := strings.Split(clock.ReplaceAllString(screen, "hh:mm:ss"), "\n")
	for i, line := range lines {
		if lasted.MatchString(line) {
			lines[i] = pushed.ReplaceAllString(lasted.ReplaceAllString(line, "0 $1"), " ")
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// TestScreensOfRuns holds the screens of a run and of a comparison, without
// colours and times.
func TestScreensOfRuns(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
		t.Run(sizeName(size), func(t *testing.T) {
			dir := workspaceWith(t, map[string]string{"count.prompt": "---\nconfig:\n  seed: 7\n---\nCount the apples.\n"})
			term := start(t, session{w: size[0], h: size[1], provider: reasoner{}, folder: dir, settings: "configuration"})
			term.see("count not run yet", "steady:1b")
			term.press("f5")
			ran := term.until("the run", func(s string) bool {
				return strings.Contains(s, "count v1") && strings.Contains(s, "That is all.") && !strings.Contains(s, "cancel")
			})
			t.Run("run", func(t *testing.T) { golden.RequireEqual(t, steady(ran)) })
			term.press("alt+3", "ctrl+end", "They are doubled.", "f5")
			term.see("count v2", "There are 12")
			term.press("f7")
			compared := term.see("compare ·", "12", "doubled")
			t.Run("compare", func(t *testing.T) { golden.RequireEqual(t, steady(compared)) })
		})
	}
}
