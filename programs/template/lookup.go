package template

// value is what an expression stands for.
func (e *evaluation) value(x expr) value {
	switch x := x.(type) {
	case *literal:
		return value{v: x.value, found: true, kind: FromTemplate}
	case *path:
		return e.lookup(x)
	case *call:
		name, _ := plainName(x.name)
		if h := helpers[name]; (name == "json" || name == "lookup") && len(x.params) >= h.least {
			return e.helperValue(name, x)
		}
	}
	return value{kind: FromTemplate}
}

// lookup finds what a path stands for.
func (e *evaluation) lookup(p *path) value {
	if p.data {
		return e.lookupData(p)
	}
	at := len(e.frames) - 1 - p.up
	if at < 0 {
		return value{kind: FromInput}
	}
	f := e.frames[at]
	v, parts := f.ctx, p.parts
	if !p.scoped && len(parts) > 0 {
		if found, ok := e.parameter(parts[0]); ok {
			v, parts = found, parts[1:]
		}
	}
	if len(parts) == len(p.parts) && len(parts) > 0 {
		if given, ok := f.hash[parts[0]]; ok {
			v, parts = given, parts[1:]
		}
	}
	for _, name := range parts {
		v = v.get(name)
	}
	return v
}

// parameter finds a block parameter.
func (e *evaluation) parameter(name string) (value, bool) {
	for i := len(e.frames) - 1; i >= 0; i-- {
		if v, ok := e.frames[i].params[name]; ok {
			return v, true
		}
		if e.frames[i].border {
			break
		}
	}
	return value{}, false
}

// lookupData finds @root, @index and such, and the context variables.
func (e *evaluation) lookupData(p *path) value {
	if len(p.parts) == 0 {
		return value{kind: FromContext}
	}
	name := p.parts[0]
	var v value
	switch name {
	case "root":
		v = e.frames[0].ctx
	case "index", "key", "first", "last":
		up := p.up
		for i := len(e.frames) - 1; i >= 0; i-- {
			if e.frames[i].loop == nil {
				continue
			}
			if up == 0 {
				v = e.frames[i].loop[name]
				break
			}
			up--
		}
	default:
		x, ok := e.env.Context[name]
		v = value{v: x, found: ok, kind: FromContext, path: []string{name}}
	}
	for _, part := range p.parts[1:] {
		v = v.get(part)
	}
	return v
}
