package themes

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

func TestBundledThemes(t *testing.T) {
	all := Bundled()
	if len(all) < 12 {
		t.Fatalf("%d themes, want at least 12", len(all))
	}
	dark := 0
	for _, th := range all {
		if th.Dark {
			dark++
		}
		checkContrast(t, th)
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
