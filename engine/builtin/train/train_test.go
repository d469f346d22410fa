package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/ollama/ollama/tokenizer"

	"reprise/engine/builtin/tasks"
)

func tokens(t testing.TB) *Tokenizer {
	t.Helper()
	tok, err := loadTokenizer("tokenizer.json")
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// ollamas is Ollama's own encoder over the same vocabulary.
func ollamas(tok *Tokenizer) tokenizer.BytePairEncoding {
	v := &tokenizer.Vocabulary{Values: tok.Vocab, Types: make([]int32, len(tok.Vocab))}
	for i := range v.Types {
		v.Types[i] = tokenizer.TOKEN_TYPE_NORMAL
	}
	for i, s := range specials {
		v.Types[i] = tokenizer.TOKEN_TYPE_CONTROL
		if strings.Contains(s, "think") {
			v.Types[i] = tokenizer.TOKEN_TYPE_USER_DEFINED
		}
	}
	for _, m := range tok.Merges {
		v.Merges = append(v.Merges, m[0]+" "+m[1])
	}
	return tokenizer.NewBytePairEncoding(v, `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`)
}

// tied tells whether a text repeats a token that merges with itself, as "..."
// does: which two dots join first is not fixed in Ollama's encoder.
func tied(tok *Tokenizer, text string) bool {
	for _, m := range tok.Merges {
		if m[0] == m[1] && len(m[0]) == 1 && strings.Contains(text, strings.Repeat(m[0], 3)) {
			return true
		}
	}
	return false
}

func sameAsOllama(t testing.TB, tok *Tokenizer, ollama tokenizer.BytePairEncoding, text string) {
	t.Helper()
	if tied(tok, text) {
		return
	}
	want, err := ollama.Encode(text, false)
	if err != nil {
		t.Fatal(err)
	}
	got := tok.Encode(nil, text)
	if len(got) != len(want) {
		t.Fatalf("%q: %d tokens, Ollama's %d: %v, %v", text, len(got), len(want), got, want)
	}
	for i := range got {
		if int32(got[i]) != want[i] {
			t.Fatalf("%q: token %d is %d, Ollama's %d", text, i, got[i], want[i])
		}
	}
}

func TestEncodesAsOllamaDoes(t *testing.T) {
	tok := tokens(t)
	ollama := ollamas(tok)
	rng := tasks.Rand(3, 3)
	for range 300 {
		var text strings.Builder
		for _, s := range tasks.Sample(rng) {
			text.WriteString(s.Text)
		}
		sameAsOllama(t, tok, ollama, text.String())
	}
	for _, text := range []string{"", " ", "  a", "a  \n\n b\r\n", "don't I'LL we'd 'x", "Größe, 東京!", "\t\tx = 3;\n", "<|end|><think>x</think><x", "  "} {
		sameAsOllama(t, tok, ollama, text)
	}
}

func FuzzEncodesAsOllamaDoes(f *testing.F) {
	tok := tokens(f)
	ollama := ollamas(tok)
	for _, s := range []string{"it's 12+30", " \n x", "<think>", "é\u00a0x", "a\r\n\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Ollama's encoder reads runes, and folds the case of the long s; both
		// take a time that grows with the square of a word.
		if len(text) > 2000 || strings.ToValidUTF8(text, "") != text || strings.Contains(text, "ſ") {
			t.Skip("skipped: a text that Ollama's encoder reads otherwise, or a long one")
		}
		sameAsOllama(t, tok, ollama, text)
	})
}

func TestVocabulary(t *testing.T) {
	tok := tokens(t)
	if len(tok.Vocab) != 1024 || len(tok.number) != 1024 {
		t.Fatalf("%d tokens, %d of them different", len(tok.Vocab), len(tok.number))
	}
	for i, v := range tok.Vocab[len(specials):] {
		if len(v) > 1 && strings.ContainsAny(v, "0123456789") {
			t.Errorf("token %d, %q, joins a digit", i, v)
		}
	}
}

func TestLearningIsDeterministic(t *testing.T) {
	a, b := trainTokenizer(5, 300, 400), trainTokenizer(5, 300, 400)
	if !reflect.DeepEqual(a.Merges, b.Merges) || len(a.Merges) != 400-len(specials)-256 {
		t.Fatal("one seed learned two vocabularies")
	}
	if c := trainTokenizer(6, 300, 400); reflect.DeepEqual(a.Merges, c.Merges) {
		t.Fatal("another seed learned the same vocabulary")
	}
}

// Weights follow the segments, and no token reaches across a break.
func TestWeightsFollowSegments(t *testing.T) {
	tok := tokens(t)
	ids, weights := tok.EncodeSample([]tasks.Segment{
		{Text: "<|user|>What is 1 + 2?<|end|><|assistant|>", Weight: .1},
		{Text: "The answer is 3.", Weight: 1},
		{Text: "\n", Weight: .5, Break: true},
	})
	if len(ids) != len(weights) || ids[0] != bosToken || weights[0] != 0 {
		t.Fatalf("%d tokens, %d weights, the first %d of weight %d", len(ids), len(weights), ids[0], weights[0])
	}
	var pieces [101]string
	for i, id := range ids[1:] {
		pieces[weights[i+1]] += tok.Vocab[id]
	}
	if pieces[100] != "TheĠanswerĠisĠ3." || pieces[50] != "Ċ" || !strings.HasSuffix(pieces[10], "<|assistant|>") {
		t.Fatalf("weights 1: %q, .5: %q, .1: %q", pieces[100], pieces[50], pieces[10])
	}
}

// countedWriter takes a number of bytes, then is closed.
type countedWriter struct {
	bytes.Buffer
	most int
}

func (w *countedWriter) Write(p []byte) (int, error) {
	if w.Len() >= w.most {
		return 0, io.ErrClosedPipe
	}
	return w.Buffer.Write(p)
}

func TestStreamHoldsWholeBatchesWithinTheBudget(t *testing.T) {
	const budget = 4096
	tok := tokens(t)
	w := &countedWriter{most: 2 << 20}
	if err := stream(w, tok, 1, budget); err != io.ErrClosedPipe {
		t.Fatalf("the stream ended with %v", err)
	}
	data, batches := w.Bytes(), 0
	for len(data) >= 8 {
		rows, columns := int(binary.LittleEndian.Uint32(data)), int(binary.LittleEndian.Uint32(data[4:]))
		size := rows * columns
		if rows == 0 || columns == 0 || size > budget {
			t.Fatalf("batch %d has %d rows of %d", batches, rows, columns)
		}
		if len(data) < 8+3*size {
			break
		}
		ids, weights := data[8:8+2*size], data[8+2*size:8+3*size]
		for i := range size {
			id := binary.LittleEndian.Uint16(ids[2*i:])
			if int(id) >= len(tok.Vocab) || i%columns == 0 && id != bosToken || id == padToken && weights[i] != 0 {
				t.Fatalf("batch %d: token %d at %d, weight %d", batches, id, i%columns, weights[i])
			}
		}
		data, batches = data[8+3*size:], batches+1
	}
	if batches < 20 {
		t.Fatalf("only %d batches", batches)
	}
}

func BenchmarkStream(b *testing.B) {
	tok := tokens(b)
	rng := tasks.Rand(1, sampleStream)
	encoded := 0
	for b.Loop() {
		ids, _ := tok.EncodeSample(tasks.Sample(rng))
		encoded += len(ids)
	}
	b.ReportMetric(float64(encoded)/b.Elapsed().Seconds(), "tokens/s")
}
