package tracepane

import (
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// Intents about the tree of samples.
type (
	// ShowTree asks for the tree of the run's samples.
	ShowTree struct{}
	// NameSample asks for a name for a sample.
	NameSample struct{ Number int }
	// NoteSample asks for a note on a sample.
	NoteSample struct{ Number int }
	// CompareSample asks to compare a sample with another one.
	CompareSample struct{ Number int }
)

// branchActions are about the tree of samples and how they differ.
func branchActions() []action {
	return []action{
		{keymap.Action{ID: "trace.tree", Title: "The tree of samples and forks", Short: "tree", Keys: []string{"v"}, Footer: true}, func(*Pane) any { return ShowTree{} }, nil},
		{keymap.Action{ID: "trace.compare", Title: "Compare the sample with another, step by step", Short: "compare", Keys: []string{"d"}, Footer: true}, func(p *Pane) any { return CompareSample{max(1, p.sample)} }, (*Pane).whyNotRecorded},
		{keymap.Action{ID: "trace.diverge", Title: "Where the sample parts from its parent or the base", Keys: []string{"D"}}, silent((*Pane).GoToFork), (*Pane).whyNoParent},
		{keymap.Action{ID: "trace.name", Title: "Name the sample"}, func(p *Pane) any { return NameSample{max(1, p.sample)} }, (*Pane).whyNotRecorded},
		{keymap.Action{ID: "trace.note", Title: "Write a note on the sample"}, func(p *Pane) any { return NoteSample{max(1, p.sample)} }, (*Pane).whyNotRecorded},
	}
}

func (p *Pane) whyNotRecorded() string {
	if p.record.NotSaved != "" {
		return "the run is not recorded"
	}
	return ""
}

func (p *Pane) whyNoParent() string {
	if p.fork().Parent == 0 && !p.gridShown() {
		return "the sample is no fork"
	}
	return ""
}

// fork is where the sample that is shown left its parent.
func (p *Pane) fork() store.Fork {
	s, _ := p.record.Sample(max(1, p.sample))
	return s.Fork
}

// GoToFork selects the step at which the sample that is shown left its parent; the
// first one of a sample that is no fork.
func (p *Pane) GoToFork() {
	f := p.fork()
	if f.Parent == 0 {
		p.window.Go(&p.doc, 0)
		p.seen()
		return
	}
	p.goToByte(f.Channel, f.Offset)
}

// goToByte selects the step in which a byte of a channel stands, or goes to the end
// where it stands in none yet.
func (p *Pane) goToByte(ch model.Channel, offset int) {
	_, number, ok := p.doc.tr.At(ch, offset)
	if !ok {
		p.end()
		return
	}
	if ch == model.Thinking && p.doc.folded {
		p.fold()
	}
	p.goTo(p.doc.numbered(number))
}

// noted is the note on the sample that is shown.
func (p *Pane) noted() *block {
	s, ok := p.record.Sample(max(1, p.sample))
	if !ok || s.Note == "" {
		return nil
	}
	return note(remark, "note: "+s.Note)
}

// Glyph stands for the kind of a step.
func Glyph(kind trace.Kind) screen.Text { return glyphs[kind] }
