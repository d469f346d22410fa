// Package tools executes what a model calls: the functions of a program's Starlark
// files, and the tools of MCP servers. Functions run in processes of their own, which
// reach no file, no network and no clock, and are bounded in steps, memory, time and
// output; a function that breaks a bound ends its process and nothing else. Servers
// are processes or hosts that a user has allowed, which is not asked here.
//
//	call ─▶ Box ─┬▶ process (this program again, see host) ─┬▶ result
//	             └▶ server (see servers) ───────────────────┘
package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"reprise/engine/model"
	"reprise/programs/source"
	"reprise/programs/toolset"
)

// Bounds of one call.
const (
	MostSteps  = 20_000_000       // of Starlark
	MostMemory = 64 << 20         // bytes
	MostTime   = 10 * time.Second // once its process takes it
	MostResult = 16 << 10         // bytes of its result, and as many of what it prints
)

// mostStart bounds the start of a process, which is not the function's own time: a
// machine that is busy takes long for it.
const mostStart = time.Minute

// Box executes the tools of a set. It is safe for concurrent use; each call of a
// function has a process to itself, which is used again.
type Box struct {
	set *toolset.Set
	dir string // where commands of servers run

	mu     sync.Mutex
	idle   []*process
	closed bool

	connecting chan struct{} // holds one while somebody does
	remote     remote
}

// Open makes a box; no process runs before the first call, and no server before
// Connect.
func Open(set *toolset.Set, dir string) *Box {
	return &Box{set: set, dir: dir, connecting: make(chan struct{}, 1)}
}

// Close ends the processes that are idle, the others as soon as they are, and the
// servers. A nil Box has none.
func (b *Box) Close() {
	if b == nil {
		return
	}
	b.mu.Lock()
	b.closed = true
	for _, p := range b.idle {
		p.end()
	}
	b.idle = nil
	b.mu.Unlock()
	b.disconnect()
}

// Offered describes a set to a model that has tool calls of its own. A server stands
// for the tools that it will offer when it is connected.
func Offered(set *toolset.Set) []model.Tool {
	out := functionsOf(set)
	for _, s := range set.Servers {
		out = append(out, model.Tool{Name: s.Title(), Description: "what this MCP server will offer", Parameters: json.RawMessage(`{"type":"object"}`)})
	}
	return out
}

func functionsOf(set *toolset.Set) []model.Tool {
	var out []model.Tool
	for _, t := range set.Tools {
		out = append(out, model.Tool{Name: t.Name, Description: t.Description, Parameters: t.Schema()})
	}
	return out
}

// Call executes a call. What goes wrong is told in the result, which the model
// reads; only a context that is done is an error.
func (b *Box) Call(ctx context.Context, call model.ToolCall) (model.Result, error) {
	began := time.Now()
	out := model.Result{ID: call.ID, Name: call.Name}
	reply, err := b.call(ctx, call)
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	out.Took = time.Since(began)
	if err != nil {
		reply = reply.failed(shortened(err.Error()))
		reply.Place = b.definition(call.Name)
	}
	out.Content, out.Failed, out.Place, out.Printed = reply.Content, reply.Failed, reply.Place, reply.Printed
	return out, nil
}

func (b *Box) call(ctx context.Context, call model.ToolCall) (reply, error) {
	var tool *toolset.Tool
	var names []string
	for i, t := range b.set.Tools {
		if names = append(names, t.Name); t.Name == call.Name {
			tool = &b.set.Tools[i]
		}
	}
	if tool == nil {
		if t, ok := b.remote.named(call.Name); ok {
			return t.call(ctx, argumentsIn(string(call.Arguments)))
		}
		names = append(names, b.remote.names()...)
		return reply{}, fmt.Errorf("there is no tool %q; the tools are %s", call.Name, strings.Join(names, ", "))
	}
	p, err := b.process(ctx)
	if err != nil {
		return reply{}, err
	}
	r, err := p.call(ctx, question{Tool: *tool, Arguments: argumentsIn(string(call.Arguments))})
	if err != nil {
		return reply{}, err
	}
	b.giveBack(p)
	return r, nil
}

// definition is where a tool begins, for what cannot say where it failed.
func (b *Box) definition(name string) string {
	for _, t := range b.set.Tools {
		for _, f := range b.set.Files {
			if t.Name == name && f.Path == t.File {
				at := source.Locate(f.Text, t.Place.Start)
				return fmt.Sprintf("%s:%d:%d", f.Path, at.Line, at.Column)
			}
		}
	}
	return ""
}

// process takes an idle process, or starts one.
func (b *Box) process(ctx context.Context) (*process, error) {
	if p := b.takeIdle(); p != nil {
		return p, nil
	}
	return start(ctx, b.set.Files)
}

func (b *Box) takeIdle() *process {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.idle)
	if n == 0 {
		return nil
	}
	p := b.idle[n-1]
	b.idle = b.idle[:n-1]
	return p
}

func (b *Box) giveBack(p *process) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		p.end()
		return
	}
	b.idle = append(b.idle, p)
}

// question is what a process is asked, one after the other, behind its files.
type question struct {
	Tool      toolset.Tool
	Arguments json.RawMessage
}

// reply is what it answers.
type reply struct {
	Content string
	Failed  bool
	Place   string // file:line:column of what failed
	Printed string
}

func (r reply) failed(problem string) reply {
	r.Content, r.Failed = problem, true
	return r
}

// process is this program again, as a host of functions.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *json.Decoder
	stderr *tail
}

// start gives a process that has read the files and takes questions.
func start(ctx context.Context, files []toolset.File) (*process, error) {
	path := "/proc/self/exe" // also where the file was replaced since
	if runtime.GOOS != "linux" {
		var err error
		if path, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("start a process for tools: %w", err)
		}
	}
	p := &process{cmd: exec.Command(path), stderr: new(tail)}
	p.cmd.Env = []string{hostVariable + "=1", "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}
	p.cmd.Stderr = p.stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a process for tools: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a process for tools: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a process for tools: %w", err)
	}
	p.in, p.out = in, json.NewDecoder(out)
	if _, err := p.ask(ctx, files, mostStart); errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("the process for tools did not start within %s; the machine may be too busy", mostStart)
	} else if err != nil {
		return nil, fmt.Errorf("start a process for tools: %w", err)
	}
	return p, nil
}

// call asks the process one question. After an error the process has ended.
func (p *process) call(ctx context.Context, q question) (reply, error) {
	r, err := p.ask(ctx, q, MostTime)
	if err == nil {
		return r, nil
	}
	switch code := p.cmd.ProcessState.ExitCode(); {
	case errors.Is(err, context.DeadlineExceeded):
		return r, fmt.Errorf("the tool took over %s and was stopped", MostTime)
	case code == exitMemory:
		return r, fmt.Errorf("the tool used over %d MiB of memory and was stopped", MostMemory>>20)
	case strings.Contains(p.stderr.String(), "stack exceeds"):
		return r, errors.New("the tool works on values that are too deep within each other and was stopped")
	}
	return r, err
}

// ask sends the process something and reads its reply, for so long at the most.
// After an error the process has ended.
func (p *process) ask(ctx context.Context, what any, most time.Duration) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	var r reply
	json.NewEncoder(p.in).Encode(what) // where it fails the process has ended, and its exit code says why
	err := p.out.Decode(&r)
	if stop() && err == nil {
		return r, nil
	}
	p.end()
	if ctx.Err() != nil {
		return reply{}, ctx.Err()
	}
	return reply{}, fmt.Errorf("the process of the tool ended: %s", p.cmd.ProcessState)
}

// end stops the process and waits for it.
func (p *process) end() {
	p.in.Close()
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// tail keeps the beginning of what is written.
type tail struct {
	mu sync.Mutex
	bytes.Buffer
}

func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Len() < 4096 {
		t.Buffer.Write(text[:min(len(text), 4096)])
	}
	return len(text), nil
}
