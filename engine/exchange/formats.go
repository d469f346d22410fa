package exchange

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"reprise/engine/exchange/report"
	"reprise/engine/store"
)

// As is a form in which runs are written.
type As string

// The forms.
const (
	JSONL    As = "jsonl"    // Reprise traces
	HTML     As = "html"     // one page of one run, for people
	Markdown As = "markdown" // for a place where people discuss
)

// Forms lists them.
var Forms = []As{JSONL, HTML, Markdown}

// Extension is how the names of files of the form end.
func (f As) Extension() string {
	if f == Markdown {
		return ".md"
	}
	return "." + string(f)
}

// FormOf is the form that a file's name asks for; JSONL where it asks for none. What
// its extension names may be no form, which Write refuses.
func FormOf(name string) As {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".html", ".htm":
		return HTML
	case ".md", ".markdown":
		return Markdown
	case "", ".json", ".jsonl", ".ndjson":
		return JSONL
	default:
		return As(ext[1:])
	}
}

// Write writes runs of a store in a form, a page with a style sheet that gives it
// colours. Runs that go on are an error, and for a page more than one run.
func Write(ctx context.Context, s *store.Store, runs []store.Run, as As, colours string, w io.Writer) error {
	switch {
	case !slices.Contains(Forms, as):
		return refuse("%q is no form of traces; there are jsonl, html and markdown", as)
	case as == JSONL:
		return Export(ctx, s, runs, w)
	case as == HTML && len(runs) != 1:
		return refuse("a page shows one run, here are %d; write them as jsonl or markdown, or one after the other", len(runs))
	}
	for _, r := range runs {
		if err := ended(r); err != nil {
			return err
		}
		whole, err := report.Gather(s, r)
		if err == nil && as == HTML {
			err = whole.HTML(w, colours)
		} else if err == nil {
			err = whole.Markdown(w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
