package template

import "fmt"

// block renders {{#…}} … {{/…}}.
func (e *evaluation) block(n *block) {
	name, simple := plainName(n.call.name)
	h, known := helpers[name]
	if !simple || !known {
		if len(n.call.params)+len(n.call.hash) == 0 {
			e.plainBlock(n)
		}
		return
	}
	if name == "role" && len(n.call.params) == 1 {
		e.roleBlock(n)
		return
	}
	if !h.block || len(n.call.params) < h.least {
		return
	}
	v := e.value(n.call.params[0])
	switch name {
	case "if":
		e.either(n, e.holds(v, n.call))
	case "unless":
		e.either(n, !e.holds(v, n.call))
	case "ifEquals":
		e.either(n, same(v.v, e.value(n.call.params[1]).v))
	case "unlessEquals":
		e.either(n, !same(v.v, e.value(n.call.params[1]).v))
	case "with":
		e.with(n, v)
	case "each":
		e.each(n, v)
	}
}

func (e *evaluation) either(n *block, yes bool) {
	if yes {
		e.nodes(n.body)
	} else {
		e.nodes(n.other)
	}
}

// holds is the condition of if and unless.
func (e *evaluation) holds(v value, c *call) bool {
	for _, h := range c.hash {
		if h.key == "includeZero" && truthy(e.value(h.value).v) {
			if n, ok := number(v.v); ok && n == 0 {
				return true
			}
		}
	}
	return truthy(v.v)
}

// plainBlock renders {{#value}}, a block that names no helper: the body once
// for each element of a list, with an object as its context, or if the value is
// true.
func (e *evaluation) plainBlock(n *block) {
	v := e.value(n.call.name)
	if _, ok := list(v.v); ok {
		e.each(n, v)
		return
	}
	if v.v == true {
		e.nodes(n.body)
		return
	}
	e.with(n, v)
}

func (e *evaluation) with(n *block, v value) {
	if !truthy(v.v) {
		e.nodes(n.other)
		return
	}
	e.within(frame{ctx: v, params: named(n.params, v)}, n.body)
}

// named binds block parameters.
func named(names []string, values ...value) map[string]value {
	if len(names) == 0 {
		return nil
	}
	out := make(map[string]value, len(names))
	for i, name := range names[:min(len(names), len(values))] {
		out[name] = values[i]
	}
	return out
}

func (e *evaluation) each(n *block, v value) {
	var names []string
	items, isList := list(v.v)
	if isList {
		names = make([]string, len(items))
		for i := range items {
			names[i] = fmt.Sprint(i)
		}
	} else {
		names, _ = keys(v.v)
	}
	if len(names) == 0 {
		e.nodes(n.other)
		return
	}
	for i, name := range names {
		if !e.step(n.place()) {
			return
		}
		item := v.get(name)
		key := value{v: name, found: true, kind: item.kind, path: item.path}
		if isList {
			key = value{v: i, found: true, kind: FromTemplate}
		}
		loop := map[string]value{
			"index": {v: i, found: true, kind: FromTemplate}, "key": key,
			"first": {v: i == 0, found: true, kind: FromTemplate}, "last": {v: i == len(names)-1, found: true, kind: FromTemplate},
		}
		e.within(frame{ctx: item, loop: loop, params: named(n.params, item, key)}, n.body)
	}
}

// roleBlock renders {{#role "system"}} … {{/role}}, which is not dotprompt but
// met in the wild: a message of that role, then back to the role before.
func (e *evaluation) roleBlock(n *block) {
	before := e.out.role
	if l, ok := n.call.params[0].(*literal); ok {
		role, _ := l.value.(string)
		e.out.setRole(Role(role))
	}
	e.nodes(n.body)
	e.out.setRole(before)
}
