package source

import "testing"

func TestDiagnosticReads(t *testing.T) {
	text := "Grüß dich,\nhallo {{nmae}}!"
	d := At("greet.prompt", text, Span{21, 25}, Error, "unknown-input", `unknown input "nmae"`, `did you mean "name"?`)
	if got, want := d.String(), `greet.prompt:2:9: unknown input "nmae" (did you mean "name"?)`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	d.Severity, d.Hint = Warning, ""
	if got, want := d.String(), `greet.prompt:2:9: warning: unknown input "nmae"`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLocateCountsCharacters(t *testing.T) {
	text := "Grüß dich\n\nja"
	for offset, want := range map[int]Position{0: {1, 1}, 6: {1, 5}, 11: {1, 10}, 12: {2, 1}, 13: {3, 1}, 99: {3, 3}, -1: {1, 1}} {
		if got := Locate(text, offset); got != want {
			t.Errorf("Locate(%d) = %v, want %v", offset, got, want)
		}
	}
}

func TestDiagnosticsErr(t *testing.T) {
	warning := Diagnostic{Path: "b", Severity: Warning, Message: "w"}
	failure := Diagnostic{Path: "a", Severity: Error, Message: "e", Position: Position{1, 1}}
	if err := (Diagnostics{warning}).Err(); err != nil {
		t.Errorf("a warning is no error: %v", err)
	}
	ds := Diagnostics{warning, failure}
	if err := ds.Err(); err == nil || err.Error() != "a:1:1: e" {
		t.Errorf("errors only: %v", err)
	}
	ds.Sort()
	if ds[0].Path != "a" {
		t.Error("not sorted by path")
	}
}

func TestClosest(t *testing.T) {
	names := []string{"name", "question", "tone"}
	for typed, want := range map[string]string{"nmae": "name", "qestion": "question", "tones": "tone", "answer": "", "x": "", "name": ""} {
		if got, _ := Closest(typed, names); got != want {
			t.Errorf("Closest(%q) = %q, want %q", typed, got, want)
		}
	}
	if got := DidYouMean("zzzz", names); got != "" {
		t.Errorf("hint %q for nothing near", got)
	}
}
