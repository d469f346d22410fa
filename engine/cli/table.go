package cli

import (
	"strings"

	"reprise/engine/visible"
)

// table writes rows in columns. The last column is cut to the terminal's
// width; piped, nothing is cut.
func (a *app) table(header []string, rows [][]string) {
	widths := make([]int, len(header))
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], cells(oneLine(cell)))
		}
	}
	write := func(st style, row []string) {
		line := ""
		for i, cell := range row {
			cell = oneLine(cell)
			if i < len(row)-1 {
				cell = pad(cell, widths[i]) + "  "
			}
			line += cell
		}
		if a.out.terminal {
			line = clip(visible.Text(line), a.out.width)
		}
		a.out.paintLine(st, strings.TrimRight(line, " "))
	}
	write(muted, header)
	for _, row := range rows {
		write(plain, row)
	}
}
