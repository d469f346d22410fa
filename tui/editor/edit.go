package editor

import (
	"strings"

	"reprise/tui/editor/buffer"
)

// target is what typing goes to: the open bar's field or the text.
func (p *Pane) target() *buffer.Buffer {
	if p.bar != nil && p.bar.focused {
		return p.bar.field()
	}
	return p.buffer
}

// edited acts on an edit of the target.
func (p *Pane) edited(changed bool) any {
	p.mark = false
	if p.target() != p.buffer {
		if changed {
			p.barChanged()
		}
		return nil
	}
	return p.textEdited(changed)
}

// textEdited acts on an edit of the text.
func (p *Pane) textEdited(changed bool) any {
	p.touch()
	if !changed {
		return nil
	}
	return Changed{p.Revision()}
}

// edits makes an action of an edit that the bar's fields know too.
func edits(f func(*buffer.Buffer) bool) func(*Pane) any {
	return func(p *Pane) any { return p.edited(f(p.target())) }
}

// onText makes an action of an edit of the text, whatever has the focus.
func onText(f func(*buffer.Buffer) bool) func(*Pane) any {
	return func(p *Pane) any { return p.textEdited(f(p.buffer)) }
}

// enter breaks the line; in the bar it goes on to the next match. Below a key
// of the front matter that has no value the new line is indented.
func (p *Pane) enter() any {
	if p.target() != p.buffer {
		return p.barEntered()
	}
	more := ""
	c := p.buffer.Cursor()
	before := strings.TrimSpace(p.buffer.Line(c.Line)[:c.Byte])
	if strings.HasSuffix(before, ":") && !strings.HasPrefix(before, "#") && p.syntax.inFrontMatter(p.buffer, c.Line) {
		more = "  "
	}
	return p.edited(p.buffer.Newline(more))
}

// tab indents; in the bar it goes to the other field.
func (p *Pane) tab() any {
	if p.target() != p.buffer {
		p.bar.other()
		return nil
	}
	return p.edited(p.buffer.Tab())
}

func (p *Pane) backTab() any {
	if p.target() != p.buffer {
		p.bar.other()
		return nil
	}
	return p.edited(p.buffer.Outdent())
}

// comment uses the comments of the half that the selection begins in.
func (p *Pane) comment() any {
	r, _ := p.buffer.Selection()
	if p.syntax.inFrontMatter(p.buffer, r.Start.Line) {
		return p.textEdited(p.buffer.ToggleComment("#", ""))
	}
	return p.textEdited(p.buffer.ToggleComment("{{!--", "--}}"))
}

func (p *Pane) whyNoUndo() string {
	if !p.target().CanUndo() {
		return "nothing was changed"
	}
	return ""
}

func (p *Pane) whyNoRedo() string {
	if !p.target().CanRedo() {
		return "nothing was undone"
	}
	return ""
}

// selected is the selected text; empty where nothing is selected.
func (p *Pane) selected() string {
	r, _ := p.target().Selection()
	return p.target().Slice(r)
}

func (p *Pane) copy() any {
	p.mark = false
	b := p.target()
	if text := p.selected(); text != "" {
		p.clip = clip{text: text}
	} else if b == p.buffer {
		p.clip = clip{text: b.Line(b.Cursor().Line) + "\n", lines: true}
	} else {
		return nil
	}
	p.notice = "copied"
	return Copy{p.clip.text}
}

func (p *Pane) cut() any {
	b := p.target()
	if p.copy() == nil {
		return nil
	}
	p.notice = ""
	if !p.clip.lines {
		return p.cutDone(b.Delete())
	}
	return p.cutDone(b.DeleteLines())
}

func (p *Pane) cutToLineEnd() any {
	b := p.target()
	r := b.ToLineEnd()
	if r.Empty() {
		return nil
	}
	p.clip = clip{text: b.Slice(r)}
	return p.cutDone(b.Replace(r, ""))
}

func (p *Pane) cutDone(changed bool) any {
	if p.edited(changed) == nil {
		return Copy{p.clip.text}
	}
	return Cut{Text: p.clip.text, Revision: p.Revision()}
}

func (p *Pane) whyNoPaste() string {
	if p.clip.text == "" {
		return "nothing was cut or copied here; the terminal's own paste works too"
	}
	return ""
}

func (p *Pane) paste() any {
	b := p.target()
	if _, selected := b.Selection(); p.clip.lines && !selected && b == p.buffer {
		return p.edited(b.InsertLines(p.clip.text))
	}
	return p.insert(p.clip.text)
}

// insert puts pasted text into the target; a field takes one line.
func (p *Pane) insert(text string) any {
	if p.target() != p.buffer {
		text = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(strings.TrimRight(text, "\r\n"))
	}
	return p.edited(p.target().Insert(text))
}
