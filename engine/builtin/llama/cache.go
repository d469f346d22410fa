package llama

// pageSize is how many positions a page holds. Attention goes through a
// sequence page by page, so that its sums do not depend on which pages it
// shares with others.
const pageSize = 64

// page holds the keys and values of pageSize positions. For each layer and key
// head the keys lie in rows of pageSize, a row for each element of the head;
// the values in rows of headWidth, a row for each position.
type page struct {
	keys, values []float32
}

func (m *Model) newPage() *page {
	if p, ok := m.free.Get().(*page); ok {
		return p // what it holds is overwritten before it counts
	}
	n := len(m.layers) * m.keyHeads * m.headWidth * pageSize
	return &page{keys: make([]float32, n), values: make([]float32, n)}
}

func (m *Model) key(p *page, layer, head int) []float32 {
	n := m.headWidth * pageSize
	return p.keys[(layer*m.keyHeads+head)*n:][:n]
}

func (m *Model) value(p *page, layer, head int) []float32 {
	n := m.headWidth * pageSize
	return p.values[(layer*m.keyHeads+head)*n:][:n]
}

// Sequence is a text that the model has read, with what it keeps of it. It is
// for one goroutine at a time; its forks share what they have in common, and
// do not touch each other.
type Sequence struct {
	model *Model
	pages []*page
	own   int // pages from this one on belong to this sequence alone
	ids   []int32
}

// NewSequence makes an empty sequence.
func (m *Model) NewSequence() *Sequence { return &Sequence{model: m} }

// Len is the number of tokens read.
func (s *Sequence) Len() int { return len(s.ids) }

// Tokens are the tokens read. The slice is the sequence's own.
func (s *Sequence) Tokens() []int32 { return s.ids }

// Fork gives a sequence of the first n tokens, and shares what the model keeps
// of them.
func (s *Sequence) Fork(n int) *Sequence {
	n = min(n, len(s.ids))
	pages := (n + pageSize - 1) / pageSize
	s.own = max(s.own, pages)
	return &Sequence{model: s.model, pages: append([]*page(nil), s.pages[:pages]...), own: pages, ids: append([]int32(nil), s.ids[:n]...)}
}

// Release gives back what belongs to the sequence alone, for others to use. The
// sequence must not be used any more; its forks stay as they are.
func (s *Sequence) Release() {
	for _, p := range s.pages[min(s.own, len(s.pages)):] {
		s.model.free.Put(p)
	}
	s.pages, s.ids = nil, nil
}

// grow makes room for tokens that are about to be read. A page that others see
// is copied before it is written to.
func (s *Sequence) grow(ids []int32) {
	last := len(s.ids) / pageSize
	if len(s.ids)%pageSize != 0 && last < s.own {
		p := s.model.newPage()
		copy(p.keys, s.pages[last].keys)
		copy(p.values, s.pages[last].values)
		s.pages[last], s.own = p, last
	}
	s.own = min(s.own, last)
	s.ids = append(s.ids, ids...)
	for len(s.pages)*pageSize < len(s.ids) {
		s.pages = append(s.pages, s.model.newPage())
	}
}

// write keeps the key and value of a position.
func (s *Sequence) write(layer, position int, key, value []float32) {
	m := s.model
	p, at := s.pages[position/pageSize], position%pageSize
	for head := range m.keyHeads {
		copy(m.value(p, layer, head)[at*m.headWidth:], value[head*m.headWidth:][:m.headWidth])
		rows := m.key(p, layer, head)
		for i, v := range key[head*m.headWidth:][:m.headWidth] {
			rows[i*pageSize+at] = v
		}
	}
}
