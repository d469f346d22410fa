package programs

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"reprise/programs/document"
	"reprise/programs/source"
	"reprise/programs/toolset"
)

// tools reads reprise.tools: the name of a Starlark file beside the program, of a
// set that Reprise brings, an MCP server, or a list of those.
func (f *frontMatter) tools(n *document.Node) {
	items := []*document.Node{n}
	if n.List {
		items = n.Items
	}
	set := &toolset.Set{Turns: f.p.Meta.MaxTurns, Only: f.p.Meta.Tools}
	if set.Turns == 0 {
		set.Turns = toolset.DefaultTurns
	}
	for _, item := range items {
		name, ok := item.Text()
		switch {
		case ok:
			f.toolFile(set, item, name)
		case item.Map:
			f.server(set, item)
		default:
			f.form("reprise.tools", item, "the name of a .star file, of a set that Reprise brings ("+strings.Join(toolset.BundledNames(), ", ")+"), or mcp: with a server", false)
		}
	}
	if offered := f.p.Meta.Tools; len(offered) > 0 {
		set.Tools = slices.DeleteFunc(set.Tools, func(t toolset.Tool) bool { return !slices.Contains(offered, t.Name) })
	}
	f.p.Meta.Toolset = set
}

// toolFile reads one file of tools into the set and the closure.
func (f *frontMatter) toolFile(set *toolset.Set, n *document.Node, name string) {
	if slices.Contains(set.Names, name) {
		f.error(n, "bad-value", fmt.Sprintf("reprise.tools names %s twice", name), "")
		return
	}
	set.Names = append(set.Names, name)
	file, err := f.findTools(name)
	if err != nil {
		f.error(n, "unknown-file", fmt.Sprintf("the tools %q cannot be read", name), err.Error())
		return
	}
	tools, ds := toolset.Parse(file.path, file.text)
	f.p.Diagnostics = append(f.p.Diagnostics, ds...)
	set.Files = append(set.Files, toolset.File{Path: file.path, Text: file.text})
	for _, t := range tools {
		if i := slices.IndexFunc(set.Tools, func(other toolset.Tool) bool { return other.Name == t.Name }); i >= 0 {
			f.error(n, "two-tools", fmt.Sprintf("%s and %s both have a tool %s", set.Tools[i].File, t.File, t.Name), "give one another name")
			continue
		}
		set.Tools = append(set.Tools, t)
	}
}

// findTools finds a file of tools: beside the program, otherwise, for a name without
// an extension, among those that Reprise brings.
func (f *frontMatter) findTools(name string) (partialFile, error) {
	file := name
	switch path.Ext(name) {
	case toolset.Extension:
	case "":
		file += toolset.Extension
	default:
		return partialFile{}, errors.New("tools are functions in a Starlark file, sums.star")
	}
	found, err := f.p.beside(file)
	text, bundled := toolset.Bundled(name)
	switch {
	case err == nil:
		return found, nil
	case !errors.Is(err, fs.ErrNotExist):
		return found, err
	case bundled:
		f.p.Closure = append(f.p.Closure, File{Path: file, Text: text})
		return partialFile{path: file, text: text}, nil
	}
	return found, fmt.Errorf("%w, and Reprise brings only %s%s", err, strings.Join(toolset.BundledNames(), ", "), mean(name, toolset.BundledNames()))
}

// uncalibrated refuses calibration beside tools: what options get without content
// would have to be asked behind results of calls that no such input makes.
func (f *frontMatter) uncalibrated() {
	if a := f.p.Meta.Answer; f.p.Meta.Toolset != nil && a != nil && a.Calibrate {
		f.p.report(f.at("reprise", "answer", "calibrate"), source.Error, "bad-value", "a program with tools cannot be calibrated", "take calibrate out, or classify in a program of its own")
	}
}

// offered warns of names in tools that no file has a function for.
func (f *frontMatter) offered() {
	names := f.p.Meta.Tools
	if len(names) == 0 {
		return
	}
	n := f.root.Get("tools")
	if f.p.Meta.Toolset == nil {
		f.p.report(n.Span, source.Warning, "unknown-tool", "nothing executes the tools", "name the file of their functions, as in reprise.tools: calculator")
		return
	}
	if len(f.p.Meta.Toolset.Servers) > 0 {
		return // only the servers know
	}
	for _, name := range names {
		if !slices.ContainsFunc(f.p.Meta.Toolset.Tools, func(t toolset.Tool) bool { return t.Name == name }) {
			f.error(n, "unknown-tool", fmt.Sprintf("no file of reprise.tools has a tool %q", name), "")
		}
	}
}
