package tui

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"reprise/engine/model"
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
	checkOutput(t, term)
}

// checkOutput looks for untrusted text in everything a program wrote.
func checkOutput(t *testing.T, term *terminal) {
	t.Helper()
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

// hostile is a model, and its server, whose every text is untrusted.
type hostile struct{ fails bool }

func (hostile) Name() string { return "hostile" }

func (hostile) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "evil" + untrusted, Digest: untrusted, Family: untrusted, Parameters: untrusted, Quantization: untrusted}}, nil
}

func (hostile) Version(context.Context) (string, error) { return untrusted, nil }
func (hostile) Endpoint() string                        { return "http://" + untrusted }

func (h hostile) Stream(_ context.Context, _ model.Request, emit func(model.Event) error) error {
	token := model.Token{Text: untrusted, Logprob: -1, Top: []model.Token{{Text: untrusted, Logprob: -1}}}
	for _, e := range []model.Event{
		model.Text{Channel: model.Thinking, Text: untrusted + "\nWait. " + untrusted + "\n"},
		model.Text{Channel: model.Content, Text: untrusted, Tokens: []model.Token{token}},
		model.Call{ToolCall: model.ToolCall{ID: untrusted, Name: untrusted, Arguments: json.RawMessage(`{"` + "\u202e" + `": "` + "\u009b31m" + `"}`)}},
		model.Text{Channel: model.Content, Text: "\nspoken by " + untrusted},
	} {
		if err := emit(e); err != nil {
			return err
		}
	}
	if h.fails {
		return &model.Error{Kind: model.ServerError, Message: "the server said " + untrusted, Hint: untrusted}
	}
	return emit(model.End{Reason: model.EndReason(untrusted)})
}

func TestWhatAModelSaysDoesNotReachTheTerminalAsItIs(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "First\n"})
	term := start(t, session{w: 140, h: 40, provider: hostile{}, folder: dir})
	term.see("a not run yet")
	term.press("f2")
	term.see("Model for the next runs", "evil")
	term.press("home", "enter")
	term.gone("Model for the next runs")
	term.press("f5")
	term.see("trace a@v1", "spoken by")
	term.press("alt+4", "h", "m")
	term.see("token 1 of 1", "all others")
	term.press("l", "z")
	term.see("step ", " of ")
	term.press("z")
	term.see("spoken by")
	term.press("alt+3", "ctrl+end", "again", "f5")
	term.see("trace a@v2", "spoken by")
	term.press("f7")
	term.see("compare ·", "a@v2", "spoken by")
	term.press("f7")
	term.gone("compare ·")
	term.press("f3")
	term.see("Runs of a", "v1")
	checkOutput(t, term)
	term.press("esc")
	term.gone("Runs of a")
	term.press("ctrl+q")
	term.see("Not saved: a.prompt")
	term.press("k")
	term.quits()

	again := start(t, session{w: 140, h: 40, provider: hostile{fails: true}, folder: dir})
	again.see("trace a@v2", "spoken by")
	again.press("alt+,")
	again.see("trace a@v1")
	again.press("f3")
	again.see("Runs of a", "v2")
	again.press("esc")
	again.gone("Runs of a")
	again.press("f5")
	again.see("the server said A")
	checkOutput(t, again)
}
