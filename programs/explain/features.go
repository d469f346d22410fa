package explain

import (
	"path"
	"regexp"
	"strings"

	"reprise/programs"
	"reprise/programs/compose"
	"reprise/programs/template"
	"reprise/programs/toolset"
)

// features are what a program's text and front matter show.
type features struct {
	p       *programs.Program
	own     string // what the template writes, with its defaults
	media   bool
	shown   int  // demonstrations in the template
	reasons bool // they reason before they answer
	demos   demonstrations
	tools   *toolset.Set // nil: none
	let     []compose.Binding
}

// demonstrations are what reprise.demos says.
type demonstrations struct {
	from    string // a file; empty: they stand in the program
	written int    // in the program
	most    int    // of them are shown; 0: all
	pick    string
}

func (d demonstrations) any() bool { return d.from != "" || d.written > 0 }

func featuresOf(p *programs.Program) features {
	f := features{p: p}
	messages, _ := p.Render(programs.Data{})
	for _, m := range messages {
		own := f.read(m)
		f.own += own + "\n"
		if m.Role == template.RoleModel && strings.TrimSpace(own) != "" {
			f.shown++
			f.reasons = f.reasons || reasoned(own)
		}
	}
	for _, a := range answered.FindAllStringSubmatch(f.own, -1) {
		f.shown++
		f.reasons = f.reasons || reasoned(a[1])
	}
	ext := p.Meta.Ext["reprise"]
	f.demos = demonstrationsOf(ext["demos"])
	f.tools = p.Meta.Toolset
	if p.Meta.Let != nil {
		f.let = p.Meta.Let.Bindings
	}
	return f
}

// read gives the text of a message that the template has written.
func (f *features) read(m template.Message) string {
	var b strings.Builder
	for _, part := range m.Content {
		f.media = f.media || part.Media != nil
		for _, o := range part.Origins {
			if o.Kind == template.FromTemplate {
				b.WriteString(part.Text[o.Start:o.End])
			}
		}
	}
	return b.String()
}

// answered is an answer behind its mark, up to the next question or a blank
// line: "A: yes". The last question's answer is the model's, and is empty.
var answered = regexp.MustCompile(`(?m)^(?:A|Answer|Output|Label):[ \t]*(\S[^\n]*(?:\n[^\n]+)*)`)

// reasoned reports whether a demonstration has steps before its answer.
func reasoned(text string) bool {
	return strings.Count(strings.TrimSpace(text), "\n") > 0 || strings.Count(text, ". ") > 1
}

// steps are the words that ask for reasoning.
var steps = regexp.MustCompile(`(?i)step[ -]by[ -]step|show (?:your|the) (?:work|steps|reasoning)|think (?:it |this )?(?:through|aloud|carefully|first)|explain your reasoning|reason (?:first|through|about)|before you answer`)

func demonstrationsOf(v any) demonstrations {
	switch v := v.(type) {
	case string:
		return demonstrations{from: v}
	case []any:
		return demonstrations{written: len(v)}
	case map[string]any:
		d := demonstrationsOf(v["from"])
		d.pick, _ = v["pick"].(string)
		if k, ok := v["k"].(float64); ok && k > 0 {
			d.most = int(k)
		}
		return d
	}
	return demonstrations{}
}

// base is a program's name without its folder.
func (f features) base() string { return path.Base(f.p.Name) }
