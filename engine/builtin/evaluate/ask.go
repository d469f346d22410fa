package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/mathext"

	"reprise/engine/builtin"
	"reprise/engine/builtin/tasks"
	"reprise/engine/model"
)

// evaluation asks the model problems.
type evaluation struct {
	provider        *builtin.Provider
	seed            uint64
	only            []string // tasks to measure; none: all
	answers, tokens atomic.Int64
}

// atOnce is how many problems are asked together: one pass over the weights
// serves them all.
const atOnce = 32

// posed is the n-th held-out problem of a task, of full size, and what it is
// asked as.
func (e *evaluation) posed(task tasks.Task, mode tasks.Mode, n int) (tasks.Problem, tasks.Request) {
	rng := tasks.Rand(e.seed*1_000_003+uint64(n), 2)
	p := tasks.New(task, rng, true)
	for !p.Full() {
		p = tasks.New(task, rng, true)
	}
	return p, tasks.Prompt(p, mode, rng)
}

// reply is what the model says to a request, a call of a tool as it wrote it.
func (e *evaluation) reply(ctx context.Context, r tasks.Request, options model.Options) (string, error) {
	req := r.Ask(builtin.Model)
	req.Options = options
	said := ""
	err := e.provider.Stream(ctx, req, func(event model.Event) error {
		switch event := event.(type) {
		case model.Text:
			if event.Channel == model.Content {
				said += event.Text
			}
		case model.Call:
			said += fmt.Sprintf(`<tool_call>{"name": %q, "arguments": %s}</tool_call>`, event.Name, event.Arguments)
		case model.End:
			e.tokens.Add(int64(event.Stats.Tokens))
		}
		return nil
	})
	e.answers.Add(1)
	return said, err
}

// each does something for the numbers up to n, many at once, and gives the
// first error.
func each(n int, do func(i int) error) error {
	var all sync.WaitGroup
	var once sync.Once
	var failed error
	places := make(chan struct{}, atOnce)
	for i := range n {
		places <- struct{}{}
		all.Go(func() {
			if err := do(i); err != nil {
				once.Do(func() { failed = err })
			}
			<-places
		})
	}
	all.Wait()
	return failed
}

// cell counts answers.
type cell struct{ asked, right, followed int }

// String gives the share with its interval, in percent.
func (c cell) String() string {
	low, high := interval(c.right, c.asked)
	return fmt.Sprintf("%.1f [%.1f–%.1f]", 100*float64(c.right)/float64(c.asked), 100*low, 100*high)
}

// interval is the exact 95 % interval of a share (Clopper and Pearson 1934).
func interval(right, asked int) (low, high float64) {
	k, n := float64(right), float64(asked)
	high = 1
	if right > 0 {
		low = mathext.InvRegIncBeta(k, n-k+1, .025)
	}
	if right < asked {
		high = mathext.InvRegIncBeta(k+1, n-k, .975)
	}
	return low, high
}

// cell asks problems; one whose demonstrations are longer than the context does
// not count.
func (e *evaluation) cell(ctx context.Context, task tasks.Task, mode tasks.Mode, n int) (cell, error) {
	c := cell{asked: n}
	var mu sync.Mutex
	zero := 0.0
	err := each(n, func(i int) error {
		p, r := e.posed(task, mode, i)
		said, err := e.reply(ctx, r, model.Options{Temperature: &zero})
		mu.Lock()
		defer mu.Unlock()
		if of := new(model.Error); errors.As(err, &of) && of.Kind == model.ContextExceeded {
			c.asked-- // long demonstrations
			return nil
		}
		if r.Correct(p, said) {
			c.right++
		}
		if r.Form.Followed(said) {
			c.followed++
		}
		return err
	})
	return c, err
}

// votes of nine on problems, beside single samples.
type votes struct {
	single, vote cell
	gains        []float64 // for each problem: 1 where the vote is right, less the share of its samples that are
}

func (e *evaluation) vote(ctx context.Context, task tasks.Task, n int) (votes, error) {
	const samples = 9
	v := votes{single: cell{asked: samples * n}, vote: cell{asked: n}}
	finals := make([][samples]string, n)
	warm := 0.7
	err := each(n*samples, func(k int) error {
		i, seed := k/samples, int64(k%samples)
		_, r := e.posed(task, tasks.Steps, i)
		said, err := e.reply(ctx, r, model.Options{Temperature: &warm, Seed: &seed})
		if answer, ok := tasks.Final(said); ok {
			finals[i][seed] = answer
		}
		return err
	})
	for i, answers := range finals {
		p, _ := e.posed(task, tasks.Steps, i)
		alone := 0
		for _, a := range answers {
			if a == p.Answer {
				alone++
			}
		}
		v.single.right += alone
		right := majority(answers[:]) == p.Answer
		gain := -float64(alone) / samples
		if right {
			v.vote.right++
			gain++
		}
		v.gains = append(v.gains, gain)
	}
	return v, err
}

// paired gives the mean of paired differences and its standard error
// (arXiv 2411.00640).
func paired(differences []float64) (mean, standardError float64) {
	n := float64(len(differences))
	for _, d := range differences {
		mean += d / n
	}
	for _, d := range differences {
		standardError += (d - mean) * (d - mean)
	}
	return mean, math.Sqrt(standardError / (n - 1) / n)
}

// majority is the commonest of answers, of equally common ones the first; no
// answer does not count.
func majority(answers []string) string {
	counts, best := map[string]int{}, ""
	for _, a := range answers {
		if a != "" {
			counts[a]++
		}
	}
	for _, a := range answers {
		if a != "" && (best == "" || counts[a] > counts[best]) {
			best = a
		}
	}
	return best
}
