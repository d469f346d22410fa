package main

import "reprise/engine/builtin/tasks"

// corpus is the words of the training texts while merges are found in it.
type corpus struct {
	words  [][]string
	counts []int
	pairs  map[[2]string]int
	where  map[[2]string]map[int]bool
}

// trainTokenizer finds the byte-pair merges of the given number of training
// texts, for a vocabulary of the given size. The same seed gives the same.
func trainTokenizer(seed uint64, samples, size int) *Tokenizer {
	counts := map[string]int{}
	var order []string
	rng := tasks.Rand(seed, tokenizerStream)
	count := func(w string) {
		if counts[w] == 0 {
			order = append(order, w)
		}
		counts[w]++
	}
	for range samples {
		text := ""
		for _, s := range tasks.Sample(rng) {
			text += s.Text
		}
		for text != "" {
			at, special := nextSpecial(text)
			pretokenise(text[:at], count)
			text = text[at+len(special):]
		}
	}
	t := &Tokenizer{Vocab: append([]string{}, specials...), Specials: specials, UserDefined: userDefined, Pre: "qwen2"}
	letters := byteLetters()
	t.Vocab = append(t.Vocab, letters[:]...)
	c := newCorpus(order, counts, letters)
	for len(t.Vocab) < size {
		best, ok := c.best()
		if !ok {
			break
		}
		t.Merges = append(t.Merges, best)
		t.Vocab = append(t.Vocab, best[0]+best[1])
		c.merge(best)
	}
	t.prepare()
	return t
}

func newCorpus(order []string, counts map[string]int, letters [256]string) *corpus {
	c := &corpus{pairs: map[[2]string]int{}, where: map[[2]string]map[int]bool{}}
	for i, w := range order {
		parts := make([]string, len(w))
		for j := range len(w) {
			parts[j] = letters[w[j]]
		}
		c.words, c.counts = append(c.words, parts), append(c.counts, counts[w])
		c.add(i, 1)
	}
	return c
}

// add counts the pairs of a word in or, with sign -1, out.
func (c *corpus) add(word, sign int) {
	parts := c.words[word]
	for i := range len(parts) - 1 {
		p := [2]string{parts[i], parts[i+1]}
		c.pairs[p] += sign * c.counts[word]
		if sign > 0 {
			if c.where[p] == nil {
				c.where[p] = map[int]bool{}
			}
			c.where[p][word] = true
		}
	}
}

// best is the most frequent pair, the greatest in order among equals.
func (c *corpus) best() (best [2]string, ok bool) {
	most := 1
	for p, n := range c.pairs {
		if n > most || n == most && ok && (p[0] > best[0] || p[0] == best[0] && p[1] > best[1]) {
			best, most, ok = p, n, true
		}
	}
	return best, ok
}

func (c *corpus) merge(pair [2]string) {
	for i := range c.where[pair] {
		c.add(i, -1)
		parts := c.words[i]
		out := make([]string, 0, len(parts))
		for j := 0; j < len(parts); j++ {
			if j+1 < len(parts) && parts[j] == pair[0] && parts[j+1] == pair[1] {
				out = append(out, pair[0]+pair[1])
				j++
				continue
			}
			out = append(out, parts[j])
		}
		c.words[i] = out
		c.add(i, 1)
	}
	delete(c.pairs, pair)
	delete(c.where, pair)
}
