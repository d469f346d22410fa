package llama

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/ollama/ollama/fs/ggml"
	"github.com/x448/float16"
)

// Load reads a model from the bytes of a GGUF file.
func Load(data []byte) (*Model, error) {
	file, err := ggml.Decode(bytes.NewReader(data), -1)
	if err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	kv := file.KV()
	if kv.Architecture() != "llama" {
		return nil, fmt.Errorf("read the model: its architecture is %q, want llama", kv.Architecture())
	}
	m := &Model{
		width: int(kv.EmbeddingLength()), heads: int(kv.HeadCountMax()), keyHeads: int(kv.HeadCountKVMax()),
		hidden: int(kv.Uint("feed_forward_length")), context: int(kv.ContextLength()),
		epsilon: kv.Float("attention.layer_norm_rms_epsilon"), layers: make([]layer, kv.BlockCount()),
	}
	if m.width == 0 || m.heads == 0 || m.keyHeads == 0 || m.context == 0 {
		return nil, fmt.Errorf("read the model: its description lacks a size")
	}
	m.headWidth = m.width / m.heads
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	m.rotations(float64(kv.Float("rope.freq_base", 1e4)))
	r := &tensors{data: data, start: file.Tensors().Offset, byName: map[string]*ggml.Tensor{}}
	for _, t := range file.Tensors().Items() {
		r.byName[t.Name] = t
	}
	m.read(r)
	if m.Tokens = newTokens(kv); r.err == nil && len(m.Tokens.pieces) != m.embedding.used {
		r.err = fmt.Errorf("%d tokens and %d embeddings", len(m.Tokens.pieces), m.embedding.used)
	}
	if r.err != nil {
		return nil, fmt.Errorf("read the model: %w", r.err)
	}
	return m, nil
}

func (m *Model) read(r *tensors) {
	keys := m.keyHeads * m.headWidth
	m.embedding = r.matrix(m.width, part{"token_embd.weight", 0})
	m.output = m.embedding
	if r.byName["output.weight"] != nil {
		m.output = r.matrix(m.width, part{"output.weight", 0})
	}
	m.norm = r.vector("output_norm.weight", m.width)
	for i := range m.layers {
		name := func(s string) string { return fmt.Sprintf("blk.%d.%s.weight", i, s) }
		m.layers[i] = layer{
			attentionNorm: r.vector(name("attn_norm"), m.width),
			feedNorm:      r.vector(name("ffn_norm"), m.width),
			qkv:           r.matrix(m.width, part{name("attn_q"), m.width}, part{name("attn_k"), keys}, part{name("attn_v"), keys}),
			project:       r.matrix(m.width, part{name("attn_output"), m.width}),
			gateUp:        r.matrix(m.width, part{name("ffn_gate"), m.hidden}, part{name("ffn_up"), m.hidden}),
			down:          r.matrix(m.hidden, part{name("ffn_down"), m.width}),
		}
	}
}

// tensors reads weights; the first error stays.
type tensors struct {
	data   []byte
	start  uint64 // of the weights in data
	byName map[string]*ggml.Tensor
	err    error
}

func (r *tensors) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *tensors) vector(name string, n int) []float32 {
	out := make([]float32, n)
	r.fill(name, out)
	return out
}

// part is a tensor that is some rows of a matrix; 0 rows: as many as it has.
type part struct {
	name string
	rows int
}

func (r *tensors) matrix(cols int, parts ...part) matrix {
	rows := 0
	for i, p := range parts {
		if t := r.byName[p.name]; t != nil && p.rows == 0 {
			parts[i].rows = int(t.Elements()) / cols
		}
		rows += parts[i].rows
	}
	m := newMatrix(rows, cols)
	at := m.data
	for _, p := range parts {
		r.fill(p.name, at[:p.rows*cols])
		at = at[p.rows*cols:]
	}
	return m
}

// fill reads a tensor of just so many elements.
func (r *tensors) fill(name string, out []float32) {
	t := r.byName[name]
	if t == nil {
		r.fail("it has no tensor %s", name)
		return
	}
	if t.Elements() != uint64(len(out)) {
		r.fail("%s has %d elements, want %d", name, t.Elements(), len(out))
		return
	}
	from := r.start + t.Offset
	if from > uint64(len(r.data)) || t.Size() > uint64(len(r.data))-from {
		r.fail("%s lies behind the end of the file", name)
		return
	}
	data := r.data[from : from+t.Size()]
	switch kind := ggml.TensorType(t.Kind); kind {
	case ggml.TensorTypeF32:
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
	case ggml.TensorTypeF16:
		for i := range out {
			out[i] = float16.Frombits(binary.LittleEndian.Uint16(data[2*i:])).Float32()
		}
	case ggml.TensorTypeQ8_0: // blocks of 32 signed bytes behind their scale
		for b := 0; b*32 < len(out); b++ {
			block := data[34*b:]
			scale := float16.Frombits(binary.LittleEndian.Uint16(block)).Float32()
			for i := range 32 {
				out[32*b+i] = scale * float32(int8(block[2+i]))
			}
		}
	default:
		r.fail("%s is of type %s; F32, F16 and Q8_0 can be read", name, kind)
	}
}
