package llama

import (
	"os"
	"path/filepath"
	"testing"
	"math"
	"fmt"
)

func tiny(t testing.TB) *Model {
	data, err := os.ReadFile(filepath.Join("/work/shared/models", "tinycot-f16.gguf"))
	if err != nil { t.Skip("skipped: no model") }
	m, err := Load(data)
	if err != nil { t.Fatal(err) }
	return m
}

func TestTry(t *testing.T) {
	m := tiny(t)
	ids, err := m.Tokens.Prompt("<|user|>Tom has 12 apples. Tom buys 30 more apples and then gives away 7. How many apples does Tom have now? Let's think step by step.<|end|><|assistant|>")
	if err != nil { t.Fatal(err) }
	s := m.NewSequence()
	in := ids
	text := ""
	for range 60 {
		out, err := m.Read(t.Context(), Input{Sequence: s, Tokens: in})
		if err != nil { t.Fatal(err) }
		best, at := math.Inf(-1), int32(0)
		for i, v := range out[0][0] { if float64(v) > best { best, at = float64(v), int32(i) } }
		if m.Tokens.Ends(at) { break }
		text += m.Tokens.Piece(at)
		in = []int32{at}
	}
	fmt.Println(len(ids), text, m.Parameters())
}

func BenchmarkDecode(b *testing.B) {
	m := tiny(b)
	ids, _ := m.Tokens.Prompt("<|user|>Tom has 12 apples. Tom buys 30 more apples and then gives away 7. How many apples does Tom have now? Let's think step by step.<|end|><|assistant|>")
	for _, n := range []int{1, 8} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := m.NewSequence()
			m.Read(b.Context(), Input{Sequence: p, Tokens: ids})
			var seqs []*Sequence
			k := 0
			for b.Loop() {
				if k%100 == 0 { seqs = seqs[:0]; for range n { seqs = append(seqs, p.Fork(p.Len())) } }
				k++
				var ins []Input
				for _, s := range seqs { ins = append(ins, Input{Sequence: s, Tokens: []int32{500}}) }
				if _, err := m.Read(b.Context(), ins...); err != nil { b.Fatal(err) }
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

func BenchmarkPrompt500(b *testing.B) {
	m := tiny(b)
	ids := make([]int32, 500)
	for i := range ids { ids[i] = int32(100+i) }
	for b.Loop() {
		s := m.NewSequence()
		if _, err := m.Read(b.Context(), Input{Sequence: s, Tokens: ids}); err != nil { b.Fatal(err) }
	}
}
func BenchmarkLoad(b *testing.B) {
	data, _ := os.ReadFile("/work/shared/models/tinycot-f16.gguf")
	for b.Loop() { if _, err := Load(data); err != nil { b.Fatal(err) } }
}
