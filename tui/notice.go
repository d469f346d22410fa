package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/screen"
)

type noticeKind uint8

const (
	infoNotice noticeKind = iota
	warningNotice
	errorNotice
)

// notice is what the status line has to tell. Errors stay until a key is
// pressed, the rest goes by itself as well.
type notice struct {
	text   screen.Text
	kind   noticeKind
	number int // counts notices, so that an old one's end does not end a new one
}

// noticeOverMsg says that a notice has been shown long enough.
type noticeOverMsg struct{ number int }

const noticeTime = 6 * time.Second

// say shows a text in the status line.
func (a *App) say(kind noticeKind, text string) tea.Cmd {
	a.notice = notice{text: screen.CleanLine(strings.TrimSpace(text)), kind: kind, number: a.notice.number + 1}
	if kind == errorNotice {
		return nil
	}
	number := a.notice.number
	return tea.Tick(noticeTime, func(time.Time) tea.Msg { return noticeOverMsg{number} })
}

// fail shows an error; nil shows nothing.
func (a *App) fail(err error) {
	if err != nil {
		a.say(errorNotice, firstLines(err))
	}
}

// firstLines is an error on one line, with a count of what was left out.
func firstLines(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	if len(lines) == 1 {
		return lines[0]
	}
	return fmt.Sprintf("%s (and %d more)", lines[0], len(lines)-1)
}

// read takes away what a person has seen by the time they press a key.
func (n *notice) read() { n.text = "" }

func (n *notice) expire(msg noticeOverMsg) {
	if n.number == msg.number {
		n.text = ""
	}
}
