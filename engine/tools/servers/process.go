package servers

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"reprise/programs/toolset"
)

// inherited are the variables that every command gets, where they are set: what
// programs need to start at all. Nothing else of the environment is passed on but
// what the program names.
var inherited = []string{
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
	"SYSTEMROOT", "SYSTEMDRIVE", "USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "HOMEDRIVE", "HOMEPATH", "TEMP", "TMP", "PATHEXT", "COMSPEC",
}

// process is the command of a server.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *os.File
	stderr *lastWords
	gone   chan struct{} // closed when it has ended
}

func start(spec toolset.Server, dir string) (*process, error) {
	p := &process{cmd: exec.Command(spec.Command[0], spec.Command[1:]...), stderr: new(lastWords), gone: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stderr, p.cmd.WaitDelay = dir, p.stderr, grace
	p.cmd.Env = []string{}
	for _, name := range append(inherited[:len(inherited):len(inherited)], spec.Env...) {
		if v, ok := os.LookupEnv(name); ok {
			p.cmd.Env = append(p.cmd.Env, name+"="+v)
		}
	}
	for _, name := range spec.Env {
		if _, ok := os.LookupEnv(name); !ok {
			return nil, fmt.Errorf("it needs the variable %s, which the environment does not have; set it and start again", name)
		}
	}
	apart(p.cmd)
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Command[0], err)
	}
	// A pipe of our own: the command's is closed when it ends, with its last words
	// unread.
	out, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Command[0], err)
	}
	p.cmd.Stdout, p.in, p.out = write, in, out
	err = p.cmd.Start()
	write.Close()
	if err != nil {
		in.Close()
		out.Close()
		return nil, fmt.Errorf("it cannot be started: %w", err)
	}
	go func() {
		p.cmd.Wait() // its state says how it ended
		close(p.gone)
	}()
	return p, nil
}

// ended says how the process ended, empty while it runs, and what it wrote last to
// its standard error. A nil process has nothing to say.
func (p *process) ended() (state, last string) {
	if p == nil {
		return "", ""
	}
	select {
	case <-p.gone:
		state = p.cmd.ProcessState.String()
	case <-time.After(grace / 5): // its output ends before it does
	}
	if last = p.stderr.String(); last != "" {
		last = "; it wrote: " + last
	}
	return state, last
}

// end lets the process end by itself, as its input does; then it is asked to, and
// then it is killed with all that it has started.
func (p *process) end() {
	p.in.Close()
	for _, next := range []func(*exec.Cmd){terminate, kill} {
		select {
		case <-p.gone:
		case <-time.After(grace):
		}
		next(p.cmd)
	}
	<-p.gone
	p.out.Close()
}

// lastWords keeps the end of what is written.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const mostLastWords = 2 << 10

func (l *lastWords) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, text...)
	if over := len(l.text) - mostLastWords; over > 0 {
		l.text = append(l.text[:0], l.text[over:]...)
	}
	return len(text), nil
}

// String is the last lines, in one.
func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(string(l.text), "\ufffd")), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[max(0, len(lines)-3):], " ")), " ")
}
