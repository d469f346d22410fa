package tools

import (
	"runtime"
	"sync/atomic"
	"testing"
)

var allocated atomic.Pointer[[]byte] // keeps the compiler from leaving allocations out

// While the process uses less than it did at its start a call uses nothing, whatever
// it allocates meanwhile.
func TestACallUsesNothingBelowTheStart(t *testing.T) {
	w := &watch{base: heap() + 1<<30}
	var over atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !over.Load() {
			some := make([]byte, 1<<16)
			allocated.Store(&some)
			runtime.Gosched()
		}
	}()
	for range 20_000 {
		if used := w.used(); used != 0 {
			t.Errorf("%d bytes", used)
			break
		}
	}
	over.Store(true)
	<-ended
}
