package programs

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/answer"
	"reprise/programs/demos"
	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
	"reprise/programs/toolset"
)

// Meta is the front matter: dotprompt's keys
// (https://google.github.io/dotprompt/reference/frontmatter), and ours below
// reprise.
type Meta struct {
	Model        string
	Description  string
	Variant      string
	Version      string
	Config       map[string]any // as written: temperature, topK, maxOutputTokens, stopSequences, or the provider's own names
	Input        *schema.Schema // nil where the program declares none
	Default      map[string]any // of the input
	Output       *schema.Schema
	OutputFormat string // "", "text", "json" or what the program says
	Tools        []string
	MaxTurns     int
	Think        string                    // reprise.think: "", "true", "false", "low", "medium", "high"
	Untrusted    []string                  // reprise.untrusted: inputs whose text is data, never instructions
	Demos        *demos.Set                // reprise.demos; nil: none
	Toolset      *toolset.Set              // reprise.tools; nil: none
	Let          *Composition              // reprise.let; nil: none
	Samples      Samples                   // reprise.samples; zero: one
	Vote         string                    // reprise.vote: "", "majority", "weighted", "first"
	Answer       *answer.Spec              // reprise.answer; nil: the answer is taken as it is
	Raw          map[string]any            // all of the front matter
	Ext          map[string]map[string]any // keys with a dot, by namespace
}

// Samples says how often a program is executed for one answer.
type Samples struct {
	Max        int     `json:"max,omitempty"`
	Confidence float64 `json:"confidence,omitempty"` // in (½, 1): as soon as the leading answer is ahead with it, no more are drawn; 0: all of them are
}

// frontMatter reads the front matter of a program.
type frontMatter struct {
	p     *Program
	named map[string]*schema.Schema
	root  *document.Node
	later []func() // what needs the schemas
}

var topKeys = []string{"name", "variant", "version", "description", "model", "tools", "toolDefs", "maxTurns", "config", "input", "output", "metadata", "ext", "reprise"}

func (f *frontMatter) error(n *document.Node, code, message, hint string) {
	f.p.report(n.Span, source.Error, code, message, hint)
}

// read reads the YAML between the dashes.
func (f *frontMatter) read(span source.Span) {
	root, ds := document.Parse(f.p.Path, f.p.Text, span)
	f.p.Diagnostics = append(f.p.Diagnostics, ds...)
	f.root = root
	m := &f.p.Meta
	m.Ext = make(map[string]map[string]any)
	m.Raw, _ = document.Plain(root.Value()).(map[string]any)
	if !root.Map {
		f.error(root, "bad-front-matter", "the front matter is not a list of keys", "write key: value, one a line")
		f.root = &document.Node{Map: true}
		return
	}
	for i, key := range root.Keys {
		f.key(key, root.Places[i], root.Items[i])
	}
	for _, read := range f.later {
		read()
	}
	f.later = nil
	f.offered()
	f.uncalibrated()
	f.sampling()
}

// key reads one key of the front matter.
func (f *frontMatter) key(key string, place source.Span, n *document.Node) {
	m := &f.p.Meta
	switch key {
	case "model":
		f.text(key, n, &m.Model)
	case "description":
		f.text(key, n, &m.Description)
	case "variant":
		f.text(key, n, &m.Variant)
	case "version":
		f.text(key, n, &m.Version)
	case "name", "metadata", "toolDefs":
		// kept in Raw
	case "tools":
		m.Tools = f.texts(key, n)
	case "maxTurns":
		if v, ok := n.Scalar.(uint64); ok && v > 0 && v < 1000 {
			m.MaxTurns = int(v)
		} else {
			f.error(n, "bad-value", "maxTurns is no whole number over 0", "")
		}
	case "config":
		m.Config = f.config(n)
	case "input":
		f.input(n)
	case "output":
		f.output(n)
	case "ext":
		f.namespaces(n)
	case "reprise":
		f.reprise(n)
	default:
		f.other(key, place, n)
	}
}

// other reads a key with a namespace, or warns of one that nobody knows.
func (f *frontMatter) other(key string, place source.Span, n *document.Node) {
	if dot := strings.LastIndexByte(key, '.'); dot > 0 {
		f.extend(key[:dot], key[dot+1:], n)
		if key[:dot] == "reprise" {
			f.repriseKey(key[dot+1:], place, n)
		}
		return
	}
	hint := source.DidYouMean(key, topKeys)
	if hint == "" {
		hint = "keys of your own have a namespace, as in my." + key
	}
	f.p.report(place, source.Warning, "unknown-key", fmt.Sprintf("unknown key %q", key), hint)
}

func (f *frontMatter) extend(namespace, key string, n *document.Node) {
	ext := f.p.Meta.Ext
	if ext[namespace] == nil {
		ext[namespace] = make(map[string]any)
	}
	ext[namespace][key] = document.Plain(n.Value())
}

// namespaces reads "ext", the keys by namespace.
func (f *frontMatter) namespaces(n *document.Node) {
	for i, name := range n.Keys {
		for j, key := range n.Items[i].Keys {
			f.extend(name, key, n.Items[i].Items[j])
			if name == "reprise" {
				f.repriseKey(key, n.Items[i].Places[j], n.Items[i].Items[j])
			}
		}
	}
}

func (f *frontMatter) text(key string, n *document.Node, into *string) {
	if n.Map || n.List {
		f.error(n, "bad-value", key+" is no text", "")
		return
	}
	if n.Scalar != nil {
		*into = fmt.Sprint(n.Scalar)
	}
}

// texts reads a text or a list of them.
func (f *frontMatter) texts(key string, n *document.Node) []string {
	items := []*document.Node{n}
	if n.List {
		items = n.Items
	}
	var out []string
	for _, item := range items {
		if s, ok := item.Text(); ok {
			out = append(out, s)
		} else {
			f.error(item, "bad-value", key+" is a list of names", "")
		}
	}
	return out
}

// fields checks that n is a map of known keys, and gives them.
func (f *frontMatter) fields(key string, n *document.Node, known ...string) bool {
	if n.Scalar == nil && !n.List && !n.Map {
		return false // written, and left empty
	}
	if !n.Map {
		f.error(n, "bad-value", key+" is not a map", fmt.Sprintf("write %s below it", strings.Join(known, ", ")))
		return false
	}
	for i, k := range n.Keys {
		if !slices.Contains(known, k) {
			hint := source.DidYouMean(k, known)
			if hint == "" {
				hint = fmt.Sprintf("%s has %s", key, strings.Join(known, ", "))
			}
			f.p.report(n.Places[i], source.Warning, "unknown-key", fmt.Sprintf("unknown key %q in %s", k, key), hint)
		}
	}
	return true
}

func (f *frontMatter) input(n *document.Node) {
	if !f.fields("input", n, "schema", "default") {
		return
	}
	m := &f.p.Meta
	m.Input = f.schema(n.Get("schema"))
	given := n.Get("default")
	if given == nil {
		return
	}
	o, ok := given.Value().(*document.Object)
	if !ok {
		f.error(given, "bad-value", "the default of the input is not a map", "write its inputs below it, as in name: value")
		return
	}
	m.Default = make(map[string]any)
	for _, k := range o.Keys() {
		m.Default[k], _ = o.Get(k)
	}
}

func (f *frontMatter) output(n *document.Node) {
	if !f.fields("output", n, "format", "schema") {
		return
	}
	f.p.Meta.Output = f.schema(n.Get("schema"))
	if format := n.Get("format"); format != nil {
		f.text("output.format", format, &f.p.Meta.OutputFormat)
	}
}

func (f *frontMatter) schema(n *document.Node) *schema.Schema {
	if n == nil {
		return nil
	}
	s, ds := schema.Parse(f.p.Path, f.p.Text, n, f.named)
	f.p.Diagnostics = append(f.p.Diagnostics, ds...)
	return s
}

// at is where a key of the front matter stands, by its path; the file's
// beginning where it does not.
func (f *frontMatter) at(keys ...string) source.Span {
	place, _ := f.find(keys...)
	return place
}

// valueAt is where a key's value stands, by the key's path.
func (f *frontMatter) valueAt(keys ...string) source.Span {
	place, n := f.find(keys...)
	if n != nil {
		return n.Span
	}
	return place
}

// find gives a key's place and its value, which is nil where the key does not
// stand there.
func (f *frontMatter) find(keys ...string) (place source.Span, n *document.Node) {
	n = f.root
	if len(keys) > 1 && n.Get(keys[0]+"."+keys[1]) != nil {
		keys = append([]string{keys[0] + "." + keys[1]}, keys[2:]...)
	}
	for _, key := range keys {
		if n == nil {
			return place, nil
		}
		i := slices.IndexFunc(n.Keys, func(k string) bool {
			name, _, _ := strings.Cut(k, "(")
			return k == key || strings.TrimSuffix(strings.TrimSpace(name), "?") == key
		})
		if i < 0 {
			return place, nil
		}
		place, n = n.Places[i], n.Items[i]
	}
	return place, n
}
