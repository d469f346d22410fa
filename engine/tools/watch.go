package tools

import (
	"fmt"
	"os"
	"runtime/metrics"
	"sync"
	"time"

	"go.starlark.net/starlark"
)

// exitMemory is the exit code of a process that used too much memory and could not
// be stopped otherwise.
const exitMemory = 97

// watch stops a call that uses too much memory: first between two steps, so that it
// can say where it was; where one step goes on, with the process. Starlark itself
// has no such bound.
type watch struct {
	base uint64 // what the process uses without a call

	mu     sync.Mutex
	thread *starlark.Thread // of the call that runs; nil: none
	wake   chan struct{}
}

func newWatch() *watch {
	w := &watch{base: heap(), wake: make(chan struct{}, 1)}
	go w.look()
	return w
}

func (w *watch) begin(t *starlark.Thread) {
	w.mu.Lock()
	w.thread = t
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watch) end() {
	w.mu.Lock()
	w.thread = nil
	w.mu.Unlock()
}

func (w *watch) running() *starlark.Thread {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.thread
}

// look compares what is used with the bound each millisecond while a call runs.
func (w *watch) look() {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range w.wake {
		for t := w.running(); t != nil; t = w.running() {
			switch used := w.used(); {
			case used > 2*MostMemory:
				os.Exit(exitMemory)
			case used > MostMemory:
				t.Cancel(fmt.Sprintf("it used over %d MiB of memory", MostMemory>>20))
			}
			<-tick.C
		}
	}
}

// used is how many bytes the call uses. Now and then the process uses less than it did
// without one: when what its start left behind is freed.
func (w *watch) used() uint64 {
	now := heap()
	return now - min(w.base, now)
}

// heap is how many bytes the process has in objects, those included that wait to be
// freed.
func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
