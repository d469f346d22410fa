package dialog

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/screen"
)

// Answer is one of the answers to a question, chosen by its key.
type Answer struct{ Key, Label string }

// Question asks for one of a few answers. Esc is none of them.
type Question struct {
	box
	text    string
	answers []Answer
	at      int
}

// NewQuestion makes a question; the first answer is the one that Enter gives.
func NewQuestion(styles *screen.Styles, title, text string, answers ...Answer) *Question {
	return &Question{
		box:  box{styles: styles, title: screen.CleanLine(title), hint: "Enter choose · Esc cancel"},
		text: text, answers: answers,
	}
}

// Update takes the keys.
func (q *Question) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return q.key(msg.String()), nil
	case tea.MouseClickMsg:
		if i := msg.Y - (q.h - len(q.answers)); msg.Button == tea.MouseLeft && i >= 0 && i < len(q.answers) {
			return Chosen{Key: q.answers[i].Key}, nil
		}
	}
	return nil, nil
}

func (q *Question) key(key string) any {
	switch key {
	case "esc":
		return Closed{}
	case "enter":
		return Chosen{Key: q.answers[q.at].Key}
	case "up", "shift+tab":
		q.at = (q.at + len(q.answers) - 1) % len(q.answers)
	case "down", "tab":
		q.at = (q.at + 1) % len(q.answers)
	}
	for _, a := range q.answers {
		if a.Key == key {
			return Chosen{Key: key}
		}
	}
	return nil
}

// View draws the dialog in at most w×h cells.
func (q *Question) View(w, h int) []string {
	w = min(w-2, 66)
	var rows []string
	for _, line := range screen.WrapText(screen.Clean(q.text), w-2) {
		rows = append(rows, row(" "+line, w, q.styles.Text))
	}
	if most := max(h-4-len(q.answers), 1); len(rows) > most {
		rows = rows[:most]
	}
	rows = append(rows, row("", w, q.styles.Text))
	for i, a := range q.answers {
		key, label := " "+screen.CleanLine(a.Key)+"  ", screen.CleanLine(a.Label)
		if i == q.at {
			rows = append(rows, row(key+label, w, q.styles.Selected))
			continue
		}
		rows = append(rows, q.styles.Key.Render(string(key))+row(label, w-screen.Width(key), q.styles.Text))
	}
	return q.frame(rows, w, len(rows))
}
