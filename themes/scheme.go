package themes

import (
	"bytes"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Scheme is a base16 or base24 scheme as its file has it.
type Scheme struct {
	Name, Slug, Author string
	base               [16]rgb // base00 to base0F; base24's others are not used
}

// Parse reads a scheme in tinted-theming's YAML, in the present form with
// "palette" and in the old one with the colours at the top. file is its name,
// for errors and for the slug.
func Parse(file string, data []byte) (Theme, error) {
	var f struct {
		Name    string            `yaml:"name"`
		Scheme  string            `yaml:"scheme"` // the old form's name
		Author  string            `yaml:"author"`
		Slug    string            `yaml:"slug"`
		Palette map[string]string `yaml:"palette"`
		Flat    map[string]any    `yaml:",inline"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&f); err != nil {
		return Theme{}, fmt.Errorf("read theme %s: %s", file, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	s := Scheme{Name: f.Name, Author: f.Author, Slug: f.Slug}
	if s.Name == "" {
		s.Name = f.Scheme
	}
	if s.Slug == "" {
		s.Slug = strings.TrimSuffix(path.Base(file), path.Ext(file))
	}
	if s.Name == "" {
		s.Name = s.Slug
	}
	for i := range s.base {
		key := fmt.Sprintf("base%02X", i)
		text, ok := f.Palette[key]
		if !ok {
			text, ok = f.Flat[key].(string)
		}
		if !ok {
			return Theme{}, fmt.Errorf("read theme %s: no %s; a scheme has base00 to base0F, as \"#rrggbb\" in quotes", file, key)
		}
		var err error
		if s.base[i], err = hexColour(text); err != nil {
			return Theme{}, fmt.Errorf("read theme %s: %s is %q; %w", file, key, text, err)
		}
	}
	return s.theme(), nil
}

func hexColour(text string) (rgb, error) {
	b, err := hex.DecodeString(strings.TrimPrefix(text, "#"))
	if err != nil || len(b) != 3 {
		return rgb{}, errors.New("a colour is six hexadecimal digits, as in \"#1e1e2e\"")
	}
	return rgb{b[0], b[1], b[2]}, nil
}

//go:embed schemes/*.yaml
var bundled embed.FS

// Bundled are the themes that come with Reprise, dark ones first, by name; of
// each the terminal's own colours last.
func Bundled() []Theme { return slices.Clone(all()) }

var all = sync.OnceValue(func() []Theme {
	out, errs := read(bundled, "schemes")
	if len(errs) > 0 {
		panic(errs[0]) // a test reads them all
	}
	slices.SortFunc(out, func(a, b Theme) int { return strings.Compare(a.Name, b.Name) })
	out = append(out, Terminal(true), Terminal(false))
	slices.SortStableFunc(out, func(a, b Theme) int {
		switch {
		case a.Dark == b.Dark:
			return 0
		case a.Dark:
			return -1
		}
		return 1
	})
	return out
})

// Load reads the themes of a user's folder. A file that is no theme is an
// error of its own and keeps none of the others from loading; a folder that
// does not exist is empty.
func Load(folder fs.FS) ([]Theme, []error) { return read(folder, ".") }

func read(fsys fs.FS, dir string) (themes []Theme, errs []error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, fmt.Errorf("read themes: %w", err))
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".yaml") && !strings.HasSuffix(e.Name(), ".yml") {
			continue
		}
		data, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			errs = append(errs, fmt.Errorf("read themes: %w", err))
			continue
		}
		t, err := Parse(e.Name(), data)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		themes = append(themes, t)
	}
	return themes, errs
}

// Dark and Light are the themes for a terminal of which nothing else is known.
func Dark() Theme  { return named("catppuccin-mocha") }
func Light() Theme { return named("catppuccin-latte") }

func named(slug string) Theme {
	for _, t := range all() {
		if t.Slug == slug {
			return t
		}
	}
	panic("no theme " + slug) // a test asks for both
}
