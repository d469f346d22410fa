package importance

import (
	"math"
	"strconv"
	"strings"

	"github.com/guptarohit/asciigraph"
)

// Series is a curve to draw: one by lines, others by a character.
type Series struct {
	Points []Point // by place
	Char   string  // one cell; empty: lines
}

// Plot draws curves of shares over so many steps as lines of plain text, w cells wide
// and h high at the most; without room for it there are none.
func Plot(series []Series, steps, w, h int) []string {
	const label, axis = 7, 2 // cells of the labels at the left, rows at the bottom
	if w -= label; w < 10 || h < axis+3 {
		return nil
	}
	var data [][]float64
	var chars []asciigraph.CharSet
	for _, s := range series {
		if len(s.Points) == 0 {
			continue
		}
		set := asciigraph.CharSet{}
		if s.Char != "" {
			set = asciigraph.CreateCharSet(s.Char)
		}
		data, chars = append(data, sampled(s.Points, w)), append(chars, set)
	}
	if len(data) == 0 {
		return nil
	}
	text := asciigraph.PlotMany(data, asciigraph.Height(min(h-axis-1, 10)), asciigraph.LowerBound(0), asciigraph.UpperBound(1), asciigraph.Precision(1),
		asciigraph.SeriesChars(chars...), asciigraph.XAxisRange(0, float64(steps)), asciigraph.XAxisTickCount(ticks(steps, w)),
		asciigraph.XAxisValueFormatter(func(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }))
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// ticks is how many places of the axis have a number: all where there is room, else
// so many that the numbers are whole where that is possible.
func ticks(steps, w int) int {
	for parts := min(steps, w/6); parts > 1; parts-- {
		if steps%parts == 0 {
			return parts + 1
		}
	}
	return 2
}

// sampled is a curve at n places from 0 to 1, straight between its points.
func sampled(points []Point, n int) []float64 {
	out := make([]float64, n)
	at := 0
	for i := range out {
		x := float64(i) / float64(n-1)
		for at < len(points)-1 && points[at+1].At <= x {
			at++
		}
		a, b := points[at], points[min(at+1, len(points)-1)]
		out[i] = a.Share()
		if b.At > a.At && x > a.At {
			out[i] += (b.Share() - a.Share()) * (x - a.At) / (b.At - a.At)
		}
	}
	return out
}
