package llama

import (
	"strings"

	"github.com/ollama/ollama/fs/ggml"
	"github.com/ollama/ollama/tokenizer"
)

// Tokens are a model's vocabulary. They are safe for concurrent use.
type Tokens struct {
	encoder tokenizer.BytePairEncoding
	pieces  []string // the bytes that each token stands for
	control []bool   // tokens that stand for no text
	begin   []int32  // what a sequence begins with
	ends    map[int32]bool
}

// Types of tokens in GGUF.
const (
	controlToken     = 3
	userDefinedToken = 4
)

// qwen2 is how a text is cut before its bytes are paired, as llama.cpp does for
// tokenizer.ggml.pre = qwen2.
const qwen2 = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`

func newTokens(kv ggml.KV) *Tokens {
	v := &tokenizer.Vocabulary{
		Values: kv.Strings("tokenizer.ggml.tokens"), Types: kv.Ints("tokenizer.ggml.token_type"), Merges: kv.Strings("tokenizer.ggml.merges"),
		BOS: []int32{int32(kv.Uint("tokenizer.ggml.bos_token_id"))}, AddBOS: kv.Bool("tokenizer.ggml.add_bos_token", true),
	}
	t := &Tokens{
		encoder: tokenizer.NewBytePairEncoding(v, qwen2),
		pieces:  make([]string, len(v.Values)), control: make([]bool, len(v.Values)), ends: map[int32]bool{},
	}
	for _, id := range append(kv.Ints("tokenizer.ggml.eos_token_ids"), int32(kv.Uint("tokenizer.ggml.eos_token_id"))) {
		t.ends[id] = true
	}
	if v.AddBOS {
		t.begin = v.BOS
	}
	for i, value := range v.Values {
		switch v.Types[i] {
		case controlToken:
			t.control[i] = true
		case userDefinedToken:
			t.pieces[i] = value
		default:
			t.pieces[i] = unmapped(value)
		}
	}
	return t
}

// unmapped gives the bytes that a token's text stands for: byte-level
// vocabularies write a byte that is no visible character as another.
func unmapped(value string) string {
	var b strings.Builder
	for _, r := range value {
		switch {
		case r == 0x0100:
			b.WriteByte(0)
		case r == 0x0143:
			b.WriteByte(0xad)
		case r > 0x0100 && r <= 0x0120:
			b.WriteByte(byte(r - 0x0100))
		case r > 0x0120 && r <= 0x0142:
			b.WriteByte(byte(r - 0x00a2))
		default:
			b.WriteByte(byte(r))
		}
	}
	return b.String()
}

// Len is the number of tokens.
func (t *Tokens) Len() int { return len(t.pieces) }

// Piece is the bytes that a token stands for, none for control tokens.
func (t *Tokens) Piece(id int32) string { return t.pieces[id] }

// Control reports whether a token stands for no text.
func (t *Tokens) Control(id int32) bool { return t.control[id] }

// Ends reports whether a token ends what is generated.
func (t *Tokens) Ends(id int32) bool { return t.ends[id] }

// Special are the texts that are read as control, "<|end|>".
func (t *Tokens) Special() []string { return t.encoder.Vocabulary().SpecialVocabulary() }

// ID is the token of this text in the vocabulary, −1 where there is none.
func (t *Tokens) ID(text string) int32 { return t.encoder.Vocabulary().Encode(text) }

// Encode gives the tokens of a text, control tokens where they are written.
func (t *Tokens) Encode(text string) ([]int32, error) { return t.encoder.Encode(text, false) }

// Prompt gives the tokens of a text that a sequence begins with.
func (t *Tokens) Prompt(text string) ([]int32, error) {
	ids, err := t.Encode(text)
	return append(append([]int32(nil), t.begin...), ids...), err
}
