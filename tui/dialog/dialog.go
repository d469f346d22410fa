// Package dialog is what covers the panes for a moment: a list to choose from,
// a question, a line to type, a text to read, a form. A dialog decides nothing
// itself: its result goes to whoever opened it.
package dialog

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/field"
	"reprise/tui/screen"
)

// Results of dialogs.
type (
	// Picked is a list's chosen item, with the key that chose it.
	Picked struct{ ID, Key string }
	// Moved says that the cursor of a list stands on another item.
	Moved struct{ ID string }
	// Chosen is the key of the answer to a question.
	Chosen struct{ Key string }
	// Entered is a typed line.
	Entered struct{ Text string }
	// Filled says that a form was accepted.
	Filled struct{}
	// Closed says that the dialog was left without a choice.
	Closed struct{}
	// Copy asks to put the dialog's text on the clipboard.
	Copy struct{ Text string }
)

// box is the frame that all dialogs share: a title, rows, and a line that says
// what can be pressed.
type box struct {
	styles  *screen.Styles
	title   screen.Text
	hint    screen.Text
	w, h    int // of the inner area in the last view
	cursorX int
	cursorY int
	cursor  bool
}

// frame draws rows in a frame of w×h inner cells.
func (b *box) frame(rows []string, w, h int) []string {
	b.w, b.h = w, h
	return b.styles.Frame(screen.Frame{Title: b.title, Footer: b.hint, Focused: true}, rows[:min(h, len(rows))], w+2, h+2)
}

// SetStyles changes the look.
func (b *box) SetStyles(styles *screen.Styles) { b.styles = styles }

// Cursor is where the terminal's cursor stands in the last view, if it shows.
func (b *box) Cursor() (x, y int, ok bool) { return b.cursorX + 1, b.cursorY + 1, b.cursor }

// row fits a text into exactly w cells of one style.
func row(text screen.Text, w int, style interface{ Render(...string) string }) string {
	return style.Render(string(screen.Pad(screen.Truncate(text, w), w)))
}

// Prompt asks for one line.
type Prompt struct {
	box
	label screen.Text
	text  *field.Field
	check func(string) error
	err   string
}

// NewPrompt makes a prompt that begins with a text. check says why a text
// cannot be taken; it is asked as the person types.
func NewPrompt(styles *screen.Styles, title, label, text string, check func(string) error) *Prompt {
	return &Prompt{
		box:   box{styles: styles, title: screen.CleanLine(title), hint: "Enter accept · Esc cancel"},
		label: screen.CleanLine(label), text: field.New(text, false), check: check,
	}
}

// Update takes what is typed.
func (p *Prompt) Update(msg tea.Msg) (any, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "esc":
			return Closed{}, nil
		case "enter":
			if p.judge(); p.err == "" {
				return Entered{Text: p.text.Value()}, nil
			}
			return nil, nil
		}
	}
	if _, changed := p.text.Update(msg); changed {
		p.judge()
	}
	return nil, nil
}

func (p *Prompt) judge() {
	p.err = ""
	if p.check == nil {
		return
	}
	if err := p.check(p.text.Value()); err != nil {
		p.err = err.Error()
	}
}

// View draws the dialog in at most w×h cells.
func (p *Prompt) View(w, h int) []string {
	w = min(w-2, 64)
	lines, x, _ := p.text.View(w-2, 1)
	p.cursorX, p.cursorY, p.cursor = x+1, 2, true
	note := p.styles.Muted
	message := screen.Text("")
	if p.err != "" {
		note, message = p.styles.Error, screen.CleanLine(p.err)
	}
	return p.frame([]string{
		row(" "+p.label, w, p.styles.Muted),
		row("", w, p.styles.Text),
		row(" "+lines[0], w, p.styles.Text),
		row("", w, p.styles.Text),
		row(" "+message, w, note),
	}, w, 5)
}
