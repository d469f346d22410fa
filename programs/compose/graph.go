package compose

import (
	"slices"
	"strings"
)

// Graph is the order in which bindings can be had.
type Graph struct {
	Needs  map[string][]string // what a binding takes from others, by its name
	Stages [][]string          // names; those of a stage need only those of earlier ones
}

// Cycle is bindings that need each other; the last needs the first.
type Cycle []string

func (c Cycle) String() string {
	return strings.Join(append(slices.Clone(c), c[0]), " → ")
}

// Order finds what the bindings need and their stages; cycle is nil where they
// have an order, and else holds one that keeps them from it. Names are in the
// order written wherever they may be.
func Order(bindings []Binding) (g Graph, cycle Cycle) {
	g.Needs = make(map[string][]string, len(bindings))
	known := make(map[string]bool, len(bindings))
	for _, b := range bindings {
		known[b.Name] = true
	}
	for i := range bindings {
		names := bindings[i].Names()
		g.Needs[bindings[i].Name] = slices.DeleteFunc(names, func(n string) bool { return !known[n] })
	}
	done := make(map[string]bool, len(bindings))
	for len(done) < len(known) {
		var stage []string
		for _, b := range bindings {
			if !done[b.Name] && !slices.Contains(stage, b.Name) && g.ready(b.Name, done) {
				stage = append(stage, b.Name)
			}
		}
		if stage == nil {
			return g, g.cycle(bindings, done)
		}
		for _, name := range stage {
			done[name] = true
		}
		g.Stages = append(g.Stages, stage)
	}
	return g, nil
}

// ready tells whether all that a binding needs is there.
func (g Graph) ready(name string, done map[string]bool) bool {
	return !slices.ContainsFunc(g.Needs[name], func(n string) bool { return !done[n] })
}

// cycle follows needs that are not met, from the first binding, until a name
// comes again.
func (g Graph) cycle(bindings []Binding, done map[string]bool) Cycle {
	at := bindings[slices.IndexFunc(bindings, func(b Binding) bool { return !done[b.Name] })].Name
	var path Cycle
	for {
		if i := slices.Index(path, at); i >= 0 {
			return path[i:]
		}
		path = append(path, at)
		next := slices.IndexFunc(g.Needs[at], func(n string) bool { return !done[n] })
		at = g.Needs[at][next]
	}
}
