package ollamatest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// patience is how long a server may take to answer and to take in its model:
// long, for machines that do much else at the time.
const patience = 3 * time.Minute

// process is a running server, its folder and what it logged last.
type process struct {
	command *exec.Cmd
	dir     string
	leash   io.Closer // closing it stops the server
	gone    chan struct{}

	mu  sync.Mutex
	log []string
}

// listening is the line by which a server says that it answers, and where.
var listening = regexp.MustCompile(`Listening on (127\.0\.0\.1:\d+)`)

// start starts a server in a new folder and gives it the small model.
func start(env ...string) (*Server, error) {
	bin, err := binary()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "ollamatest-")
	if err != nil {
		return nil, err
	}
	p, address, err := launch(bin, dir, env)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &Server{URL: "http://" + address, process: p}
	if err := p.create(bin, address); err != nil {
		p.kill()
		return nil, err
	}
	return s, nil
}

// launch runs the server on a port that the system picks and waits for the
// line that names it.
func launch(bin, dir string, env []string) (*process, string, error) {
	c := leashed(bin, dir)
	c.Env = append(environment(dir),
		"OLLAMA_HOST=127.0.0.1:0",
		"OLLAMA_NUM_PARALLEL=4",
		"OLLAMA_KEEP_ALIVE=30m",
		"OLLAMA_NO_CLOUD=1",
	)
	c.Env = append(c.Env, env...)
	leash, err := c.StdinPipe()
	if err != nil {
		return nil, "", err
	}
	output, err := c.StderrPipe()
	if err != nil {
		return nil, "", err
	}
	if err := c.Start(); err != nil {
		return nil, "", fmt.Errorf("start %s: %w", bin, err)
	}
	p := &process{command: c, dir: dir, leash: leash, gone: make(chan struct{})}
	address := make(chan string, 1)
	go p.watch(output, address)
	select {
	case a := <-address:
		return p, a, nil
	case <-p.gone:
		return nil, "", fmt.Errorf("%s serve ended: %s", bin, p.tail())
	case <-time.After(patience):
		p.kill()
		return nil, "", fmt.Errorf("%s serve did not answer: %s", bin, p.tail())
	}
}

// environment is this one without what would lead Ollama elsewhere.
func environment(dir string) []string {
	var out []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "OLLAMA_") && !strings.HasPrefix(e, "HOME=") {
			out = append(out, e)
		}
	}
	return append(out, "HOME="+dir, "OLLAMA_MODELS="+filepath.Join(dir, "models"))
}

// watch reads the server's log to its end, which is the server's end too.
func (p *process) watch(output io.Reader, address chan<- string) {
	defer close(p.gone)
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if m := listening.FindStringSubmatch(line); m != nil {
			select {
			case address <- m[1]:
			default:
			}
		}
		p.mu.Lock()
		if p.log = append(p.log, line); len(p.log) > 20 {
			p.log = p.log[1:]
		}
		p.mu.Unlock()
		if err != nil {
			break
		}
	}
	_ = p.command.Wait() // how it ended is in the log
}

func (p *process) tail() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log, "")
}

// create gives the server the small model, on one thread: the threads of
// several servers that wait for each other on few cores make all of them slow.
func (p *process) create(bin, address string) error {
	file, err := modelfile()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	own := strings.Replace(string(text), "FROM ./", "FROM "+filepath.Dir(file)+"/", 1) + "\nPARAMETER num_thread 1\n"
	file = filepath.Join(p.dir, "Modelfile")
	if err := os.WriteFile(file, []byte(own), 0o600); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	c := exec.CommandContext(ctx, bin, "create", Model, "-f", file)
	c.Env = append(environment(p.dir), "OLLAMA_HOST="+address)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("create %s: %w: %s", Model, err, out)
	}
	return nil
}

func (p *process) stop() {
	_ = p.leash.Close() // it may be gone already
	select {
	case <-p.gone:
	case <-time.After(patience):
		p.kill()
	}
}

func (p *process) kill() {
	killGroup(p.command.Process.Pid)
	<-p.gone
	_ = os.RemoveAll(p.dir) // a temporary folder; nothing rests on it
}
