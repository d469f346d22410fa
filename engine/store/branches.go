package store

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How says what became of the step at which a sample was left.
type How string

// The ways of leaving a sample.
const (
	Edit     How = "edit"     // another text stands in the step's place
	Resample How = "resample" // it is drawn anew
	Insert   How = "insert"   // a hint stands before it
	Drop     How = "drop"     // it is left out, and those behind it stay
	Force    How = "force"    // another token stands in a token's place
)

// longestName is how many characters the name of a sample may have.
const longestName = 40

// CheckName says why a text cannot be the name of a sample: it would read as a
// number, or end where the command line parts names. The empty name, which is none,
// can be given.
func CheckName(name string) error {
	_, err := strconv.Atoi(name)
	switch {
	case err == nil:
		return fmt.Errorf("%q cannot be the name of a sample: it is a number", name)
	case utf8.RuneCountInString(name) > longestName:
		return fmt.Errorf("the name of a sample has %d characters at most; a note may be longer", longestName)
	case strings.ContainsAny(name, ":@=") || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }):
		return fmt.Errorf("%q cannot be the name of a sample; use letters and dashes, as in carried-wrong", name)
	}
	return nil
}

// Named gives a sample by its number or its name.
func (r Run) Named(text string) (Sample, bool) {
	number, err := strconv.Atoi(text)
	for _, s := range r.Samples {
		if err == nil && s.Number == number || text != "" && s.Name == text {
			return s, true
		}
	}
	return Sample{}, false
}

// Free says why the samples of a run cannot have a name; number is the one that is
// to have it, 0 for one that is still to be made.
func (r Run) Free(name string, number int) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if other, ok := r.Named(name); ok && other.Number != number {
		return fmt.Errorf("%q is already the name of sample %d; take it away there first", name, other.Number)
	}
	return nil
}

// Won reports whether a sample gave the answer that the vote of its run chose.
func (r Run) Won(s Sample) bool {
	winner, ok := r.Tally.Winner()
	if !ok || s.Fork.Parent > 0 {
		return false
	}
	ballot, counted := s.ballot()
	return counted && ballot.Outcome == "" && r.Plan.Equal.Same(ballot.Answer, winner.Answer)
}

// NameSample gives a sample of the run with this ID a name, unique in the run; an
// empty one takes it away.
func (s *Store) NameSample(run string, number int, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	err := s.annotate("name", run, number, name)
	if err != nil && strings.Contains(err.Error(), "UNIQUE") {
		return fmt.Errorf("%q is already the name of another sample of run %s; take it away there first", name, run)
	}
	return err
}

// NoteSample writes a note beside a sample of the run with this ID; an empty one
// takes it away.
func (s *Store) NoteSample(run string, number int, note string) error {
	return s.annotate("note", run, number, note)
}

// annotate changes what a person wrote beside a sample, which alone can change.
func (s *Store) annotate(column, run string, number int, text string) error {
	db, err := s.writer()
	if err != nil {
		return err
	}
	done, err := db.Exec("UPDATE samples SET "+column+" = ? WHERE run = ? AND number = ?", text, run, number)
	if err != nil {
		return unsaved(err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("run %s has no sample %d: %w", run, number, ErrNotFound)
	}
	return nil
}

// Deed is in words what a fork did at the place where it left its parent, and the
// text that it put there, which is empty where there is none to tell.
func (f Fork) Deed() (verb, text string) {
	switch {
	case f.How == Drop:
		return "left out", ""
	case f.How == Insert:
		return "with the hint", f.Edit
	case f.How == Force:
		return "with the token", f.Edit
	case f.How == Edit:
		return "changed to", f.Edit
	case f.Edit != "":
		return "going on with", f.Edit
	}
	return "drawn anew", ""
}

// Branch is a sample in the tree of its run. More tells for each level down to it
// whether others follow there.
type Branch struct {
	Sample
	More []bool
}

// Tree lists the samples of a run, forks beneath what they left.
func (r Run) Tree() []Branch {
	children := make(map[int][]Sample)
	for _, s := range r.Samples {
		children[s.Fork.Parent] = append(children[s.Fork.Parent], s)
	}
	var out []Branch
	var grow func(parent int, more []bool)
	grow = func(parent int, more []bool) {
		for i, s := range children[parent] {
			here := more
			if parent > 0 {
				here = append(more[:len(more):len(more)], i < len(children[parent])-1)
			}
			out = append(out, Branch{s, here})
			grow(s.Number, here)
		}
	}
	grow(0, nil)
	return out
}

// Rails draw the lines that lead to a branch, two cells a level; of more than most
// levels only the last.
func (b Branch) Rails(most int) string {
	out, from := "", max(0, len(b.More)-max(1, most))
	if from > 0 {
		out = "‥"
	}
	for i, more := range b.More[from:] {
		switch last := from+i == len(b.More)-1; {
		case last && more:
			out += "├ "
		case last:
			out += "└ "
		case more:
			out += "│ "
		default:
			out += "  "
		}
	}
	return out
}
