package tui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reprise/engine/store"
	"reprise/engine/tools/servers/mcptest"
	"reprise/engine/trace"
)

// TestARunThatStartsSomethingIsAskedFor: opening, previewing and explaining starts
// nothing; a run asks once, and Enter is a no.
func TestARunThatStartsSomethingIsAskedFor(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "started")
	command, err := json.Marshal(mcptest.Command("calculator", mark))
	if err != nil {
		t.Fatal(err)
	}
	long, settings := "[server, "+strings.Repeat("word, ", 200)+"end]", t.TempDir()
	dir := workspaceWith(t, map[string]string{
		"serve.prompt": "---\nconfig: {temperature: 0}\nreprise:\n  tools: {mcp: {command: " + string(command) + "}}\n---\nWhat is 12 * 34?\n",
		"wordy.prompt": "---\nreprise.tools: {mcp: {command: " + long + "}}\n---\nHello\n",
	})
	started := func(want bool) {
		t.Helper()
		if _, err := os.Stat(mark); (err == nil) != want {
			t.Fatalf("the server was started: %v", err == nil)
		}
	}
	s := session{w: 120, h: 40, endpoint: nobody, builtin: true, folder: dir, settings: settings, open: "serve.prompt"}
	term := start(t, s)
	term.see("What is 12 * 34?")
	term.press("f4")
	term.see("Messages of serve")
	term.press("esc")
	term.gone("Messages of serve")
	term.press("alt+q")
	term.see("What serve is", "outside", "starts")
	term.press("esc")
	term.gone("What serve is")

	term.press("f5")
	term.see("May serve do that?", "This run starts", "calculator", "allow it, and run", "no")
	term.answer("enter", "May serve do that?")
	term.see("serve was not run, and nothing was started")
	started(false)

	term.press("f5")
	term.see("May serve do that?")
	term.answer("A", "May serve do that?")
	term.see("→ 408", "done")
	started(true)

	// It is asked once, also after a restart; and what cannot be shown whole cannot be
	// allowed here.
	term.press("f5")
	kept := records(t, dir)
	term.eventually("a second run", func() bool {
		runs, err := kept.Runs(store.Filter{})
		return err == nil && len(runs) == 2 && runs[0].Status.Phase == trace.Done
	})
	term.press("ctrl+q", "ctrl+q") // the server may still be ending
	term.quits()
	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	term = start(t, s)
	term.see("→ 408")
	started(false) // what is shown is what was recorded
	if err := os.Remove(filepath.Join(settings, "trust.json")); err != nil {
		t.Fatal(err)
	}
	term.press("alt+4", "I")
	term.see("May serve do that?")
	term.pressUntilGone("A", "May serve do that?")
	term.see("Which steps matter to the answer?")
	term.pressUntilGone("n", "Which steps matter to the answer?")
	started(false) // neither is what was asked for
	term.press("f5")
	term.eventually("the server's start", func() bool { _, err := os.Stat(mark); return err == nil })
	term.press("ctrl+o")
	term.press("wordy", "enter")
	term.see("wordy not run yet")
	term.press("f5")
	term.see("what wordy starts is too long to be shown here; see and allow it with `reprise trust wordy`")
	if strings.Contains(term.screen(), "May wordy") {
		t.Error("a claim is asked for that cannot be seen")
	}
}
