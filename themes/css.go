package themes

import (
	"fmt"
	"image/color"
	"strings"
)

// CSS is the theme as custom properties of style sheets, one a line: --background,
// --muted … It must have colours of its own: of the terminal's themes there are none.
func (t Theme) CSS() string {
	var b strings.Builder
	for _, p := range []struct {
		name string
		c    color.Color
	}{
		{"background", t.Background}, {"surface", t.CursorLine}, {"selection", t.Selection}, {"border", t.Border}, {"focus", t.Focus},
		{"text", t.Text}, {"muted", t.Muted}, {"strong", t.Strong}, {"accent", t.Accent}, {"info", t.Info},
		{"success", t.Success}, {"warning", t.Warning}, {"danger", t.Danger}, {"thinking", t.Thinking},
		{"doubt", t.RemovedLine}, {"more-doubt", t.RemovedWord},
	} {
		if p.c != nil {
			r, g, bl, _ := p.c.RGBA()
			fmt.Fprintf(&b, "--%s: #%02x%02x%02x;\n", p.name, r>>8, g>>8, bl>>8)
		}
	}
	return b.String()
}
