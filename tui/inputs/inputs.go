// Package inputs is the inputs pane: a form made from a program's inputs, with
// what is wrong beside each field as it is typed. It runs nothing; the same
// form serves dialogs that ask for a few typed values.
package inputs

import (
	tea "charm.land/bubbletea/v2"

	"reprise/programs/schema"
	"reprise/tui/screen"
)

// Intents: what a person asked the pane for.
type (
	// Changed says that a value is another now.
	Changed struct{}
	// History asks for the inputs of former runs to choose from.
	History struct{}
	// Copy asks to put a text on the clipboard.
	Copy struct{ Text string }
)

// Pane is the inputs pane.
type Pane struct {
	styles  *screen.Styles
	program string // whose inputs these are; empty: no program is open
	entries []*entry
	schema  *schema.Schema // of all inputs together; nil: none is declared
	focus   int
	scroll  int
	offsets []int // first row of each field in the last view, before scrolling
	cursorX int
	cursorY int
	hasSpot bool
}

// New makes a pane without a program.
func New(styles *screen.Styles) *Pane { return &Pane{styles: styles} }

// SetStyles changes the look.
func (p *Pane) SetStyles(styles *screen.Styles) { p.styles = styles }

// SetProgram makes the form of a program's inputs; all is their schema, nil
// where the program declares none. Texts are what was typed before, by name; a
// field without one shows its default. Where the same program asks for the
// same or for similar things again, what stands in the form stays.
func (p *Pane) SetProgram(program string, fields []schema.Field, all *schema.Schema, texts map[string]string) {
	p.schema = all
	defer p.check()
	if program == p.program {
		if sameFields(p.fields(), fields) {
			return
		}
		texts = p.kept(texts)
	} else {
		p.focus, p.scroll = 0, 0
	}
	p.program, p.entries = program, nil
	for _, f := range fields {
		text, remembered := texts[f.Name]
		p.entries = append(p.entries, newEntry(f, text, remembered))
	}
	p.focus = max(0, min(p.focus, len(p.entries)-1))
}

// kept adds to the remembered texts what stands in the form now, but for
// defaults, which the program may just have changed.
func (p *Pane) kept(texts map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range texts {
		out[name] = text
	}
	for name, text := range p.Texts() {
		out[name] = text
	}
	return out
}

func (p *Pane) fields() []schema.Field {
	var out []schema.Field
	for _, e := range p.entries {
		out = append(out, e.Field)
	}
	return out
}

// Texts is what was typed, by name, but for fields that show their default.
func (p *Pane) Texts() map[string]string {
	out := map[string]string{}
	for _, e := range p.entries {
		if text := e.text.Value(); text != textOf(e.Field) {
			out[e.Name] = text
		}
	}
	return out
}

// Fill puts values of a former run into the form; inputs that it did not have
// go back to their defaults.
func (p *Pane) Fill(values map[string]any) {
	for _, e := range p.entries {
		text := textOf(e.Field)
		if v, ok := values[e.Name]; ok {
			text = Text(v)
		}
		e.text.Set(text)
	}
	p.check()
}

// Values are the given values by name, and the problem of the first field that
// does not fit. Fields left at their default are not among them.
func (p *Pane) Values() (values map[string]any, problem string) {
	values = map[string]any{}
	for _, e := range p.entries {
		if value, given, err := e.value(); err == nil && given {
			values[e.Name] = value
		}
		if e.problem != "" && problem == "" {
			problem = e.Name + " " + e.problem
		}
	}
	return values, problem
}

// ShowProblem moves to the first field that does not fit.
func (p *Pane) ShowProblem() {
	for i, e := range p.entries {
		if e.problem != "" {
			p.focus = i
			return
		}
	}
}

// Update takes what is typed, pasted and clicked.
func (p *Pane) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		p.click(msg.X, msg.Y)
		return nil, nil
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			p.step(-1)
		} else {
			p.step(1)
		}
		return nil, nil
	}
	if p.focus >= len(p.entries) {
		return nil, nil
	}
	e := p.entries[p.focus]
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if intent, done := p.key(e, key.String()); done {
			return intent, nil
		}
	}
	used, changed := e.text.Update(msg)
	if !used {
		if key, ok := msg.(tea.KeyPressMsg); ok {
			p.leave(key.String())
		}
	}
	if changed {
		p.check()
		return Changed{}, nil
	}
	return nil, nil
}

// key handles what is not text: choosing in a field of few values.
func (p *Pane) key(e *entry, key string) (any, bool) {
	if e.choices() == nil {
		return nil, false
	}
	by := 0
	switch key {
	case "space", "right", "enter":
		by = 1
	case "left":
		by = -1
	default:
		return nil, false
	}
	cycled := e.cycle(by)
	p.check()
	return Changed{}, cycled
}

// leave moves on from a field where a key meant nothing to it.
func (p *Pane) leave(key string) {
	switch key {
	case "up":
		p.step(-1)
	case "down", "enter":
		p.step(1)
	}
}

func (p *Pane) step(by int) { p.focus = max(0, min(p.focus+by, len(p.entries)-1)) }

func (p *Pane) click(x, y int) {
	y += p.scroll
	for i := len(p.offsets) - 1; i >= 0 && i < len(p.entries); i-- {
		if y >= p.offsets[i] {
			p.focus = i
			p.entries[i].text.Click(max(0, x-valueIndent), max(0, y-p.offsets[i]-1))
			return
		}
	}
}
