package cli

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"

	"reprise/engine/visible"
)

// stream is standard output or standard error. To a terminal it writes
// untrusted text with its control characters made visible; to a pipe or file it
// writes the bytes as they are, without colour.
type stream struct {
	w        io.Writer
	terminal bool
	colour   bool
	width    int  // cells; 0: not a terminal
	midLine  bool // the last byte written is no line feed
	written  bool // something was
}

// newStream looks at what w is. env is os.Getenv or a test's.
func newStream(w io.Writer, env func(string) string) *stream {
	s := &stream{w: w}
	if f, ok := w.(*os.File); ok && term.IsTerminal(f.Fd()) {
		s.terminal = true
		s.colour = colours(env)
		s.width = 80
		if w, _, err := term.GetSize(f.Fd()); err == nil && w > 0 {
			s.width = w
		}
	}
	return s
}

// colours reports whether a terminal may get colours. NO_COLOR counts when it is
// not empty.
func colours(env func(string) string) bool { return env("NO_COLOR") == "" && env("TERM") != "dumb" }

// text writes untrusted text.
func (s *stream) text(t string) { s.paint(plain, t) }

// line writes untrusted text and ends the line.
func (s *stream) line(t string) { s.paintLine(plain, t) }

func (s *stream) paintLine(st style, t string) {
	s.paint(st, strings.TrimSuffix(t, "\n"))
	s.raw("\n")
}

// paint writes untrusted text in a style, where the stream has colours. The
// style is put on and taken off on each line, so that a pager can cut there.
func (s *stream) paint(st style, t string) {
	if s.terminal {
		t = visible.Text(t)
	}
	codes := st.codes()
	if !s.colour || codes == "" {
		s.raw(t)
		return
	}
	for line := range strings.Lines(t) {
		body, found := strings.CutSuffix(line, "\n")
		if body != "" {
			s.raw(codes + body + resetStyle)
		}
		if found {
			s.raw("\n")
		}
	}
}

// endLine starts a new line unless the stream is at the start of one.
func (s *stream) endLine() {
	if s.midLine {
		s.raw("\n")
	}
}

// status shows a line that the next status or clearStatus replaces; only on a
// terminal.
func (s *stream) status(t string) {
	if !s.terminal {
		return
	}
	t = clip(visible.Text(t), s.width-1)
	if s.colour {
		t = muted.codes() + t + resetStyle
	}
	io.WriteString(s.w, "\r"+clearToEnd+t)
}

func (s *stream) clearStatus() {
	if s.terminal {
		io.WriteString(s.w, "\r"+clearToEnd)
	}
}

// raw writes text that is known to be safe. A write error is not reported: a
// closed pipe ends the process by itself, and on standard error nothing could
// be said any more.
func (s *stream) raw(t string) {
	if t == "" {
		return
	}
	io.WriteString(s.w, t)
	s.written = true
	s.midLine = !strings.HasSuffix(t, "\n")
}
