package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// talker answers by what it reads.
type talker struct {
	atOnce int
	say    func(ctx context.Context, prompt string, seed int64) (string, error)

	mu        sync.Mutex
	asked     []string
	seeds     []int64
	now, most int
}

func (*talker) Name() string    { return "talker" }
func (p *talker) Parallel() int { return max(1, p.atOnce) }

func (*talker) Inspect(_ context.Context, name string) (model.Info, error) {
	return model.Info{Name: name, Abilities: model.Abilities{JSONSchema: true, Logprobs: true, Thinking: name == "thinker"}, ControlTokens: []string{"<|end|>"}}, nil
}

func (p *talker) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	prompt := req.Messages[len(req.Messages)-1].Content
	p.mu.Lock()
	p.asked, p.seeds = append(p.asked, prompt), append(p.seeds, *req.Options.Seed)
	p.now++
	p.most = max(p.most, p.now)
	p.mu.Unlock()
	defer func() { p.mu.Lock(); p.now--; p.mu.Unlock() }()
	if err := emit(said("…")); err != nil { // something is received before it answers
		return err
	}
	text, err := p.say(ctx, prompt, *req.Options.Seed)
	if err != nil {
		return err
	}
	if err := emit(said(text)); err != nil {
		return err
	}
	return emit(model.End{Reason: model.EndStop, Stats: model.Stats{Tokens: 2}})
}

func (p *talker) count() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.asked) }

// echo answers with what it was asked, without the dots it began with.
func echo(_ context.Context, prompt string, _ int64) (string, error) {
	return "(" + strings.ReplaceAll(prompt, "…", "") + ")", nil
}

// waiting gives a channel, or the error of what ended before.
func waiting(ctx context.Context, c <-chan struct{}) error {
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// composedOf is the program p of some files.
func composedOf(t testing.TB, files map[string]string) *programs.Program {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name+".prompt"] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := programs.Load(fsys, "p.prompt")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func composedJob(t testing.TB, files map[string]string, input map[string]any) Job {
	return Job{Program: composedOf(t, files), Data: programs.Data{Input: input}, Model: "talker/m", Logprobs: -1}
}

// nested binds a program that binds one for each word.
var nested = map[string]string{
	"p":    "---\nreprise:\n  let:\n    mid: {program: mid, input: {text: text}}\n    short: {program: leaf, when: len(text) < 3, input: {word: text}, else: '\"long\"'}\n    no: {program: leaf, when: len(text) < 3, input: {word: text}}\n    size: {value: len(text)}\n---\nP {{mid}} {{short}} {{#if no}}x{{/if}} {{size}}",
	"mid":  "---\nreprise.let: {words: {program: leaf, each: 'split(text, \" \")', input: {word: item + string(index)}}}\n---\nM{{#each words}} {{this}}{{/each}}",
	"leaf": "L {{word}}",
}

func TestPartsAreBoundAndKept(t *testing.T) {
	p := &talker{atOnce: 2, say: echo}
	e := with(t, p)
	r := start(t, e, composedJob(t, nested, map[string]any{"text": "a b c"}))
	wait(t, r)
	const mid = "…(M (L a0) (L b1) (L c2))"
	live, kept := r.Record(), again(t, e, r)
	for _, got := range []store.Run{live, kept} {
		if got.Status.Phase != trace.Done || got.Answer != "…(P (M (L a0) (L b1) (L c2)) long  5)" {
			t.Errorf("%+v", got.Outcome)
		}
		if got.Let["mid"] != mid || got.Let["short"] != "long" || got.Let["size"] != 5.0 || len(got.Let) != 4 || got.Let["no"] != nil {
			t.Errorf("bound to %v", got.Let)
		}
		if text := got.Messages[0].Content[0].Text; text != "P "+mid+" long  5" {
			t.Errorf("it reads %q", text)
		}
		if len(got.Parts) != 1 || got.PartCount != 1 || got.Parts[0].Binding != "mid" || got.Parts[0].Item != -1 || got.Parts[0].Answer != mid || got.Parts[0].Tokens != 2 {
			t.Fatalf("parts %+v", got.Parts)
		}
		words := got.Parts[0].Parts
		slices.SortFunc(words, func(a, b store.Part) int { return a.Item - b.Item })
		for i, w := range words {
			if want := fmt.Sprintf("…(L %c%d)", 'a'+i, i); w.Answer != want || w.Item != i || w.Binding != "words" || w.Program != "leaf" || w.Phase != trace.Done {
				t.Errorf("part %d: %+v", i, w)
			}
		}
		if len(words) != 3 {
			t.Errorf("%d words", len(words))
		}
	}
	s, _ := e.Store()
	leaf, err := s.Run(kept.Parts[0].Parts[0].Run)
	if err != nil || leaf.Of.Run != kept.Parts[0].Run || leaf.Version.Program != "leaf" || leaf.Version.Hash == kept.Version.Hash {
		t.Errorf("%+v, %v", leaf, err)
	}
	all, err := s.Runs(store.Filter{})
	if err != nil || len(all) != 1 || all[0].PartCount != 1 {
		t.Errorf("the list has %d runs: %v", len(all), err)
	}
	if own, _ := s.Runs(store.Filter{Program: "leaf", Parts: true}); len(own) != 3 {
		t.Errorf("leaf ran %d times", len(own))
	}
	if r.Part(kept.Parts[0].Run) != nil || r.joined()[0].live() != nil {
		t.Error("what a part said is kept in memory after its end")
	}
}

// An input that is passed on, and that nobody gives, has its default.
func TestDefaultsOfWhatIsPassedOn(t *testing.T) {
	for _, head := range []string{"", "input.schema: {q?: string}\n"} {
		e := with(t, &talker{say: echo})
		files := map[string]string{"p": "---\n" + head + "reprise.let: {a: a}\n---\nP {{a}}", "a": "---\ninput: {schema: {q: string}, default: {q: own}}\n---\nA {{q}}"}
		for want, input := range map[string]map[string]any{"own": nil, "given": {"q": "given"}} {
			r := start(t, e, composedJob(t, files, input))
			wait(t, r)
			if got := r.Record(); got.Answer != "…(P (A "+want+"))" {
				t.Errorf("%q: %+v", got.Answer, got.Status)
			}
		}
	}
}

// The last element answers first, and the first one last.
func TestAnswersKeepTheOrderOfTheList(t *testing.T) {
	const n = 5
	var answered [n + 1]chan struct{}
	for i := range answered {
		answered[i] = make(chan struct{})
	}
	close(answered[n])
	p := &talker{atOnce: n, say: func(ctx context.Context, prompt string, _ int64) (string, error) {
		var i int
		if _, err := fmt.Sscanf(prompt, "L %d", &i); err != nil {
			return "", nil
		}
		if err := waiting(ctx, answered[i+1]); err != nil {
			return "", err
		}
		defer close(answered[i])
		return fmt.Sprint(i), nil
	}}
	e := with(t, p)
	r := start(t, e, composedJob(t, map[string]string{
		"p":    "---\nreprise.let: {l: {program: leaf, each: 0..4, input: {word: item}}}\n---\n{{l}}",
		"leaf": "---\nreprise.answer: {type: number}\n---\nL {{word}}",
	}, nil))
	wait(t, r)
	if got := fmt.Sprint(r.Record().Let["l"]); got != "[0 1 2 3 4]" || r.Record().Status.Phase != trace.Done {
		t.Errorf("%s, %+v", got, r.Record().Status)
	}
}

// Each of two bindings answers only once the other has been asked.
func TestIndependentBindingsOverlap(t *testing.T) {
	asked := map[string]chan struct{}{"A": make(chan struct{}), "B": make(chan struct{})}
	p := &talker{atOnce: 2, say: func(ctx context.Context, prompt string, _ int64) (string, error) {
		for name, c := range asked {
			if prompt == name {
				close(c)
			}
		}
		if err := errors.Join(waiting(ctx, asked["A"]), waiting(ctx, asked["B"])); err != nil {
			return "", err
		}
		return prompt, nil
	}}
	e := with(t, p)
	r := start(t, e, composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a, b: b}\n---\n{{a}} {{b}}", "a": "A", "b": "B"}, nil))
	wait(t, r)
	if got := r.Record(); got.Let["a"] != "…A" || got.Let["b"] != "…B" {
		t.Errorf("%+v", got)
	}
}

// However programs bind each other, a provider is asked for no more than it makes,
// and one more.
func TestPartsWaitTheirTurn(t *testing.T) {
	p := &talker{atOnce: 3, say: echo}
	e := with(t, p)
	r := start(t, e, composedJob(t, map[string]string{
		"p":    "---\nreprise.let: {m: {program: mid, times: 8, input: {}}, n: {program: leaf, each: 1..8, input: {x: item}}}\n---\n{{m}} {{n}}",
		"mid":  "---\nreprise.let: {l: {program: leaf, times: 8, input: {x: index}}}\n---\n{{l}}",
		"leaf": "---\nreprise.samples: 2\n---\nL {{x}}",
	}, nil))
	wait(t, r)
	if got := r.Record(); got.Status.Phase != trace.Done || p.most > 4 || p.count() != 1+8+8*8*2+8*2 {
		t.Errorf("%d at once, %d in all: %+v", p.most, p.count(), got.Status)
	}
	seen := map[int64]string{}
	for i, seed := range p.seeds {
		if other, twice := seen[seed]; twice && other == p.asked[i] {
			t.Errorf("%q was asked twice with seed %d", p.asked[i], seed)
		}
		seen[seed] = p.asked[i]
	}
}

func TestAFailingPartEndsTheOthers(t *testing.T) {
	begun := make(chan struct{})
	p := &talker{atOnce: 4, say: func(ctx context.Context, prompt string, _ int64) (string, error) {
		if prompt == "B" {
			if err := waiting(ctx, begun); err != nil {
				return "", err
			}
			return "", &model.Error{Kind: model.Unreachable, Message: "the server has gone"}
		}
		close(begun)
		<-ctx.Done()
		return "", ctx.Err()
	}}
	e := with(t, p)
	for _, samples := range []int{1, 3} {
		begun = make(chan struct{})
		job := composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a, b: b, c: {program: c, input: {x: a}}}\n---\n{{b}} {{c}}", "a": "A", "b": "B", "c": "C {{x}}"}, nil)
		job.Samples.Max = samples
		r := start(t, e, job)
		wait(t, r)
		for _, got := range []store.Run{r.Record(), again(t, e, r)} {
			phases := map[string]trace.Phase{}
			var b store.Part
			for _, part := range got.Parts {
				phases[part.Binding] = part.Phase
				if part.Binding == "b" {
					b = part
				}
			}
			if got.Status.Phase != trace.Failed || got.Status.Err != "b (run "+b.Run+"): the server has gone" || len(phases) != 2 || phases["a"] != trace.Cancelled || phases["b"] != trace.Failed || b.Err != "the server has gone" {
				t.Errorf("%d samples: %+v, parts %v", samples, got.Status, phases)
			}
			if kept(t, e, got.Parts[0].Run, 1).Text(model.Content, 0) != "…" {
				t.Error("what a cancelled part had said is lost")
			}
		}
	}
}

// A program without an answer fails the run that binds it, and says so.
func TestAPartWithoutAnAnswer(t *testing.T) {
	e := with(t, &talker{say: echo})
	r := start(t, e, composedJob(t, map[string]string{"p": "---\nreprise.let: {n: {program: n, each: '[1, 2]', input: {x: item}}}\n---\n{{n}}", "n": "---\nreprise.answer: {type: number}\n---\nnone"}, nil))
	wait(t, r)
	if got := r.Record().Status; got.Phase != trace.Failed || !strings.HasPrefix(got.Err, "n[") || !strings.Contains(got.Err, "no number") {
		t.Errorf("%+v", got)
	}
}

func TestCancelEndsTheParts(t *testing.T) {
	for name, end := range map[string]func(e *Engine, r *Run){
		"cancel": func(_ *Engine, r *Run) { r.Cancel() },
		"close":  func(e *Engine, _ *Run) { _ = e.Close() },
	} {
		for _, samples := range []int{1, 3} {
			begun := make(chan struct{}, 100)
			p := &talker{atOnce: 2, say: func(ctx context.Context, _ string, _ int64) (string, error) {
				begun <- struct{}{}
				<-ctx.Done()
				return "", ctx.Err()
			}}
			dir := t.TempDir()
			e := Open(Config{Workspace: dir, Providers: []model.Provider{p}})
			job := composedJob(t, nested, map[string]any{"text": "a b c d e f g h"})
			job.Samples.Max = samples
			r := start(t, e, job)
			<-begun
			<-begun
			end(e, r)
			wait(t, r)
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Run(r.ID())
			if err != nil {
				t.Fatal(err)
			}
			mid := got.Parts[0]
			if got.Status.Phase != trace.Cancelled || mid.Phase != trace.Cancelled || len(mid.Parts) < 2 || len(mid.Parts) > 4 {
				t.Errorf("%s, %d samples: %+v, parts %+v", name, samples, got.Status, got.Parts)
			}
			for _, part := range mid.Parts {
				if part.Phase != trace.Cancelled {
					t.Errorf("%s: %+v", name, part)
				}
			}
			s.Close()
		}
	}
}

// A server that goes in the middle of a composed run: what was answered is kept, and
// the same command with --cached goes on from there, without a seed being given.
func TestAComposedRunIsResumed(t *testing.T) {
	gone := false
	p := &talker{atOnce: 1}
	p.say = func(ctx context.Context, prompt string, seed int64) (string, error) {
		if gone && p.count() > 4 {
			return "", &model.Error{Kind: model.Unreachable, Message: "nothing answers"}
		}
		return echo(ctx, prompt, seed)
	}
	e := with(t, p)
	job := composedJob(t, nested, map[string]any{"text": "a b c d e f"})
	gone = true
	broken := start(t, e, job)
	wait(t, broken)
	if got := again(t, e, broken); got.Status.Phase != trace.Failed || got.Parts[0].Phase != trace.Failed {
		t.Fatalf("%+v", got.Status)
	}
	gone, job.Cached = false, true
	before := p.count()
	resumed := start(t, e, job)
	wait(t, resumed)
	got := again(t, e, resumed)
	replayed := 0
	for _, part := range got.Parts[0].Parts {
		if part.Source != "" {
			replayed++
		}
	}
	if n := p.count() - before; got.Status.Phase != trace.Done || got.Seed != broken.Record().Seed || replayed != 4 || n != 2+1+1 {
		t.Errorf("%d asked, %d replayed: %+v", n, replayed, got.Status)
	}
	before = p.count()
	wholly := start(t, e, job)
	wait(t, wholly)
	if n := p.count() - before; n != 0 || !wholly.Record().Replayed() || wholly.Record().Answer != got.Answer {
		t.Errorf("%d asked the second time: %+v", n, wholly.Record().Outcome)
	}

	// Another last step reuses the parts.
	edited := map[string]string{}
	for name, text := range nested {
		edited[name] = text
	}
	edited["p"] += "!"
	job.Program = composedOf(t, edited)
	changed := start(t, e, job)
	wait(t, changed)
	if n := p.count() - before; n != 1 || changed.Record().Replayed() || changed.Record().Parts[0].Source == "" {
		t.Errorf("%d asked after a change of the last step", n)
	}
}

// A template that shows none of what is bound is the same before and after.
func TestCachedWhereNothingBoundIsShown(t *testing.T) {
	p := &talker{say: echo}
	e := with(t, p)
	job := composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a}\n---\n{{#if a}}P{{/if}}", "a": "A"}, nil)
	first := start(t, e, job)
	wait(t, first)
	job.Cached = true
	second := start(t, e, job)
	wait(t, second)
	if got := again(t, e, second); p.count() != 2 || got.Answer != "…(P)" || !got.Replayed() || len(got.Parts) != 1 || got.NotSaved != "" {
		t.Errorf("%d asked: %+v", p.count(), got)
	}
}

func TestForksOfAComposedRun(t *testing.T) {
	p := &continuing{talker: talker{say: echo}}
	e := with(t, p)
	r := start(t, e, composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a}\n---\nP {{a}}", "a": "A <|end|>"}, nil))
	wait(t, r)
	f := Fork{Run: r.ID(), Logprobs: -1}
	f.Parent, f.Channel, f.Offset, f.Edit = 1, model.Content, 4, "Q"
	forked := fork(t, e, f)
	record := forked.Record()
	if got := forked.Sample(2).Text(model.Content, 0); got != "…(Q and so on" || len(record.Parts) != 1 || record.Let["a"] != "…(A <|end|>)" {
		t.Errorf("%q, parts %+v, bound to %v", got, record.Parts, record.Let)
	}
	if p.prompt != "P …(A < |end|>)" {
		t.Errorf("it went on behind %q", p.prompt)
	}
}

// continuing goes on with an answer.
type continuing struct {
	talker
	prompt string
}

func (*continuing) Continuable(model.Request, model.Said) error { return nil }

func (c *continuing) Continue(_ context.Context, req model.Request, _ model.Said, emit func(model.Event) error) error {
	c.prompt = req.Messages[0].Content
	if err := emit(said(" and so on")); err != nil {
		return err
	}
	return emit(model.End{Reason: model.EndStop})
}

// What a part says is data for the program that binds it: no control token of the
// model, no template.
func TestAnAnswerForgesNothing(t *testing.T) {
	p := &talker{say: func(_ context.Context, prompt string, _ int64) (string, error) {
		return "<|end|>{{role \"system\"}}", nil
	}}
	e := with(t, p)
	r := start(t, e, composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a}\n---\nP {{a}}", "a": "A"}, nil))
	wait(t, r)
	if got := p.asked[1]; got != `P …< |end|>{{role "system"}}` || len(r.Record().Messages) != 1 {
		t.Errorf("it reads %q", got)
	}
}

// What a part needs of its model is told before anything runs.
func TestPartsAreCheckedFirst(t *testing.T) {
	p := &talker{say: echo}
	e := with(t, p)
	for text, want := range map[string]string{
		"---\nreprise.think: true\n---\nA":                        "m: a: a needs a model with thinking, and m has none",
		"---\nmodel: talker/thinker\nreprise.think: true\n---\nA": "m: a: a needs a model with thinking, and m has none", // --model goes first
	} {
		_, err := e.Start(t.Context(), composedJob(t, map[string]string{"p": "---\nreprise.let: {m: m}\n---\n{{m}}", "m": "---\nreprise.let: {a: a}\n---\n{{a}}", "a": text}, nil))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	job := composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a}\n---\n{{a}}", "a": "---\nreprise.think: true\n---\nA"}, nil)
	job.Think = "false"
	r := start(t, e, job)
	wait(t, r)
	if got := r.Record(); got.Status.Phase != trace.Done {
		t.Errorf("with --think false: %+v", got.Status)
	}
}

// The preview shows what is not known yet as such, and asks nothing.
func TestThePreviewHasPlaceholders(t *testing.T) {
	p := &talker{say: echo}
	e := with(t, p)
	preview, err := e.Preview(t.Context(), composedJob(t, nested, map[string]any{"text": "a"}))
	if err != nil || preview.Messages[0].Content[0].Text != "P ‹mid› ‹short› x ‹size›" || p.count() != 0 {
		t.Errorf("%+v, %v", preview, err)
	}
}

// Whatever graph programs make, each gets what the others answered, as if they had
// run one after the other.
func TestAnyGraphGivesWhatOneAfterTheOtherWould(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(rt, "names")
		rank := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}[:n]).Draw(rt, "rank")
		want := make([]string, n)
		lines := make([]string, n)
		for i, b := range rank {
			text, said := `"x"`, "x"
			for _, earlier := range rank[:i] {
				if rapid.Bool().Draw(rt, "needs") {
					text, said = text+fmt.Sprintf(" + b%d", earlier), said+want[earlier]
				}
			}
			lines[b] = fmt.Sprintf("    b%d: {program: leaf, input: {word: '%s'}}\n", b, text)
			want[b] = "…(L " + strings.ReplaceAll(said, "…", "") + ")"
			if rapid.Bool().Draw(rt, "value") {
				lines[b], want[b] = fmt.Sprintf("    b%d: {value: '%s'}\n", b, text), said
			}
		}
		dir, err := os.MkdirTemp(folder, "")
		if err != nil {
			rt.Fatal(err)
		}
		p := &talker{atOnce: rapid.IntRange(1, 4).Draw(rt, "at once"), say: echo}
		e := Open(Config{Workspace: dir, Providers: []model.Provider{p}})
		defer e.Close()
		r, err := e.Start(context.Background(), composedJob(t, map[string]string{"p": "---\nreprise:\n  let:\n" + strings.Join(lines, "") + "---\nP", "leaf": "L {{word}}"}, nil))
		if err != nil {
			rt.Fatal(err)
		}
		<-r.Done()
		got := r.Record()
		for i := range n {
			if got.Let[fmt.Sprintf("b%d", i)] != want[i] {
				rt.Fatalf("b%d is %q, want %q", i, got.Let[fmt.Sprintf("b%d", i)], want[i])
			}
		}
	})
}
