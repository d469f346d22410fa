package llama

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func weights(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../tiny.gguf")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func load(t testing.TB) *Model {
	t.Helper()
	m, err := Load(weights(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t testing.TB, m *Model, inputs ...Input) [][][]float32 {
	t.Helper()
	out, err := m.Read(context.Background(), inputs...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ids are tokens at random, none of them special.
func ids(r *rand.Rand, m *Model, n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(20 + r.IntN(m.Tokens.Len()-20))
	}
	return out
}

func TestTokensRoundTrip(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, s := range m.Tokens.Special() {
			text = strings.ReplaceAll(text, s, "")
		}
		tokens, err := m.Tokens.Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		back := ""
		for _, id := range tokens {
			back += m.Tokens.Piece(id)
		}
		if back != text {
			t.Fatalf("%q comes back as %q", text, back)
		}
	})
}

func TestSpecialTokens(t *testing.T) {
	m := load(t)
	end := m.Tokens.ID("<|end|>")
	if got, err := m.Tokens.Encode("a<|end|>"); err != nil || len(got) < 2 || got[len(got)-1] != end {
		t.Errorf("encoded as %v, %v", got, err)
	}
	if !m.Tokens.Ends(end) || !m.Tokens.Control(end) || m.Tokens.Piece(end) != "" {
		t.Errorf("<|end|> ends %v, is control %v, stands for %q", m.Tokens.Ends(end), m.Tokens.Control(end), m.Tokens.Piece(end))
	}
	if think := m.Tokens.ID("<think>"); m.Tokens.Control(think) || m.Tokens.Piece(think) != "<think>" {
		t.Errorf("<think> stands for %q", m.Tokens.Piece(think))
	}
}

// TestLogitsDependOnTheTokensAlone reads the same tokens in different pieces,
// beside others, on forks, and wants the same logits to the last bit.
func TestLogitsDependOnTheTokensAlone(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(2, 300).Draw(t, "tokens")
		all := ids(r, m, n)
		whole := m.NewSequence()
		out, err := m.Read(context.Background(), Input{Sequence: whole, Tokens: all})
		if err != nil {
			t.Fatal(err)
		}
		want := out[0][0]

		// A fork of another's beginning, read in two pieces beside others.
		at := rapid.IntRange(0, n-1).Draw(t, "fork")
		other := whole.Fork(at)
		cut := rapid.IntRange(at, n-1).Draw(t, "cut")
		if cut > at {
			if _, err := m.Read(context.Background(), Input{Sequence: other, Tokens: all[at:cut]}); err != nil {
				t.Fatal(err)
			}
		}
		inputs := []Input{{Sequence: other, Tokens: all[cut:]}}
		for range rapid.IntRange(0, 6).Draw(t, "beside") {
			inputs = append(inputs, Input{Sequence: whole.Fork(r.IntN(n)), Tokens: ids(r, m, 1+r.IntN(70))})
		}
		if out, err = m.Read(context.Background(), inputs...); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out[0][0], want) {
			t.Fatalf("forked at %d and cut at %d, the logits are others", at, cut)
		}

		// What the forks read has not changed the first, nor do others that
		// get their pages.
		for _, in := range inputs {
			in.Sequence.Release()
		}
		if _, err := m.Read(context.Background(), Input{Sequence: m.NewSequence(), Tokens: ids(r, m, 200)}); err != nil {
			t.Fatal(err)
		}
		next := ids(r, m, 1)
		again, err := m.Read(context.Background(), Input{Sequence: whole, Tokens: next})
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := m.Read(context.Background(), Input{Sequence: m.NewSequence(), Tokens: append(slices.Clone(all), next...)})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again[0][0], fresh[0][0]) {
			t.Fatal("a fork changed what it was forked from")
		}
	})
}

func TestLogitsAfterEachToken(t *testing.T) {
	m := load(t)
	tokens := ids(rand.New(rand.NewPCG(1, 1)), m, 150)
	all := read(t, m, Input{Sequence: m.NewSequence(), Tokens: tokens, All: true})[0]
	if len(all) != len(tokens) {
		t.Fatalf("%d rows of logits for %d tokens", len(all), len(tokens))
	}
	for _, at := range []int{0, 63, 64, 127, 128, 149} {
		if want := read(t, m, Input{Sequence: m.NewSequence(), Tokens: tokens[:at+1]})[0][0]; !slices.Equal(all[at], want) {
			t.Errorf("the logits after token %d are others when read alone", at)
		}
	}
}

func TestTheAssemblyComputesWhatGoDoes(t *testing.T) {
	m := load(t)
	tokens := ids(rand.New(rand.NewPCG(3, 1)), m, 100)
	fast := read(t, m, Input{Sequence: m.NewSequence(), Tokens: tokens})[0][0]
	defer plainGo()()
	slow := read(t, m, Input{Sequence: m.NewSequence(), Tokens: tokens})[0][0]
	for i := range fast {
		if math.Abs(float64(fast[i]-slow[i])) > 2e-3 {
			t.Fatalf("logit %d is %v, in plain Go %v", i, fast[i], slow[i])
		}
	}
}

func TestTheContextIsALimit(t *testing.T) {
	m := load(t)
	s := m.NewSequence()
	tokens := ids(rand.New(rand.NewPCG(4, 1)), m, m.Context())
	read(t, m, Input{Sequence: s, Tokens: tokens})
	if _, err := m.Read(t.Context(), Input{Sequence: s, Tokens: tokens[:1]}); err == nil || !strings.Contains(err.Error(), "context") {
		t.Errorf("one token too many: %v", err)
	}
}

func TestCancelledReadingIsUndone(t *testing.T) {
	m := load(t)
	tokens := ids(rand.New(rand.NewPCG(5, 1)), m, 200)
	s := m.NewSequence()
	read(t, m, Input{Sequence: s, Tokens: tokens[:10]})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(ctx, Input{Sequence: s, Tokens: tokens[10:]}); !errors.Is(err, context.Canceled) || s.Len() != 10 {
		t.Fatalf("%v, %d tokens read", err, s.Len())
	}
	got := read(t, m, Input{Sequence: s, Tokens: tokens[10:]})[0][0]
	if want := read(t, m, Input{Sequence: m.NewSequence(), Tokens: tokens})[0][0]; !slices.Equal(got, want) {
		t.Error("after a cancelled reading the logits are others")
	}
}

func TestBrokenFilesAreErrors(t *testing.T) {
	data := weights(t)
	for name, broken := range map[string][]byte{
		"empty": nil, "no GGUF": []byte("GGUX and then some more bytes"), "cut in the header": data[:1000], "cut in the weights": data[:len(data)/2],
		"another architecture": []byte(strings.Replace(string(data), "\x05\x00\x00\x00\x00\x00\x00\x00llama", "\x05\x00\x00\x00\x00\x00\x00\x00qwen3", 1)),
	} {
		if _, err := Load(broken); err == nil || !strings.HasPrefix(err.Error(), "read the model") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	m := load(b)
	prompt := ids(rand.New(rand.NewPCG(6, 1)), m, 60)
	for _, n := range []int{1, 8} {
		b.Run(fmt.Sprintf("sequences=%d", n), func(b *testing.B) {
			start := m.NewSequence()
			read(b, m, Input{Sequence: start, Tokens: prompt})
			inputs := make([]Input, n)
			for step := 0; b.Loop(); step++ {
				if step%100 == 0 {
					for i := range inputs {
						inputs[i] = Input{Sequence: start.Fork(start.Len()), Tokens: prompt[:1]}
					}
				}
				read(b, m, inputs...)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

// BenchmarkPrompt reads a prompt of 500 tokens; -cpu 1 is one core.
func BenchmarkPrompt(b *testing.B) {
	m := load(b)
	prompt := ids(rand.New(rand.NewPCG(7, 1)), m, 500)
	for b.Loop() {
		read(b, m, Input{Sequence: m.NewSequence(), Tokens: prompt})
	}
}

func BenchmarkLoad(b *testing.B) {
	data := weights(b)
	for b.Loop() {
		if _, err := Load(data); err != nil {
			b.Fatal(err)
		}
	}
}
