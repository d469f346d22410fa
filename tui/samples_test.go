package tui

import (
	"strings"
	"testing"
)

func TestSamplesVoteAndAreWatchedSideBySide(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"letters.prompt": `---
config: {temperature: 0.7, seed: 3}
reprise:
  samples: 5
  answer: {type: text, after: "The answer is"}
---
Take the last letters of the words in "happy olive tunnel brown" and concatenate them.
Let's think step by step.
`})
	term := start(t, session{w: 160, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("letters.prompt")
	term.press("f5")
	term.see("trace letters@v1 · sample", "vote 5 of 5", "yeln", "1✓", "5✓", "done")
	term.press("alt+4", "}", "}", "}", "}", "}")
	term.see("sample 5")
	term.press("{")
	term.see("sample 4")
	term.press("f9", "c")
	term.see("The answer is")
	term.until("five columns", func(s string) bool { return strings.Count(s, "Joining") == 5 })
	term.press("c", "f9")
	term.until("one sample", func(s string) bool { return strings.Count(s, "Joining") == 1 })
	term.press("ctrl+q")
	term.quits()

	// A recorded run is shown the same; with more samples only those run that
	// are missing.
	term = start(t, session{w: 160, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("vote 5 of 5", "5✓")
	term.press("alt+4", "f9", "c")
	term.until("five columns", func(s string) bool { return strings.Count(s, "Joining") == 5 })
	term.press("}")
	term.see("· sample")
	term.press("c", "f9", "alt+o")
	term.see("Options for runs of letters", "samples")
	term.press("tab", "tab", "tab", "8", "tab", "space", "enter")
	term.see("use these options")
	term.press("f5")
	term.see("vote 8 of 8", "1↺", "5↺", "6✓")
	term.press("f3")
	term.see("Runs of letters", "8 samples")
}
