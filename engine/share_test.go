package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"sync"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
	"reprise/programs"
)

// shareJobs are jobs with seeds, so that what the server has to do is known.
func shareJobs(round, inputs int) iter.Seq[Job] {
	return func(yield func(Job) bool) {
		for i := range inputs {
			job := lettersJob(letters)
			seed := int64(1000*round + 10*i)
			job.Model, job.Samples.Max, job.Options = "ollama/"+ollamatest.Model, 5, model.Options{Seed: &seed}
			job.Data = programs.Data{Input: map[string]any{"words": fmt.Sprintf("river candle moon %d", i)}}
			if !yield(job) {
				return
			}
		}
	}
}

// bareBodies are the requests that the jobs come to, for a client that does
// nothing but send them.
func bareBodies(b *testing.B, jobs iter.Seq[Job]) [][]byte {
	b.Helper()
	var out [][]byte
	for job := range jobs {
		messages, ds := job.Program.Render(job.Data)
		if err := ds.Err(); err != nil {
			b.Fatal(err)
		}
		for n := range job.Samples.Max {
			body, err := json.Marshal(map[string]any{
				"model": ollamatest.Model, "truncate": false, "shift": false,
				"messages": []any{map[string]any{"role": "user", "content": messages[0].Content[0].Text}},
				"options":  map[string]any{"temperature": 1.0, "seed": *job.Options.Seed + int64(n)},
			})
			if err != nil {
				b.Fatal(err)
			}
			out = append(out, body)
		}
	}
	return out
}

// barely sends requests, so many at once, and reads the answers. It gives how long
// that took, and how long the server says that it worked.
func barely(b *testing.B, url string, atOnce int, bodies [][]byte) (took, worked time.Duration) {
	b.Helper()
	began := time.Now()
	queue := make(chan []byte)
	var all sync.WaitGroup
	var mu sync.Mutex
	for range atOnce {
		all.Go(func() {
			for body := range queue {
				resp, err := http.Post(url+"/api/chat", "application/json", bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					continue
				}
				text, err := io.ReadAll(resp.Body)
				if err != nil {
					b.Error(err)
				}
				resp.Body.Close()
				text = bytes.TrimSpace(text)
				var last struct {
					Prompt     time.Duration `json:"prompt_eval_duration"`
					Generation time.Duration `json:"eval_duration"`
				}
				if err := json.Unmarshal(text[bytes.LastIndexByte(text, '\n')+1:], &last); err != nil {
					b.Error(err)
				}
				mu.Lock()
				worked += last.Prompt + last.Generation
				mu.Unlock()
			}
		})
	}
	for _, body := range bodies {
		queue <- body
	}
	close(queue)
	all.Wait()
	return time.Since(began), worked
}

// BenchmarkServerShare is what part of a batch's time is the real server's, beside a
// client that only sends the same requests, as many at once, and drops the answers:
// for each second that the server says it spent on reading and generating, how long
// the one took and how long the other. The two take turns, for a machine that does
// other things too. worked is that second's part of either's time; what is missing
// of the bare client's is the server's own work between two calls.
func BenchmarkServerShare(b *testing.B) {
	server := ollamatest.Own(b, "OLLAMA_NUM_PARALLEL=1")
	provider := ollama.New(server.URL)
	e := with(b, provider)
	var alone, with, worked, workedAlone time.Duration
	batch := func(jobs iter.Seq[Job]) time.Duration {
		began := time.Now()
		err := e.Batch(b.Context(), jobs, func(r *Run, err error) error {
			if err != nil {
				return err
			}
			for _, s := range r.Record().Samples {
				worked += s.Status.Stats.Prompt + s.Status.Stats.Generation
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	batch(shareJobs(0, 1)) // the model is in memory
	worked = 0
	const inputs = 5
	b.ResetTimer()
	for round := range b.N {
		jobs := shareJobs(round+1, inputs)
		bodies := bareBodies(b, jobs)
		if round%2 == 1 {
			with += batch(jobs)
		}
		took, w := barely(b, server.URL, provider.Parallel(), bodies)
		alone, workedAlone = alone+took, workedAlone+w
		if round%2 == 0 {
			with += batch(jobs)
		}
	}
	ours, bare := worked.Seconds()/with.Seconds(), workedAlone.Seconds()/alone.Seconds()
	b.ReportMetric(100*ours/bare, "%-server")
	b.ReportMetric(100*ours, "%-worked")
	b.ReportMetric(100*bare, "%-worked-bare")
	b.ReportMetric(1000*with.Seconds()/float64(5*inputs*b.N), "ms/call")
}
