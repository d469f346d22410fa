package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"reprise/engine/builtin/tasks"
)

// exchange is one line between Go and PyTorch: what is asked, and the reply.
type exchange struct {
	Task   tasks.Task `json:"task"`
	Mode   tasks.Mode `json:"mode"`
	Number int        `json:"number"` // of the problem within its task
	IDs    []uint16   `json:"ids,omitempty"`
	Reply  string     `json:"reply"`
}

// posed is the n-th held-out problem of a task and what it is asked as. It
// depends on its arguments alone, so that the scorer finds it again.
func posed(seed uint64, task tasks.Task, mode tasks.Mode, n int) (tasks.Problem, tasks.Request) {
	rng := tasks.Rand(seed*1_000_003+uint64(n), evaluateStream)
	p := tasks.New(task, rng, true)
	return p, tasks.Prompt(p, mode, rng)
}

func askProblems(w io.Writer, t *Tokenizer, seed uint64, n int) error {
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	for _, task := range tasks.Tasks() {
		for _, mode := range tasks.Modes(task) {
			for i := range n {
				_, request := posed(seed, task, mode, i)
				ids := t.Encode([]uint16{bosToken}, request.Text())
				if err := e.Encode(exchange{Task: task, Mode: mode, Number: i, IDs: ids}); err != nil {
					return err
				}
			}
		}
	}
	return out.Flush()
}

// scoreReplies prints the share of right answers for each task and mode, with
// one wrong reply of each where there is one.
func scoreReplies(r io.Reader, w io.Writer, seed uint64) error {
	type cell struct{ asked, right, followed int }
	cells := map[string]*cell{}
	var order, wrong []string
	d := json.NewDecoder(r)
	for {
		var x exchange
		if err := d.Decode(&x); err == io.EOF {
			break
		} else if err != nil {
			return fmt.Errorf("read replies: %w", err)
		}
		name := fmt.Sprintf("%-11s %-13s", x.Task, x.Mode)
		c := cells[name]
		if c == nil {
			c = &cell{}
			cells[name], order = c, append(order, name)
		}
		p, request := posed(seed, x.Task, x.Mode, x.Number)
		c.asked++
		if request.Form.Marker != "" && request.Form.Followed(x.Reply) {
			c.followed++
		}
		if request.Correct(p, x.Reply) {
			c.right++
		} else if c.right+1 == c.asked {
			wrong = append(wrong, fmt.Sprintf("-- %s\n%s\n-> %s\n   (%s)", name, p.Question, x.Reply, p.Answer))
		}
	}
	for _, name := range order {
		c := cells[name]
		fmt.Fprintf(w, "%s  right %.3f  form %.3f  of %d\n", name, float64(c.right)/float64(c.asked), float64(c.followed)/float64(c.asked), c.asked)
	}
	for _, s := range wrong {
		fmt.Fprintln(w, s)
	}
	return nil
}
