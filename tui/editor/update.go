package editor

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/editor/buffer"
)

// Update takes what is typed and pasted, and the mouse, whose coordinates
// count from the area that View draws.
func (p *Pane) Update(msg tea.Msg) (intent any, cmd tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.typed(msg), nil
	case tea.PasteMsg:
		p.notice = ""
		return p.insert(msg.Content), nil
	case tea.MouseClickMsg:
		return p.clicked(tea.Mouse(msg)), nil
	case tea.MouseMotionMsg:
		p.dragged(tea.Mouse(msg))
	case tea.MouseReleaseMsg:
		p.mouse.down = false
	case tea.MouseWheelMsg:
		p.wheel(tea.Mouse(msg))
	}
	return nil, nil
}

// typed inserts what a key types. Some terminals send ctrl+h for backspace.
func (p *Pane) typed(key tea.KeyPressMsg) any {
	p.notice = ""
	p.serial++
	switch {
	case key.String() == "ctrl+h":
		return p.edited(p.target().Backspace())
	case key.Text == "" || key.Mod.Contains(tea.ModCtrl) || key.Mod.Contains(tea.ModAlt):
		return nil
	}
	return p.edited(p.target().Type(key.Text))
}

// mouse is what has to be known of clicks before.
type mouse struct {
	down  bool
	count int // of clicks at one place
	at    time.Time
	x, y  int
}

// quick is how fast the clicks of a double click follow each other.
const quick = 400 * time.Millisecond

// wheelRows is how many rows a turn of the wheel scrolls.
const wheelRows = 3

// clicked places the cursor; twice it selects the word, three times the line.
// With shift it selects up to there.
func (p *Pane) clicked(m tea.Mouse) any {
	if m.Button != tea.MouseLeft || m.Y < 0 || m.X < 0 {
		return nil
	}
	p.notice = ""
	if p.bar != nil {
		p.bar.focused = m.Y >= p.h-p.barHeight()
		if p.bar.focused {
			p.bar.inWith = p.bar.kind == replacing && m.Y == p.h-1 && p.barHeight() == 2
			p.serial++
			return nil
		}
	}
	now := p.now()
	if p.mouse.count > 0 && m.X == p.mouse.x && m.Y == p.mouse.y && now.Sub(p.mouse.at) < quick {
		p.mouse.count++
	} else {
		p.mouse.count = 1
	}
	p.mouse = mouse{down: true, count: p.mouse.count, at: now, x: m.X, y: m.Y}
	at := p.under(m.X, m.Y)
	p.mark = false
	switch p.mouse.count {
	case 1:
		p.buffer.MoveTo(at, m.Mod.Contains(tea.ModShift))
	case 2:
		p.buffer.Select(p.buffer.WordAt(at))
	default:
		p.buffer.MoveTo(at, false)
		p.buffer.SelectLines()
	}
	p.pointed()
	return nil
}

// dragged selects up to the pointer, scrolling where it is beyond the edge.
func (p *Pane) dragged(m tea.Mouse) {
	if !p.mouse.down {
		return
	}
	switch {
	case m.Y < 0:
		p.scroll(-1)
	case m.Y >= p.textHeight():
		p.scroll(1)
	}
	p.buffer.MoveTo(p.under(m.X, m.Y), true)
	p.pointed()
}

// pointed is touch after a click: what is under the pointer stays there.
func (p *Pane) pointed() {
	p.touch()
	p.spare = 0
}

// under is the place of the text in a cell of the area.
func (p *Pane) under(x, y int) buffer.Pos {
	p.settle()
	y = max(0, min(y, p.textHeight()-1))
	v := p.top
	for range y {
		next := p.step(v, 1)
		if next == v {
			return p.buffer.End()
		}
		v = next
	}
	return p.at(v, x-p.gutter()+p.left)
}

func (p *Pane) wheel(m tea.Mouse) {
	switch m.Button {
	case tea.MouseWheelUp:
		p.scroll(-wheelRows)
	case tea.MouseWheelDown:
		p.scroll(wheelRows)
	}
}
