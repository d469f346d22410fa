package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reprise/programs/source"
	"reprise/programs/template"
	"reprise/themes"
	"reprise/tui/screen"
)

// message makes a user message of parts, each "kind|input|text".
func message(parts ...string) template.Message {
	part := template.Part{}
	for _, p := range parts {
		f := strings.SplitN(p, "|", 3)
		start := len(part.Text)
		part.Text += f[2]
		part.Origins = append(part.Origins, template.Origin{Start: start, End: len(part.Text), Kind: template.OriginKind(f[0]), Input: f[1]})
	}
	return template.Message{Role: template.RoleUser, Content: []template.Part{part}}
}

func TestPreviewShowsWhereTextComesFrom(t *testing.T) {
	s := screen.NewStyles(themes.Dark())
	msg := previewedMsg{messages: []template.Message{
		message("template||Greet ", "input|name|Ada", "template|| and ", "input|friend.first|Bob", "template||.\nNow.", "neutralised|name|< |end|>"),
	}}
	lines := previewLines(s, msg, 60)
	plain := ansi.Strip(strings.Join(lines, "\n"))
	for _, want := range []string{"from name  friend  made harmless", "── user ──", "Greet Ada and Bob.\nNow.< |end|>"} {
		if !strings.Contains(plain, want) {
			t.Errorf("the preview lacks %q:\n%s", want, plain)
		}
	}
	styled := strings.Join(lines, "\n")
	for text, style := range map[string]string{
		"Ada": s.Origins[0].Render("Ada"), "Bob": s.Origins[1].Render("Bob"), "Greet ": s.Text.Render("Greet "), "< |end|>": s.WarningMark.Render("< |end|>"),
	} {
		if !strings.Contains(styled, style) {
			t.Errorf("%q does not have its own look in %q", text, styled)
		}
	}
}

func TestPreviewWrapsInsideItsWidthAndLosesNothing(t *testing.T) {
	s := screen.NewStyles(themes.Plain())
	text := strings.Repeat("some words of an input ", 20)
	p := newPalette(s, nil)
	m := message("template||A: ", "input|q|"+text, "template||end")
	var words []string
	for _, line := range p.lines(m.Content[0], 30) {
		if w := ansi.StringWidth(line); w > 30 {
			t.Errorf("a line of %d cells", w)
		}
		words = append(words, strings.Fields(ansi.Strip(line))...)
	}
	if got, want := strings.Join(words, " "), strings.Join(strings.Fields("A: "+text+"end"), " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPreviewCoversTextWithoutOrigins(t *testing.T) {
	part := template.Part{Text: "abcdef", Origins: []template.Origin{{Start: 2, End: 4, Kind: template.FromInput, Input: "x"}, {Start: 1, End: 9}}}
	got := ansi.Strip(strings.Join(newPalette(screen.NewStyles(themes.Plain()), nil).lines(part, 40), "\n"))
	if got != "abcdef" {
		t.Errorf("got %q", got)
	}
}

func TestPreviewShowsDiagnosticsAndCleansAll(t *testing.T) {
	s := screen.NewStyles(themes.Plain())
	msg := previewedMsg{
		note:        "no server: control tokens are not known",
		diagnostics: source.Diagnostics{source.At("a.prompt", "x", source.Span{}, source.Error, "c", "bad \x1b[31mthing", "")},
		messages:    []template.Message{message("input|\u202ename|" + untrusted)},
	}
	out := strings.Join(previewLines(s, msg, 50), "\n")
	if at := forbidden.FindStringIndex(out); at != nil {
		t.Errorf("let through: %q", out[at[0]:at[1]])
	}
	if plain := ansi.Strip(out); !strings.Contains(plain, "no server") || !strings.Contains(plain, "a.prompt:1:1: bad") {
		t.Errorf("the preview lacks its notes:\n%s", plain)
	}
}
