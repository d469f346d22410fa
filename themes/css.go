package themes

import (
	"fmt"
	"image/color"
	"strings"
)

// PageCSS gives pages the colours of the themes for screens of which nothing is known,
// light and dark, as custom properties: --background, --muted …
func PageCSS() string {
	return ":root {\n" + Light().css() + "}\n@media screen and (prefers-color-scheme: dark) { :root {\n" + Dark().css() + "} }\n"
}

func (t Theme) css() string {
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
