package themes

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestBundledThemes(t *testing.T) {
	all := Bundled()
	if len(all) < 14 {
		t.Fatalf("%d themes, want twelve schemes and the terminal's colours at least", len(all))
	}
	dark := 0
	for _, th := range all {
		if th.Dark {
			dark++
		}
		if th.Background != nil {
			checkContrast(t, th)
		}
	}
	if dark == 0 || dark == len(all) {
		t.Errorf("%d of %d themes are dark", dark, len(all))
	}
	if !Dark().Dark || Light().Dark {
		t.Error("the default themes are not a dark and a light one")
	}
}

// Whatever the palette, what has to be read can be read.
func TestContrastOfAnyPalette(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Scheme
		for i := range s.base {
			s.base[i] = rgb{rapid.Uint8().Draw(t, "r"), rapid.Uint8().Draw(t, "g"), rapid.Uint8().Draw(t, "b")}
		}
		checkContrast(t, s.theme())
	})
}

type tester interface {
	Helper()
	Errorf(string, ...any)
}

func checkContrast(t tester, th Theme) {
	t.Helper()
	text := map[string]color.Color{
		"Text": th.Text, "Muted": th.Muted, "Strong": th.Strong, "Accent": th.Accent, "Info": th.Info, "Success": th.Success,
		"Warning": th.Warning, "Danger": th.Danger, "AddedText": th.AddedText, "RemovedText": th.RemovedText,
		"Thinking": th.Thinking, "Answer": th.Answer, "Keyword": th.Keyword, "String": th.String, "Number": th.Number,
		"Comment": th.Comment, "Function": th.Function, "Variable": th.Variable, "Operator": th.Operator, "Tag": th.Tag,
		"Property": th.Property, "Heading": th.Heading, "Link": th.Link, "Code": th.Code, "Quote": th.Quote,
	}
	for i, c := range th.Heat {
		text[fmt.Sprint("heat ", i)] = c
	}
	for i, c := range th.Origins {
		text[fmt.Sprint("origin ", i)] = c
	}
	atLeast := func(ratio float64, what string, c, on color.Color) {
		t.Helper()
		if got := contrast(c.(rgb), on.(rgb)); got < ratio {
			t.Errorf("%s: %s %v on %v has %.2f:1, want %.1f:1", th.Slug, what, c, on, got, ratio)
		}
	}
	for name, c := range text {
		atLeast(textContrast, name, c, th.Background)
	}
	atLeast(textContrast, "selected", th.Strong, th.Selection)
	atLeast(textContrast, "added word", th.Strong, th.AddedWord)
	atLeast(textContrast, "removed word", th.Strong, th.RemovedWord)
	atLeast(textContrast, "added line", th.Text, th.AddedLine)
	atLeast(textContrast, "removed line", th.Text, th.RemovedLine)
	atLeast(textContrast, "cursor line", th.Text, th.CursorLine)
	atLeast(chromeContrast, "Border", th.Border, th.Background)
	atLeast(chromeContrast, "Focus", th.Focus, th.Background)
}

func TestParseOldForm(t *testing.T) {
	var b strings.Builder
	b.WriteString("scheme: \"Mine\"\nauthor: me\n")
	for i := range 16 {
		fmt.Fprintf(&b, "base%02X: \"%02x%02x%02x\"\n", i, i*16, i*16, i*16)
	}
	th, err := Parse("mine.yaml", []byte(b.String()))
	if err != nil || th.Name != "Mine" || th.Slug != "mine" || !th.Dark {
		t.Errorf("%+v, %v", th.Name, err)
	}
}

func TestParseBase24(t *testing.T) {
	var b strings.Builder
	b.WriteString("system: \"base24\"\nname: \"Mine\"\nslug: \"mine-24\"\nvariant: \"light\"\npalette:\n")
	for i := range 24 {
		fmt.Fprintf(&b, "  base%02X: \"#%02x%02x%02x\"\n", i, 255-i*10, 255-i*10, 255-i*10)
	}
	th, err := Parse("x.yaml", []byte(b.String()))
	if err != nil || th.Slug != "mine-24" || th.Dark {
		t.Errorf("%q, dark %v, %v", th.Slug, th.Dark, err)
	}
}

// Whatever a terminal makes of 256 colours, text does not take the colour of
// what it stands on; with sixteen colours the terminal's own theme sees to it.
func TestRolesStayApartWithFewerColours(t *testing.T) {
	for _, th := range Bundled() {
		if th.Background == nil {
			continue
		}
		for name, at := range map[string][2]color.Color{
			"text": {th.Text, th.Background}, "muted": {th.Muted, th.Background}, "border": {th.Border, th.Background}, "thinking": {th.Thinking, th.Background},
			"selected": {th.Strong, th.Selection}, "selection": {th.Selection, th.Background}, "added": {th.AddedText, th.RemovedText},
			"added word": {th.AddedWord, th.Background}, "removed word": {th.RemovedWord, th.Background}, "danger": {th.Danger, th.Success}, "comment": {th.Comment, th.CursorLine},
		} {
			if a, b := colorprofile.ANSI256.Convert(at[0]), colorprofile.ANSI256.Convert(at[1]); a == b {
				t.Errorf("%s: %s and what it is to stand out from are both %v", th.Slug, name, a)
			}
		}
	}
	for _, dark := range []bool{true, false} {
		th := Terminal(dark)
		seen := map[color.Color]string{}
		for name, c := range map[string]color.Color{"added": th.AddedText, "removed": th.RemovedText, "warning": th.Warning, "accent": th.Accent, "thinking": th.Thinking, "muted": th.Muted} {
			if _, basic := c.(ansi.BasicColor); !basic || seen[c] != "" {
				t.Errorf("%s: %s is %v, as is %s", th.Slug, name, c, seen[c])
			}
			seen[c] = name
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"palette: {base00: \"#000000\"}": "no base01",
		"palette: {base00: \"black\"}":   `base00 is "black"; a colour is six hexadecimal digits`,
		"palette: [":                     "read theme x.yaml",
	} {
		if _, err := Parse("x.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestLoadGoesOnAfterABadFile(t *testing.T) {
	good, err := bundled.ReadFile("schemes/nord.yaml")
	if err != nil {
		t.Fatal(err)
	}
	themes, errs := Load(fstest.MapFS{"a.yaml": {Data: []byte("{")}, "nord.yaml": {Data: good}, "readme.md": {Data: []byte("hi")}})
	if len(themes) != 1 || len(errs) != 1 {
		t.Errorf("%d themes, errors %v", len(themes), errs)
	}
}
