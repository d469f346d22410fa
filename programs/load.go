package programs

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"reprise/programs/source"
	"reprise/programs/template"
)

// Extension is how the names of programs' files end.
const Extension = ".prompt"

// partialFile is a partial as found.
type partialFile struct {
	path string // where, for diagnostics
	text string
}

// Load reads the program at name (slash-separated, below fsys) and its
// closure. A partial {{> intro}} is _intro.prompt beside the program, or at the
// root of fsys; {{> shared/intro}} is shared/_intro.prompt. The error is about
// reading the program's own file; everything else is a diagnostic.
func Load(fsys fs.FS, name string) (*Program, error) {
	text, err := readText(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, plain(err))
	}
	return LoadText(fsys, name, text), nil
}

// LoadText is Load with text in place of what the file holds: the editor's
// unsaved buffer. The file need not exist.
func LoadText(fsys fs.FS, name, text string) *Program {
	return (&loader{fsys: fsys, known: map[string]*Program{}}).program(name, text)
}

// loader reads a program and those that it binds, each once.
type loader struct {
	fsys  fs.FS
	above []string // paths of the programs that are being read
	known map[string]*Program
}

// deepest bounds how programs bind each other.
const deepest = 8

func (l *loader) program(name, text string) *Program {
	l.above = append(l.above, name)
	defer func() { l.above = l.above[:len(l.above)-1] }()
	return parse(name, text, surroundings{
		partial: func(partial string) (partialFile, error) {
			found, err := l.find(name, partialPath(partial))
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("%w%s", err, hintNames(partialsBeside(l.fsys, path.Dir(name)), partial))
			}
			return found, err
		},
		file: func(file string) (partialFile, error) {
			place := path.Join(path.Dir(name), file)
			text, err := readText(l.fsys, place)
			if errors.Is(err, fs.ErrNotExist) {
				return partialFile{}, missing("there is no " + place)
			}
			return partialFile{place, text}, plain(err)
		},
		program: func(bound string) (*Program, error) { return l.bound(name, bound) },
	})
}

// find reads a file beside a program, or at the root.
func (l *loader) find(name, file string) (partialFile, error) {
	beside := path.Join(path.Dir(name), file)
	for _, place := range []string{beside, path.Clean(file)} {
		if !fs.ValidPath(place) {
			return partialFile{}, fmt.Errorf("%s is outside of the workspace", place)
		}
		text, err := readText(l.fsys, place)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return partialFile{place, text}, plain(err)
		}
	}
	return partialFile{}, missing("there is no " + beside)
}

// bound reads a program that another one binds.
func (l *loader) bound(from, name string) (*Program, error) {
	file, err := l.find(from, name+Extension)
	if errors.Is(err, fs.ErrNotExist) {
		all, _ := List(l.fsys)
		for i := range all {
			all[i] = strings.TrimSuffix(all[i], Extension)
		}
		return nil, fmt.Errorf("%w%s", err, mean(name, all))
	}
	if err != nil {
		return nil, err
	}
	if i := slices.Index(l.above, file.path); i >= 0 {
		return nil, fmt.Errorf("%w: %s → %s", errCycle, strings.Join(l.above[i:], " → "), file.path)
	}
	if len(l.above) > deepest {
		return nil, fmt.Errorf("programs bind each other %d deep", deepest)
	}
	if l.known[file.path] == nil {
		l.known[file.path] = l.program(file.path, file.text)
	}
	return l.known[file.path], nil
}

// FromClosure makes the program that a stored closure holds.
func FromClosure(name string, c Closure) *Program {
	if len(c) == 0 {
		c = Closure{{Path: mainFile}}
	}
	held := func(file string) (partialFile, error) {
		for _, f := range c[1:] {
			if f.Path == file {
				return partialFile{f.Path, f.Text}, nil
			}
		}
		return partialFile{}, missing("the version holds no " + file)
	}
	return parse(name+Extension, c[0].Text, surroundings{
		partial: func(partial string) (partialFile, error) { return held(partialPath(partial)) },
		file:    held,
		program: func(bound string) (*Program, error) {
			part := c.part(bound)
			if len(part) == 0 {
				return nil, missing("the version holds no " + bound + Extension)
			}
			return FromClosure(path.Join(path.Dir(name), bound), part), nil
		},
	})
}

// missing says that a file is not there.
type missing string

func (m missing) Error() string { return string(m) }

func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

// partialPath is the file of a partial, from the folder of its program.
func partialPath(name string) string {
	dir, base := path.Split(name)
	return path.Join(dir, "_"+base+Extension)
}

// readText reads a file that has to be UTF-8.
func readText(fsys fs.FS, name string) (string, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return "", err
	}
	if at := invalid(data); at >= 0 {
		return "", fmt.Errorf("byte %d is not UTF-8; save the file as UTF-8", at)
	}
	return string(data), nil
}

// invalid finds the first byte that is no UTF-8, −1 for none.
func invalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	at := 0
	for at < len(data) {
		r, n := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return at
}

// plain takes the operation and the path out of a file system's error, which
// the caller names itself.
func plain(err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// List finds the programs below fsys: every *.prompt whose name does not begin
// with "_", outside hidden folders; sorted by path. A folder that cannot be
// read is passed over.
func List(fsys fs.FS) ([]string, error) {
	var out []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return fmt.Errorf("read the folder: %w", plain(err))
		case err != nil:
			return fs.SkipDir
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(entry.Name(), Extension) && !strings.HasPrefix(entry.Name(), "_") && !strings.HasPrefix(entry.Name(), "."):
			out = append(out, name)
		}
		return nil
	})
	sort.Strings(out)
	return out, err
}

// partialsBeside lists the partials in a folder, by name.
func partialsBeside(fsys fs.FS, dir string) []string {
	files, _ := fs.Glob(fsys, path.Join(dir, "_*"+Extension))
	for i, f := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(path.Base(f), "_"), Extension)
	}
	return files
}

// mean is a hint at a name that was meant, to be written behind an error.
func mean(name string, names []string) string {
	if hint := source.DidYouMean(name, names); hint != "" {
		return "; " + hint
	}
	return ""
}

func hintNames(names []string, wanted string) string {
	if near, ok := source.Closest(wanted, names); ok {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	if len(names) > 0 {
		return "; beside it are " + strings.Join(names, ", ")
	}
	return ""
}

// readPartials finds the partials that the program uses, and those that they
// use.
func (p *Program) readPartials(find func(name string) (partialFile, error)) {
	p.partials = make(map[string]*template.Template)
	missing := make(map[string]bool)
	var visit func(t *template.Template, file partialFile)
	visit = func(t *template.Template, file partialFile) {
		for _, ref := range t.References() {
			if ref.Kind != template.Partial || p.partials[ref.Name] != nil || missing[ref.Name+"\x00"+file.path] {
				continue
			}
			found, err := find(ref.Name)
			if err == nil && len(found.text) > largest {
				err = errors.New("it has over 8 MiB")
			}
			if err != nil {
				missing[ref.Name+"\x00"+file.path] = true
				p.Diagnostics = append(p.Diagnostics, source.At(file.path, file.text, ref.Span, source.Error, "unknown-partial", fmt.Sprintf("unknown partial %q", ref.Name), err.Error()))
				continue
			}
			partial, ds := template.Parse(found.path, found.text, source.Span{End: len(found.text)})
			p.partials[ref.Name] = partial
			p.Closure = append(p.Closure, File{Path: partialPath(ref.Name), Text: found.text})
			p.Diagnostics = append(p.Diagnostics, ds...)
			visit(partial, found)
		}
	}
	visit(p.template, partialFile{p.Path, p.Text})
	p.Closure.sort()
}
