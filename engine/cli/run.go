package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"reprise/engine"
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
)

type runFlags struct {
	programFlags
	json         bool
	showThinking bool
	quiet        bool
	samples      int
	vote         string
	cached       bool
	logprobs     int
	inputs       string
	breaks       []string
	onBreak      string
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := a.programCommand("run PROGRAM [-] [flags]", "run a program and print its answer", `Run a program and print the answer as it comes.

The answer goes to standard output and nothing else does. What the model thinks,
warnings and the statistics go to standard error; thinking is left out when the
answer goes to a pipe, unless --show-thinking asks for it. The run is recorded,
also when Ctrl+C cancels it.

With several samples (-n, or reprise.samples of the program) the answer is what
they vote for; how each came out goes to standard error. With --cached, samples
that ran before under the same conditions (version, input, model, options, seed)
are taken over: -n 20 after -n 5 runs 15.

With --inputs the program runs on each line of a JSON Lines file, several at
once, and each result is a line of JSON on standard output, in the order of the
inputs. After an interruption the same command with --cached runs only what is
missing.

With --break the run pauses at a breakpoint. On a terminal you look, edit a step,
let it go on or end it; elsewhere the sample ends there with what it said, and the
exit code is 8. --on-break says otherwise: ask (commands are read from standard
input, a line each: c, s, e, l, q), stop, or continue (it is told of, and goes on).
`+breakHelp("  kept             those that the IDE and reprise breakpoints keep of the program\n")+`

`+inputHelp+`

With --json standard output has one JSON object a line, told apart by "event":
  start     run, program, version, hash, model, digest, server, seed, think,
            options, input, messages
  loading   seconds           the server brings the model into memory
  thinking  text              a piece of the thinking, as received
  content   text              a piece of the answer
  call      name, arguments   a tool call of the model
  part      run, binding, item, program, phase, answer …
                              a run of a program that reprise.let binds has ended
  paused    run, sample, steps, hits: break, step, channel, start, end, text
                              a sample, of the run or of a part, has paused at a
                              breakpoint
  edited    run, sample, of, channel, offset, text
                              a sample goes on in place of one that was edited
  sample    sample, seed, phase, answer, extracted, replayed …
                              one of several has ended; then there are no
                              thinking and content events
  end       run, phase (done, failed, cancelled), reason (stop, length,
            repeated), truncated, answer, error, tokens, prompt_tokens, seconds,
            first_token_seconds, tokens_per_second, extracted, tally`,
		`  reprise run solve -i question="What is 12 times 7?"
  reprise run summarise - < article.txt
  reprise run extract -f order.yaml --model qwen3:4b --seed 7 --json
  reprise run solve -n 9 --vote weighted -i question="What is 12 times 7?"
  reprise run solve --break "kind uncertainty" --break "match /\b35\b/ in thinking"
  reprise run classify --inputs reviews.jsonl --cached > results.jsonl`,
		&f.programFlags, func(ctx context.Context, name string, fromStdin bool) error { return a.run(ctx, name, fromStdin, &f) })
	c.Flags().BoolVar(&f.json, "json", false, "write events, one JSON object a line")
	c.Flags().BoolVar(&f.showThinking, "show-thinking", false, "show the thinking even when the answer goes to a pipe")
	c.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "leave out warnings and statistics")
	c.Flags().IntVarP(&f.samples, "samples", "n", 0, "draw `N` samples and let them vote")
	c.Flags().StringVar(&f.vote, "vote", "", "count answers by `HOW`: majority, weighted, first")
	c.Flags().BoolVar(&f.cached, "cached", false, "take over samples that ran before under the same conditions")
	c.Flags().IntVar(&f.logprobs, "logprobs", -1, "record log-probabilities with `N` alternatives, 0 to 20")
	c.Flags().StringVar(&f.inputs, "inputs", "", "run on each line of `FILE`, JSON Lines; - is standard input")
	c.Flags().StringArrayVar(&f.breaks, "break", nil, "pause at a `BREAKPOINT`")
	c.Flags().StringVar(&f.onBreak, "on-break", "", "at a breakpoint `DO`: ask, stop or continue")
	c.MarkFlagsMutuallyExclusive("inputs", "input")
	return c
}

func (a *app) run(ctx context.Context, name string, fromStdin bool, f *runFlags) error {
	switch {
	case f.inputs != "" && len(f.breaks) > 0:
		return fail(exitUsage, "--break is for one run at a time; leave --inputs out")
	case f.inputs != "":
		return a.batch(ctx, name, fromStdin, f)
	}
	job, err := a.job(name, fromStdin, &f.programFlags)
	if err != nil {
		return err
	}
	if err := f.sampling(&job); err != nil {
		return err
	}
	if err := f.breaking(a, name, &job); err != nil {
		return err
	}
	if !f.quiet {
		a.diagnostics(job.Program.Diagnostics)
	}
	e, err := a.open()
	if err != nil {
		return err
	}
	run, err := e.Start(ctx, job)
	if err != nil {
		return naming(err, name)
	}
	w := &runWriter{a: a, run: run, flags: f, several: run.Record().Plan.Max > 1, told: make(map[int]bool)}
	if job.Model == "" && job.Program.Meta.Model == "" && run.Record().Provider == builtin.Name && !f.quiet && !f.json {
		a.standsIn()
	}
	w.held = (job.Program.WantsJSON() || job.Program.Meta.Toolset != nil || len(job.Breaks) > 0 && f.onBreak == askAtBreak) && !a.out.terminal
	if err := w.follow(ctx); err != nil {
		return err
	}
	return w.end()
}

// sampling puts what the flags say of samples into a job.
func (f *runFlags) sampling(job *engine.Job) error {
	if f.samples < 0 || f.samples > programs.MostSamples {
		return fail(exitUsage, "-n %d: it is a number from 1 to %d", f.samples, programs.MostSamples)
	}
	if f.vote != "" && !slices.Contains(vote.Ways, f.vote) {
		return fail(exitUsage, "--vote %s: it is one of %s", f.vote, strings.Join(vote.Ways, ", "))
	}
	if f.logprobs < -1 || f.logprobs > 20 {
		return fail(exitUsage, "--logprobs %d: it is a number from 0 to 20", f.logprobs)
	}
	job.Logprobs = f.logprobs
	job.Samples.Max, job.Vote, job.Cached = f.samples, vote.How(f.vote), f.cached
	return nil
}

// standsIn says that the built-in model does what was meant for another, and
// what to do about it.
func (a *app) standsIn() {
	a.err.paintLine(muted, "no server has a model: this is the built-in one; "+builtin.About)
	a.err.paintLine(muted, "for another start `ollama serve` and get one, as in `reprise pull qwen3:4b`")
}

// runWriter writes a run's text as it grows.
type runWriter struct {
	a        *app
	run      *engine.Run
	flags    *runFlags
	several  bool         // samples
	held     bool         // what goes to a pipe comes whole: a first attempt may not validate, and a text may end in a tool call
	told     map[int]bool // numbers of those that were told of
	thinking int          // bytes written
	content  int
	calls    int // that were told of, and results
	results  int
	loading  bool
	parts    map[string]bool // runs of programs that are bound, which were told of

	sample    int              // that is written; 0: the first
	paused    map[pauseAt]bool // that were told of
	stopped   bool             // a sample was ended at a breakpoint
	questions *questions       // asked at pauses
}

// follow writes until the run has ended. An interrupt cancels the run; what it
// said until then is still written. The error is that nobody answers at a pause.
func (w *runWriter) follow(ctx context.Context) error {
	w.start()
	interrupted := ctx.Done()
	var unanswered error
	for {
		select {
		case <-w.run.Changed():
			w.advance()
			if err := w.atPauses(ctx); err != nil && unanswered == nil {
				if unanswered = err; ctx.Err() != nil {
					unanswered = nil // the interrupt says it
				}
				w.run.Cancel()
			}
		case <-interrupted:
			interrupted = nil
			w.run.Cancel()
		case <-w.run.Done():
			w.advance()
			return unanswered
		}
	}
}

func (w *runWriter) start() {
	if w.flags.json {
		w.event(startEvent(w.run.Record()))
	}
}

// advance writes what has come since the last time.
func (w *runWriter) advance() {
	t := w.run.Trace()
	if w.sample > 0 {
		t = w.run.Sample(w.sample)
	}
	w.advanceParts(w.run.Parts())
	w.waiting(t.Status())
	if w.several {
		w.advanceSamples()
		return
	}
	first := w.results
	for i, call := range t.Calls(first) {
		w.text(t, call.At)
		if first+i == w.calls {
			w.called(call)
			w.calls++
		}
		if call.Result == nil {
			continue
		}
		w.ended(call)
		w.results++
	}
	w.text(t, trace.Place{Thinking: t.Len(model.Thinking), Content: t.Len(model.Content)})
}

// text writes what was said up to a place.
func (w *runWriter) text(t *trace.Trace, to trace.Place) {
	thinking, content := t.Slice(model.Thinking, w.thinking, to.Thinking), t.Slice(model.Content, w.content, to.Content)
	if thinking+content != "" && w.loading {
		w.a.err.clearStatus()
		w.loading = false
	}
	w.thinking, w.content = w.thinking+len(thinking), w.content+len(content)
	if w.flags.json {
		w.textEvents(thinking, content)
		return
	}
	if thinking != "" && (w.flags.showThinking || w.a.out.terminal) {
		w.a.err.paint(muted, thinking)
	}
	if content != "" && !w.held {
		if w.content == len(content) {
			w.a.err.endLine()
		}
		w.a.out.text(content)
	}
}

// waiting tells how long the model has been loading.
func (w *runWriter) waiting(s trace.Status) {
	if s.Phase != trace.Loading {
		return
	}
	w.loading = true
	if w.flags.json {
		w.event(map[string]any{"event": "loading", "seconds": seconds(s.Elapsed)})
		return
	}
	w.a.err.status(fmt.Sprintf("loading %s… %.0f s", w.run.Record().Model, s.Elapsed.Seconds()))
}

// end writes how the run ended and gives its outcome.
func (w *runWriter) end() error {
	r := w.run.Record()
	if w.loading || w.several {
		w.a.err.clearStatus()
	}
	if w.flags.json {
		w.event(endEvent(r))
	} else {
		if answer := voted(r); w.several && answer != "" {
			w.a.out.line(answer)
		} else if w.held && !w.several {
			w.a.out.text(r.Answer)
		}
		if w.a.out.terminal {
			w.a.out.endLine()
		}
		w.a.err.endLine()
	}
	if !w.flags.quiet && !w.flags.json {
		w.a.err.paintLine(muted, runLine(r))
	}
	if r.NotSaved != "" {
		w.a.err.paintLine(warning, "the run is not recorded: "+r.NotSaved)
	}
	switch r.Status.Phase {
	case trace.Cancelled:
		if w.stopped {
			return silent(exitStopped)
		}
		return silent(exitInterrupted)
	case trace.Failed:
		return &failure{code: exitModelFailed, message: r.Status.Err}
	}
	if w.stopped {
		return silent(exitStopped)
	}
	if r.Status.Truncated {
		w.a.err.paintLine(warning, "the budget of tokens ran out inside the thinking: there is no answer; raise it with --set num_predict=N")
	}
	return nil
}
