package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/programs/source"
	"reprise/programs/template"
	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// previewedMsg brings the messages that a run would send.
type previewedMsg struct {
	wish        request
	name        string
	messages    []template.Message
	diagnostics source.Diagnostics
	note        string // what could not be told without a server
	err         error
}

// preview shows the messages as a run would send them now.
func (a *App) preview() tea.Cmd {
	job, ctx, eng, name, wish := a.job(a.doc), a.ctx, a.engine, a.doc.name(), a.request()
	return func() tea.Msg {
		p, err := eng.Preview(ctx, job())
		return previewedMsg{wish: wish, name: name, messages: p.Messages, diagnostics: p.Diagnostics, note: p.Note, err: err}
	}
}

func (a *App) previewed(msg previewedMsg) tea.Cmd {
	if msg.err != nil && len(msg.messages) == 0 {
		a.fail(fmt.Errorf("preview: %w", msg.err))
		return nil
	}
	draw := func(w int) []string { return previewLines(a.look.styles, msg, w) }
	return a.answer(msg.wish, dialog.NewText(a.look.styles, "Messages of "+msg.name, draw, plainMessages(msg.messages), "f4"),
		func(any) tea.Cmd { return nil })
}

// plainMessages is the preview as text, for the clipboard.
func plainMessages(messages []template.Message) string {
	var b strings.Builder
	for i, m := range messages {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString("[" + string(m.Role) + "]\n")
		for _, p := range m.Content {
			b.WriteString(p.Text)
			if p.Media != nil {
				b.WriteString("[" + p.Media.URL + "]")
			}
		}
	}
	return b.String()
}

func previewLines(s *screen.Styles, msg previewedMsg, w int) []string {
	var lines []string
	plain := func(style interface{ Render(...string) string }, text string) {
		for _, line := range screen.WrapText(screen.Clean(text), w) {
			lines = append(lines, style.Render(string(line)))
		}
	}
	for _, d := range msg.diagnostics {
		style := s.Warning
		if d.Severity == source.Error {
			style = s.Error
		}
		plain(style, d.String())
	}
	if msg.err != nil {
		plain(s.Warning, msg.err.Error())
	}
	if msg.note != "" {
		plain(s.Muted, msg.note)
	}
	palette := newPalette(s, msg.messages)
	if legend := palette.legend(w); legend != "" {
		lines = append(lines, legend)
	}
	for _, m := range msg.messages {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, s.Title.Render("── "+string(screen.CleanLine(string(m.Role)))+" ──"))
		for _, p := range m.Content {
			switch {
			case p.Media != nil:
				plain(s.Accent, "["+p.Media.ContentType+" "+shorten(p.Media.URL, 200)+"]")
			case p.Text != "":
				lines = append(lines, palette.lines(p, w)...)
			}
		}
	}
	if len(msg.messages) == 0 {
		plain(s.Muted, "the template renders to no message")
	}
	return lines
}

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
