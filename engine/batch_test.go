package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"time"

	"reprise/engine/builtin"
	"reprise/engine/model/ollama"
	"reprise/engine/trace"
	"reprise/programs"
)

func wordJobs(n int) iter.Seq[Job] {
	return func(yield func(Job) bool) {
		job := lettersJob(letters)
		job.Samples.Max = 3
		for i := range n {
			job.Data = programs.Data{Input: map[string]any{"words": fmt.Sprintf("word%d happy", i)}}
			if !yield(job) {
				return
			}
		}
	}
}

func TestABatchGivesResultsInOrder(t *testing.T) {
	e := onBuiltin(t)
	next := 0
	err := e.Batch(t.Context(), wordJobs(30), func(r *Run, err error) error {
		if err != nil {
			return err
		}
		got := r.Record()
		if want := fmt.Sprintf("word%d happy", next); got.Input["words"] != want || len(got.Samples) != 3 || got.Status.Phase != trace.Done {
			t.Errorf("result %d is of %v: %+v", next, got.Input, got.Status)
		}
		next++
		return nil
	})
	if err != nil || next != 30 {
		t.Errorf("%d results, %v", next, err)
	}
}

func TestABatchEndsWhenItIsToldTo(t *testing.T) {
	e := with(t, builtin.New())
	stop, n := errors.New("enough"), 0
	err := e.Batch(t.Context(), wordJobs(1000), func(*Run, error) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 3 {
		t.Errorf("%v after %d", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var phases []trace.Phase
	err = e.Batch(ctx, wordJobs(1000), func(r *Run, err error) error {
		cancel()
		if err == nil {
			phases = append(phases, r.Record().Status.Phase)
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || len(phases) > 100 || slices.Contains(phases, trace.Failed) {
		t.Errorf("%v, %v", err, phases)
	}
}

// TestALongBatchKeepsMemoryFlat: of a thousand inputs with five samples each no
// more is held at the end than after the first hundred.
func TestALongBatchKeepsMemoryFlat(t *testing.T) {
	e := with(t, &scripted{answers: []string{"tac", "dog"}, atOnce: 8})
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	job := lettersJob(letters)
	job.Model, job.Samples.Max = "scripted/m", 5
	next, early := 0, uint64(0)
	err := e.Batch(t.Context(), func(yield func(Job) bool) {
		for i := range 1000 {
			job.Data = programs.Data{Input: map[string]any{"words": fmt.Sprint(i)}}
			if !yield(job) {
				return
			}
		}
	}, func(r *Run, err error) error {
		if err != nil {
			return err
		}
		if got := r.Record(); got.Input["words"] != fmt.Sprint(next) || got.Tally.Answers != 5 {
			return fmt.Errorf("result %d: %v, %+v", next, got.Input, got.Tally)
		}
		if next++; next == 100 {
			early = held()
		}
		return nil
	})
	if err != nil || next != 1000 {
		t.Fatalf("%d results: %v", next, err)
	}
	if late := held(); late > early+4<<20 {
		t.Errorf("%d KiB were held after 100 inputs, %d KiB after 1,000", early>>10, late>>10)
	}
}

// instant is an Ollama whose model answers at once.
func instant(t testing.TB) *httptest.Server {
	reply := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/version", func(w http.ResponseWriter, _ *http.Request) { reply(w, map[string]any{"version": "0.17.4"}) })
	mux.HandleFunc("/api/tags", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"models": []any{map[string]any{"name": "m:latest", "model": "m:latest", "digest": "d", "modified_at": time.Now()}}})
	})
	mux.HandleFunc("/api/ps", func(w http.ResponseWriter, _ *http.Request) { reply(w, map[string]any{"models": []any{}}) })
	mux.HandleFunc("/api/show", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"capabilities": []string{"completion"}, "template": "{{ .Prompt }}", "details": map[string]any{}, "model_info": map[string]any{}})
	})
	mux.HandleFunc("/api/chat", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		json.NewEncoder(w).Encode(map[string]any{"model": "m", "message": map[string]any{"role": "assistant", "content": "The answer is 7."}})
		json.NewEncoder(w).Encode(map[string]any{"model": "m", "message": map[string]any{"role": "assistant"}, "done": true, "done_reason": "stop", "eval_count": 5, "eval_duration": 1000})
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// BenchmarkCall is what Reprise adds to a provider's own time for each sample
// of a batch: an endpoint that answers at once, five samples an input.
func BenchmarkCall(b *testing.B) {
	e := with(b, ollama.New(instant(b).URL))
	job := lettersJob(letters)
	job.Model, job.Samples.Max = "ollama/m", 5
	inputs := max(1, b.N/5)
	b.ResetTimer()
	err := e.Batch(b.Context(), func(yield func(Job) bool) {
		for i := range inputs {
			job.Data = programs.Data{Input: map[string]any{"words": fmt.Sprint(i)}}
			if !yield(job) {
				return
			}
		}
	}, func(r *Run, err error) error { return err })
	if err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapAlloc)/(1<<20), "MiB-heap-after")
}
