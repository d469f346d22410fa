package exchange

import (
	"context"
	"io"

	"reprise/engine/store"
)

// Imported is what a file brought.
type Imported struct {
	Form  string   // of the file: "Reprise traces", "promptfoo results" …
	Runs  []string // IDs of the runs that are here now, in the order of the file
	Known int      // runs of the file that were here before
}

// Import takes the runs of a file into a store: all of them, or on an error none.
// What the file holds is found out by looking at it; its name, without a folder,
// names the program of runs of which it tells none. A run that is here already is
// not taken again; one with the ID of another run gets an ID of its own.
func Import(ctx context.Context, s *store.Store, name string, r io.Reader) (Imported, error) {
	form, lines, err := open(name, r)
	if err != nil {
		return Imported{}, err
	}
	defer lines.close()
	l := &loader{store: s, name: name, lines: lines, ids: map[string]string{}, versions: map[string]*versionLine{}, newID: store.NewIDs()}
	l.out.Form = form
	err = s.Import(ctx, func(in *store.Intake) error {
		l.in = in
		return l.load(ctx)
	})
	if err != nil {
		return Imported{}, err
	}
	return l.out, nil
}

// feed gives the lines of a file, io.EOF behind the last one.
type feed interface {
	next() (any, error)
	place() string // of the line that next gave last, as "file:line"
	close()
}
