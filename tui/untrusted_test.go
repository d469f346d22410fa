package tui

import (
	"regexp"
	"strings"
	"testing"
)

// untrusted is the text that no terminal may get to obey: every kind of
// sequence, C0 and C1 controls, a link, bidi, invisible and tag characters.
const untrusted = "A\x1bPq~\x1b\\B\x1b_apc\x1b\\C\x1b^pm\x1b\\D\x1bXsos\x1b\\E" +
	"\x1b]52;c;RVZJTA==\x07F\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\G" +
	"\u009b31mH\u009d0;evil\u009cI\x07\x08\x0b\x0c\x0e\x7f" +
	"\u202eJ\u2066K\u200bL\ufeffM\U000e0041N\u2028O"

// forbidden finds it in what was written to the terminal.
var forbidden = regexp.MustCompile("\x1b[PX^_]|\x1b\\]52;|\x1b\\]8;|RVZJTA|[\u0080-\u009f]|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u2028\u2029]|[\U000e0000-\U000e007f]")

func TestNoUntrustedTextReachesTheTerminal(t *testing.T) {
	dir := workspaceWith(t, map[string]string{
		"evil" + untrustedName + ".prompt": "---\ndescription: \"" + "x" + "\"\ninput:\n  schema:\n    q: string, " + untrustedName + "\n  default:\n    q: \"" + untrustedName + "\"\n---\n" + untrusted + " {{q}} {{" + untrustedName + "}}\n",
	})
	term := start(t, session{w: 120, h: 40, endpoint: "http://" + "127.0.0.1:9", folder: dir})
	term.see("evil", "no server at")
	term.press("alt+1", "enter")
	term.press("alt+2")
	term.paste(untrusted)
	term.press("f4")
	term.see("Messages of")
	term.press("esc")
	term.gone("Messages of")
	term.press("f5")
	term.press("alt+1", "/")
	term.paste(untrusted)
	term.see("0 found")
	term.press("esc")
	term.gone("0 found")
	term.press("r")
	term.see("Rename")
	term.paste(untrusted)
	term.see("a name")
	out := term.output()
	if at := forbidden.FindStringIndex(out); at != nil {
		t.Errorf("written to the terminal: %q", out[max(0, at[0]-60):min(len(out), at[1]+60)])
	}
	if strings.Contains(out, "\x1b]0;evil") || strings.Contains(out, "\x1b]2;evil\x1b") {
		t.Error("a title was forged")
	}
}

// untrustedName is what of it can stand in a file's name and in YAML.
const untrustedName = "\u202e\u009b31m\u200b"
