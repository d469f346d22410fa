package compare

// Hunk is a stretch of rows around differences, for a unified view.
type Hunk struct {
	Rows                   []Row
	LeftStart, LeftLines   int // first line number and count; where the count is 0, the number of the line before
	RightStart, RightLines int
}

// HunkLine is one line of a unified view: Equal, Delete or Insert.
type HunkLine struct {
	Op   Op
	Line *Line // the left one where Equal
}

// Hunks gives the rows that differ with up to context equal rows around them.
// Differences whose contexts meet share a hunk.
func (r Result) Hunks(context int) []Hunk {
	type stretch struct{ start, end int }
	var stretches []stretch
	for i, row := range r.Rows {
		if row.Op == Equal {
			continue
		}
		start, end := max(0, i-context), min(len(r.Rows), i+1+context)
		if k := len(stretches) - 1; k >= 0 && start <= stretches[k].end {
			stretches[k].end = end
		} else {
			stretches = append(stretches, stretch{start, end})
		}
	}
	out := make([]Hunk, len(stretches))
	row, left, right := 0, 0, 0
	count := func(to int) (l, r0 int) {
		fromLeft, fromRight := left, right
		for ; row < to; row++ {
			if r.Rows[row].Left != nil {
				left++
			}
			if r.Rows[row].Right != nil {
				right++
			}
		}
		return left - fromLeft, right - fromRight
	}
	for i, s := range stretches {
		count(s.start)
		h := Hunk{Rows: r.Rows[s.start:s.end], LeftStart: left, RightStart: right}
		h.LeftLines, h.RightLines = count(s.end)
		if h.LeftLines > 0 {
			h.LeftStart++
		}
		if h.RightLines > 0 {
			h.RightStart++
		}
		out[i] = h
	}
	return out
}

// Lines gives the hunk line by line: of neighbouring rows that differ, first
// what is on the left, then what is on the right.
func (h Hunk) Lines() []HunkLine {
	var out, added []HunkLine
	flush := func() { out, added = append(out, added...), nil }
	for _, row := range h.Rows {
		if row.Op == Equal {
			flush()
			out = append(out, HunkLine{Equal, row.Left})
			continue
		}
		if row.Left != nil {
			out = append(out, HunkLine{Delete, row.Left})
		}
		if row.Right != nil {
			added = append(added, HunkLine{Insert, row.Right})
		}
	}
	flush()
	return out
}
