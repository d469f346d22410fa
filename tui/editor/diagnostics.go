package editor

import (
	"sort"

	"reprise/programs/source"
	"reprise/tui/editor/buffer"
)

// problem is a diagnostic at its place, which moves with the text.
type problem struct {
	at         buffer.Range
	diagnostic source.Diagnostic
}

// problems are in the order of their places.
type problems []problem

// SetDiagnostics shows findings about the text as it stands. Those about other
// files are left out.
func (p *Pane) SetDiagnostics(ds source.Diagnostics) {
	p.problems = nil
	at := p.buffer.Offsets()
	for _, d := range ds {
		if d.Path != "" && d.Path != p.path {
			continue
		}
		r := buffer.Range{Start: at(d.Span.Start), End: at(max(d.Span.Start, d.Span.End))}
		p.problems = append(p.problems, problem{r, d})
	}
	sort.SliceStable(p.problems, func(i, j int) bool { return p.problems[i].at.Start.Before(p.problems[j].at.Start) })
	p.serial++
}

// shift moves the problems with a change of the text before them. What was
// found in replaced text ends where the change begins.
func (ps problems) shift(c buffer.Change) {
	for i := range ps {
		r := &ps[i].at
		r.Start, r.End = shifted(r.Start, c), shifted(r.End, c)
	}
}

func shifted(p buffer.Pos, c buffer.Change) buffer.Pos {
	switch {
	case p.Before(c.Start) || p == c.Start:
		return p
	case p.Before(c.OldEnd):
		return c.Start
	case p.Line == c.OldEnd.Line:
		return buffer.Pos{Line: c.NewEnd.Line, Byte: p.Byte - c.OldEnd.Byte + c.NewEnd.Byte}
	}
	return buffer.Pos{Line: p.Line + c.NewEnd.Line - c.OldEnd.Line, Byte: p.Byte}
}

// on lists the problems that touch a line.
func (ps problems) on(line int) problems {
	var out problems
	for _, x := range ps {
		if x.at.Start.Line > line {
			break
		}
		if x.at.End.Line >= line {
			out = append(out, x)
		}
	}
	return out
}

// worst is the weightiest severity, 0 for none.
func (ps problems) worst() source.Severity {
	var worst source.Severity
	for _, x := range ps {
		if s := x.diagnostic.Severity; worst == 0 || s < worst {
			worst = s
		}
	}
	return worst
}

// under is the problem that the cursor stands in, else the weightiest that
// begins in its line.
func (ps problems) under(c buffer.Pos) (problem, bool) {
	var best problem
	found := false
	for _, x := range ps.on(c.Line) {
		in := x.at.Has(c) || x.at.Start == c || x.at.End == c
		bestIn := found && (best.at.Has(c) || best.at.Start == c || best.at.End == c)
		switch {
		case !in && x.at.Start.Line != c.Line:
		case !found, in && !bestIn,
			in == bestIn && x.diagnostic.Severity < best.diagnostic.Severity:
			best, found = x, true
		}
	}
	return best, found
}

func (p *Pane) whyNoProblem() string {
	if len(p.problems) == 0 {
		return "no problem was found"
	}
	return ""
}

// gotoProblem goes to the next problem or the one before, round the ends.
func (p *Pane) gotoProblem(by int) any {
	c, n := p.buffer.Cursor(), len(p.problems)
	i := sort.Search(n, func(i int) bool {
		at := p.problems[i].at.Start
		return c.Before(at) || by < 0 && at == c
	})
	if by < 0 {
		i--
	}
	p.buffer.MoveTo(p.problems[(i+n)%n].at.Start, false)
	p.touch()
	return nil
}

// count is how many problems there are of each weight.
func (ps problems) count() (errors, others int) {
	for _, x := range ps {
		if x.diagnostic.Severity == source.Error {
			errors++
		} else {
			others++
		}
	}
	return errors, others
}
