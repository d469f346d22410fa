package buffer

import "time"

// historyLimit bounds the removed text that is kept, in bytes. The latest
// group is always kept.
const historyLimit = 32 << 20

// pause is how long typing may rest within one undo group.
const pause = 2 * time.Second

// kind says what an edit was, for grouping.
type kind uint8

const (
	other kind = iota
	typing
	erasing       // backwards
	erasingOnward // forwards
)

// change is one splice, kept so that it can be taken back: put removed in
// place of what stands between start and end.
type change struct {
	start, end Pos
	removed    []line
}

// group is what one undo takes back.
type group struct {
	changes       []change
	before, after uint64 // revisions
	from, to      caret
	kind          kind
	sealed        bool
	at            time.Time
	size          int
}

type history struct {
	undo, redo []group
	size       int // of undo, in bytes
	limit      int
	open       *group // while an edit runs
}

// edit runs f as one step of the history. Edits within f belong to it. It
// reports whether the text changed.
func (b *Buffer) edit(k kind, f func()) bool {
	h := &b.history
	if h.open != nil {
		n := len(h.open.changes)
		f()
		return len(h.open.changes) > n
	}
	h.open = &group{before: b.revision, from: b.caret, kind: k}
	f()
	g := *h.open
	h.open = nil
	if len(g.changes) == 0 {
		return false
	}
	b.latest++
	b.revision = b.latest
	b.caret.cursor, b.caret.anchor = b.Clamp(b.caret.cursor), b.Clamp(b.caret.anchor)
	g.after, g.to, g.at = b.revision, b.caret, b.now()
	h.redo = nil
	if !b.merge(g) {
		h.undo = append(h.undo, g)
	}
	h.size += g.size
	h.trim()
	return true
}

// replace is the one way in which edits change the text.
func (b *Buffer) replace(start, end Pos, with []line) Pos {
	if start == end && len(with) == 1 && with[0].text == "" {
		return start
	}
	removed, newEnd := b.splice(start, end, with)
	g := b.history.open
	g.changes = append(g.changes, change{start, newEnd, removed})
	g.size += sizeOf(removed)
	return newEnd
}

// merge adds a group of one small edit to the one before where a person would
// take them for one: typing or erasing within a word, without a pause.
func (b *Buffer) merge(g group) bool {
	undo := b.history.undo
	if len(undo) == 0 || g.kind == other || len(g.changes) != 1 {
		return false
	}
	last := &undo[len(undo)-1]
	if last.kind != g.kind || last.sealed || last.to != g.from || g.at.Sub(last.at) > pause {
		return false
	}
	c, p := g.changes[0], &last.changes[len(last.changes)-1]
	if c.start.Line != c.end.Line || len(c.removed) != 1 || b.wordStarts(g.kind, *p, c) {
		return false
	}
	if g.kind == typing && c.removed[0].text == "" && p.end == c.start {
		p.end = c.end
	} else {
		last.changes = append(last.changes, c)
	}
	last.after, last.to, last.at = g.after, g.to, g.at
	last.size += g.size
	return true
}

// wordStarts reports whether a change begins another word than the one before
// it was in.
func (b *Buffer) wordStarts(k kind, before, c change) bool {
	if k == typing {
		text := b.lines[c.start.Line].text
		return classBefore(text, c.start.Byte) == space && classAfter(text, c.start.Byte) != space
	}
	now, then := classAfter(c.removed[0].text, 0), classAfter(before.removed[0].text, 0)
	if k == erasing {
		now, then = then, now // backwards a word begins with the space behind it
	}
	return then == space && now != space
}

// seal ends the group that typing would go on with.
func (b *Buffer) seal() {
	if undo := b.history.undo; len(undo) > 0 {
		undo[len(undo)-1].sealed = true
	}
}

// CanUndo and CanRedo report whether there is something to take back, or to do
// again.
func (b *Buffer) CanUndo() bool { return len(b.history.undo) > 0 }

// CanRedo reports whether an undo can be taken back.
func (b *Buffer) CanRedo() bool { return len(b.history.redo) > 0 }

// Undo takes back the latest group and puts the cursor where it was before it.
func (b *Buffer) Undo() bool {
	h := &b.history
	if len(h.undo) == 0 {
		return false
	}
	g := h.undo[len(h.undo)-1]
	h.undo = h.undo[:len(h.undo)-1]
	h.size -= g.size
	h.redo = append(h.redo, b.revert(g))
	b.seal()
	return true
}

// Redo does again what the latest undo took back.
func (b *Buffer) Redo() bool {
	h := &b.history
	if len(h.redo) == 0 {
		return false
	}
	g := h.redo[len(h.redo)-1]
	h.redo = h.redo[:len(h.redo)-1]
	done := b.revert(g)
	h.undo = append(h.undo, done)
	h.size += done.size
	return true
}

// revert takes a group back and returns the group that takes the reverting
// back.
func (b *Buffer) revert(g group) group {
	inverse := group{before: g.after, after: g.before, from: g.to, to: g.from, kind: g.kind, sealed: true, at: g.at}
	for i := len(g.changes) - 1; i >= 0; i-- {
		c := g.changes[i]
		removed, end := b.splice(c.start, c.end, c.removed)
		inverse.changes = append(inverse.changes, change{c.start, end, removed})
		inverse.size += sizeOf(removed)
	}
	b.revision, b.caret = g.before, g.from
	return inverse
}

// trim forgets the oldest groups beyond the limit.
func (h *history) trim() {
	drop := 0
	for h.size > h.limit && drop < len(h.undo)-1 {
		h.size -= h.undo[drop].size
		h.undo[drop] = group{}
		drop++
	}
	h.undo = h.undo[drop:]
}

// sizeOf is about what a removed text takes in memory.
func sizeOf(lines []line) int {
	n := 64
	for _, l := range lines {
		n += len(l.text) + 24
	}
	return n
}
