package comparepane

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/keymap"
)

// Actions lists what the pane can do.
func Actions() []keymap.Action {
	own := []keymap.Action{
		{ID: "compare.next", Title: "Next difference", Short: "next", Keys: []string{"]", "n", "j"}, Footer: true},
		{ID: "compare.previous", Title: "Difference before", Short: "before", Keys: []string{"[", "N", "k"}, Footer: true},
		{ID: "compare.first", Title: "First difference in what was said", Short: "first", Keys: []string{"f"}, Footer: true},
		{ID: "compare.left", Title: "Choose what is on the left", Short: "left", Keys: []string{"l"}, Footer: true},
		{ID: "compare.right", Title: "Choose what is on the right", Short: "right", Keys: []string{"r"}, Footer: true},
		{ID: "compare.swap", Title: "Swap the sides", Short: "swap", Keys: []string{"x"}, Footer: true},
		{ID: "compare.run", Title: "Run both sides on the same inputs", Short: "run both", Keys: []string{"R"}, Footer: true},
		{ID: "compare.section", Title: "Show all, the program, or what was said", Short: "section", Keys: []string{"s"}, Footer: true},
		{ID: "compare.steps", Title: "What was said step by step, or line by line", Short: "steps", Keys: []string{"t"}, Footer: true},
		{ID: "compare.unified", Title: "Side by side, or one below the other", Short: "unified", Keys: []string{"u"}, Footer: true},
		{ID: "compare.whole", Title: "Show equal lines, or fold them", Short: "equal lines", Keys: []string{"e", "space"}, Footer: true},
		{ID: "compare.copy", Title: "Copy the differences as diff -u writes them", Keys: []string{"y"}},
		{ID: "compare.up", Title: "Up", Keys: []string{"up"}},
		{ID: "compare.down", Title: "Down", Keys: []string{"down"}},
		{ID: "compare.half-up", Title: "Half a page up", Keys: []string{"ctrl+u"}},
		{ID: "compare.half-down", Title: "Half a page down", Keys: []string{"ctrl+d"}},
		{ID: "compare.page-up", Title: "Page up", Keys: []string{"pgup"}},
		{ID: "compare.page-down", Title: "Page down", Keys: []string{"pgdown"}},
		{ID: "compare.top", Title: "Go to the beginning", Keys: []string{"home", "g"}},
		{ID: "compare.end", Title: "Go to the end", Keys: []string{"end", "G"}},
	}
	for i := range own {
		own[i].Context = "compare"
	}
	return own
}

// Do performs one of the pane's actions.
func (p *Pane) Do(action string) (any, tea.Cmd) {
	if p.Disabled(action) != "" {
		return nil, nil
	}
	switch action {
	case "compare.next":
		p.changeBy(1)
	case "compare.previous":
		p.changeBy(-1)
	case "compare.first":
		p.goTo(max(0, p.doc.parts))
	case "compare.steps":
		p.steps = !p.steps
		p.doc.one = false
		p.rebuild()
		p.window.Go(&p.doc, 0)
	case "compare.left", "compare.right":
		return ChooseSide{Right: (action == "compare.right") != p.swapped}, nil
	case "compare.run":
		return RunSides{}, nil
	case "compare.swap":
		p.swapped = !p.swapped
		p.rebuild()
	case "compare.section":
		p.nextSection()
	case "compare.unified":
		p.chosen = unified
		if p.doc.shape.unified {
			p.chosen = sideBySide
		}
	case "compare.whole":
		p.doc.whole = !p.doc.whole
		p.doc.opened = map[fold]bool{}
		p.rebuild()
	case "compare.copy":
		return Copy{p.shown.unifiedDiff(p.byStep())}, nil
	default:
		p.travel(action)
	}
	return nil, nil
}

func (p *Pane) travel(action string) {
	page := max(1, p.window.Height-2)
	rows := map[string]int{
		"compare.up": -1, "compare.down": 1, "compare.half-up": -max(1, page/2), "compare.half-down": max(1, page/2),
		"compare.page-up": -page, "compare.page-down": page,
	}
	switch action {
	case "compare.top":
		p.window.Go(&p.doc, 0)
	case "compare.end":
		p.window.End(&p.doc)
	default:
		p.window.Move(&p.doc, rows[action])
	}
}

// changeBy goes to the difference after or before the one gone to last, or
// else after or before what is at the top.
func (p *Pane) changeBy(direction int) {
	next := p.at + direction
	if p.at < 0 {
		next = p.nearest(direction)
	}
	p.goTo(next)
}

// goTo goes to a difference, where there is one of that number.
func (p *Pane) goTo(change int) {
	if change < 0 || change >= len(p.doc.changes) {
		return
	}
	p.at = change
	p.window.Reveal(&p.doc, p.doc.changes[change])
}

// BySteps makes the pane compare what was said step by step, until a person wants it
// line by line.
func (p *Pane) BySteps() { p.steps = true }

// byStep reports whether what was said is compared step by step.
func (p *Pane) byStep() bool {
	return p.steps && p.shown.left.Trace != nil && p.shown.right.Trace != nil
}

// differing is how many lines or steps differ in what is shown.
func (p *Pane) differing() int {
	n := 0
	for of, r := range p.shown.results {
		if section(of).in(p.byStep()) {
			n += r.Changed + r.Deleted + r.Inserted
		}
	}
	return n
}

// nearest is the first difference from the top of the window on, or the last
// one above it.
func (p *Pane) nearest(direction int) int {
	for i, at := range p.doc.changes {
		if at >= p.window.Top.Item {
			if direction < 0 {
				return i - 1
			}
			return i
		}
	}
	if direction < 0 {
		return len(p.doc.changes) - 1
	}
	return len(p.doc.changes)
}

// nextSection goes round: everything, then each text that is there.
func (p *Pane) nextSection() {
	of := programSection
	if p.doc.one {
		of = p.doc.only + 1
	}
	for of < sections && (!of.in(p.byStep()) || p.shown.left.lacks(of) && p.shown.right.lacks(of)) {
		of++
	}
	p.doc.one, p.doc.only = of < sections, of
	p.rebuild()
	p.window.Go(&p.doc, 0)
}

// Disabled is why an action cannot be done now; empty where it can.
func (p *Pane) Disabled(action string) string {
	switch {
	case !p.compares():
		return "nothing is being compared"
	case (action == "compare.next" || action == "compare.previous" || action == "compare.first") && len(p.doc.changes) == 0,
		action == "compare.copy" && p.differing() == 0:
		return "nothing differs"
	case action == "compare.steps" && (p.shown.left.Trace == nil || p.shown.right.Trace == nil):
		return "only two runs or samples said something in steps"
	}
	return ""
}
