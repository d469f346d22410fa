// Package editor is the pane in which a program's text is edited. It reads no
// file and writes one only in WriteFile; what it wants done it says with
// intents. No text of a program reaches the terminal uncleaned.
package editor

import (
	"time"
	"unicode/utf8"

	"reprise/programs/source"
	"reprise/tui/editor/buffer"
	"reprise/tui/screen"
)

// Changed says that the text is another now.
type Changed struct{ Revision uint64 }

// Copy asks to put text on the system's clipboard.
type Copy struct{ Text string }

// Cut is Copy and Changed in one: the text was copied and deleted.
type Cut struct {
	Text     string
	Revision uint64
}

// Pane edits one text at a time. It is not safe for concurrent use.
type Pane struct {
	paint  *paint
	buffer *buffer.Buffer
	path   string
	now    func() time.Time

	w, h     int // of the inner area, as drawn last
	top      visual
	left     int  // first cell shown, without wrapping
	reveal   bool // keep the cursor in sight
	spare    int  // rows to show above and below it
	goal     int  // cell that moving up and down aims at; -1: the cursor's
	mark     bool // moving selects
	noWrap   bool
	clip     clip
	mouse    mouse
	rows     wrapped
	syntax   *syntax
	problems problems
	bar      *bar // nil while closed
	last     searched
	notice   string // shown until the next key

	serial uint64 // counts whatever View depends on
	drawn  drawn
}

// clip is what was cut or copied last.
type clip struct {
	text  string
	lines bool // whole lines: pasted above the cursor's line
}

// New makes a pane with an empty text.
func New(styles *screen.Styles) *Pane {
	p := &Pane{paint: newPaint(styles), now: time.Now}
	p.Open("", "")
	return p
}

// SetStyles changes the colours.
func (p *Pane) SetStyles(styles *screen.Styles) {
	p.paint = newPaint(styles)
	p.serial++
}

// Open shows another text, with a history of its own. The path is shown, and
// diagnostics about other paths are not.
func (p *Pane) Open(path, text string) {
	p.path = path
	p.buffer = buffer.New(text)
	p.buffer.SetClock(func() time.Time { return p.now() })
	p.buffer.OnChange(p.changed)
	p.rows = wrapped{shapes: shapes{}}
	p.syntax = newSyntax()
	p.problems = nil
	p.top, p.left, p.goal, p.reveal, p.mark, p.bar = visual{}, 0, -1, true, false, nil
	p.mouse = mouse{}
	p.notice = ""
	p.serial++
}

// Replace puts another text in place, as a program's file that was changed
// elsewhere. The cursor stays at its text as far as it is still there, and
// undo brings the former text back.
func (p *Pane) Replace(text string) {
	p.buffer.Reload(text)
	p.touch()
}

// Rename gives the text another path.
func (p *Pane) Rename(path string) {
	p.path = path
	p.serial++
}

// Text is the text as it stands, byte for byte what was opened where nothing
// was edited.
func (p *Pane) Text() string { return p.buffer.Text() }

// Revision names the state of the text: equal revisions since Open have equal
// texts.
func (p *Pane) Revision() uint64 { return p.buffer.Revision() }

// Modified reports whether the text is another than the one opened or marked
// as saved last.
func (p *Pane) Modified() bool { return p.buffer.Modified() }

// MarkSaved says what the file holds. Where that is not the text as it stands,
// because it was edited while the file was being written, the text counts as
// modified.
func (p *Pane) MarkSaved(text string) {
	p.buffer.MarkSaved(text)
	p.serial++
}

// position is where the cursor stands, as people count it.
func (p *Pane) position() source.Position {
	c := p.buffer.Cursor()
	return source.Position{Line: c.Line + 1, Column: utf8.RuneCountInString(p.buffer.Line(c.Line)[:c.Byte]) + 1}
}

// goTo puts the cursor at a place, as people count it.
func (p *Pane) goTo(at source.Position) {
	text := p.buffer.Line(at.Line - 1)
	to := buffer.Pos{Line: at.Line - 1, Byte: len(text)}
	for i := range text {
		if at.Column--; at.Column <= 0 {
			to.Byte = i
			break
		}
	}
	p.buffer.MoveTo(to, false)
	p.touch()
}

// changed keeps what hangs on places in the text where it belongs.
func (p *Pane) changed(c buffer.Change) {
	p.syntax.splice(c.Start.Line, c.OldEnd.Line-c.Start.Line, c.NewEnd.Line-c.Start.Line)
	p.problems.shift(c)
	if p.top.line > c.OldEnd.Line {
		p.top.line += c.NewEnd.Line - c.OldEnd.Line
	}
}

// touch says that the text or what is shown of it changed, and that the cursor
// should be in sight.
func (p *Pane) touch() {
	p.goal, p.reveal, p.spare = -1, true, margin
	p.serial++
}

// say shows a notice until the next key.
func (p *Pane) say(notice string) {
	p.notice = notice
	p.serial++
}
