package editor

import "reprise/tui/editor/buffer"

// moves makes an action of a way to move. While the mark is set it selects.
func moves(f func(b *buffer.Buffer, extend bool)) func(*Pane) any {
	return func(p *Pane) any {
		f(p.target(), p.mark)
		p.touch()
		return nil
	}
}

// extends makes an action that moves and selects.
func extends(f func(b *buffer.Buffer, extend bool)) func(*Pane) any {
	return func(p *Pane) any {
		f(p.target(), true)
		p.touch()
		return nil
	}
}

// selects makes an action of a selection.
func selects(f func(b *buffer.Buffer)) func(*Pane) any {
	return func(p *Pane) any {
		f(p.target())
		p.mark = false
		p.touch()
		return nil
	}
}

func toTop(b *buffer.Buffer, extend bool)    { b.MoveTo(buffer.Pos{}, extend) }
func toBottom(b *buffer.Buffer, extend bool) { b.MoveTo(b.End(), extend) }

func selectAll(b *buffer.Buffer)  { b.Select(buffer.Range{End: b.End()}) }
func selectWord(b *buffer.Buffer) { b.Select(b.WordAt(b.Cursor())) }

// vertical makes an action that moves by rows as they are shown, keeping to
// the cell it started from. In the bar it goes through the matches.
func vertical(by int, extend bool) func(*Pane) any {
	return func(p *Pane) any {
		if p.target() != p.buffer {
			return p.barStep(by)
		}
		p.moveRows(by, extend || p.mark)
		return nil
	}
}

// page makes an action that moves by what fits the pane, but for one row.
func page(by int, extend bool) func(*Pane) any {
	return func(p *Pane) any {
		p.moveRows(by*max(1, p.textHeight()-1), extend || p.mark)
		return nil
	}
}

// moveRows moves the cursor by rows. Beyond the first and the last row it goes
// to the beginning and the end.
func (p *Pane) moveRows(by int, extend bool) {
	goal := p.goal
	from, cell := p.place(p.buffer.Cursor())
	if goal < 0 {
		goal = cell
	}
	to := p.step(from, by)
	if to == from {
		if by < 0 {
			goal = 0
		} else {
			goal = 1 << 30
		}
	}
	p.buffer.MoveTo(p.at(to, goal), extend)
	p.touch()
	p.goal = goal
}

// toggleMark begins a selection that every move extends, for terminals that do
// not send shift with the arrows.
func (p *Pane) toggleMark() any {
	p.mark = !p.mark
	if p.mark {
		p.target().Unselect()
	}
	p.touch()
	return nil
}

// escape ends what is open, one thing at a time. Going to a line is taken back.
func (p *Pane) escape() any {
	switch {
	case p.bar != nil:
		if p.bar.kind == goingTo && p.bar.focused {
			p.buffer.MoveTo(p.bar.origin, false)
		}
		p.bar = nil
	case p.mark:
		p.mark = false
	default:
		p.buffer.Unselect()
	}
	p.touch()
	return nil
}

func (p *Pane) toggleWrap() any {
	p.noWrap = !p.noWrap
	p.top.row, p.left = 0, 0
	p.touch()
	return nil
}

// gotoPair goes to the counterpart of the bracket or the block tag.
func (p *Pane) gotoPair() any {
	if _, there, ok := p.pair(); ok {
		p.buffer.MoveTo(there.Start, p.mark)
	}
	p.touch()
	return nil
}

func (p *Pane) whyNoPair() string {
	if _, _, ok := p.pair(); !ok {
		return "the cursor stands at no bracket or block tag that has another"
	}
	return ""
}

// pair finds the block tags or the brackets at the cursor.
func (p *Pane) pair() (here, there buffer.Range, ok bool) {
	c := p.buffer.Cursor()
	if here, there, ok = p.buffer.MatchBlock(c); ok {
		return here, there, ok
	}
	return p.buffer.MatchBracket(c)
}
