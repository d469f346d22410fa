package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/inputs"
	"reprise/tui/screen"
)

// Form asks for a few typed values. Its opener reads them from the inputs pane
// that it gave.
type Form struct {
	box
	form *inputs.Pane
}

// NewForm makes a dialog of a form.
func NewForm(styles *screen.Styles, title string, form *inputs.Pane) *Form {
	return &Form{
		box:  box{styles: styles, title: screen.CleanLine(title), hint: "Tab next · ← → choose · Enter accept · Esc"},
		form: form,
	}
}

// SetStyles changes the look.
func (f *Form) SetStyles(styles *screen.Styles) {
	f.styles = styles
	f.form.SetStyles(styles)
}

// Update takes the keys and what is typed.
func (f *Form) Update(msg tea.Msg) (any, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "esc":
			return Closed{}, nil
		case "enter":
			if _, problem := f.form.Values(); problem == "" {
				return Filled{}, nil
			}
			f.form.ShowProblem()
			return nil, nil
		case "tab":
			_, cmd := f.form.Do("inputs.next")
			return nil, cmd
		case "shift+tab":
			_, cmd := f.form.Do("inputs.previous")
			return nil, cmd
		}
	}
	_, cmd := f.form.Update(msg)
	return nil, cmd
}

// View draws the dialog in at most w×h cells.
func (f *Form) View(w, h int) []string {
	w = min(w-2, 60)
	h = min(h-2, f.form.Height(w))
	rows := strings.Split(f.form.View(w, h, true), "\n")
	f.cursorX, f.cursorY, f.cursor = f.form.Cursor()
	return f.frame(rows, w, h)
}
