package editor

import (
	"regexp"
	"strings"
)

// yamlLine reads one line of front matter.
type yamlLine struct {
	text   string
	at     int
	state  state
	tokens []token
	flow   int // depth of [ and {
}

// scanYAML colours a line of front matter. It knows what people write there:
// mappings, sequences, quoted and block strings, flow collections, comments.
func scanYAML(text string, before state) ([]token, state) {
	y := yamlLine{text: text, state: before}
	indent := len(text) - len(strings.TrimLeft(text, " "))
	switch {
	case before.quote != 0:
		y.quoted(0)
	case before.block >= 0:
		if strings.TrimSpace(text) == "" {
			return nil, before
		}
		if indent > int(before.block) {
			return []token{{indent, len(text), stringValue}}, before
		}
		y.state.block = -1
	}
	for y.at < len(text) {
		y.step()
	}
	return y.tokens, y.state
}

func (y *yamlLine) add(end int, k kind) {
	if end > y.at {
		y.tokens = append(y.tokens, token{y.at, end, k})
	}
	y.at = end
}

// step reads what begins at the current byte.
func (y *yamlLine) step() {
	c := y.text[y.at]
	blankAfter := y.at+1 == len(y.text) || y.text[y.at+1] == ' '
	switch {
	case c == ' ' || c == '\t':
		y.at++
	case c == '#' && (y.at == 0 || y.text[y.at-1] == ' ' || y.text[y.at-1] == '\t'):
		y.add(len(y.text), comment)
	case c == '"' || c == '\'':
		y.quotedOrKey(c)
	case strings.IndexByte("[]{},", c) >= 0:
		y.bracket(c)
	case (c == '-' || c == '?' || c == ':') && blankAfter:
		y.add(y.at+1, punctuation)
	case (c == '|' || c == '>') && blockHeader.MatchString(y.text[y.at:]):
		y.add(y.at+len(blockHeader.FindString(y.text[y.at:])), punctuation)
		y.state.block = int16(min(y.parent(), 1<<14))
	case c == '&' || c == '*' || c == '!':
		y.add(y.at+len(word.FindString(y.text[y.at:])), constant)
	default:
		y.plain()
	}
}

var (
	blockHeader = regexp.MustCompile(`^[|>][+\-0-9]*[ \t]*(#.*)?$`)
	word        = regexp.MustCompile(`^[^ \t,\[\]{}]+`)
	numeric     = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|^0[xo][0-9a-fA-F]+$`)
	literal     = regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE|null|Null|NULL|~|yes|no|on|off)$`)
)

func (y *yamlLine) bracket(c byte) {
	if c == '[' || c == '{' {
		y.flow++
	} else if c != ',' {
		y.flow--
	}
	y.add(y.at+1, punctuation)
}

// parent is the indentation of the key or the entry that a block string
// belongs to.
func (y *yamlLine) parent() int {
	indent := len(y.text) - len(strings.TrimLeft(y.text, " "))
	for _, t := range y.tokens {
		if t.kind == key {
			return t.start
		}
	}
	return indent
}

// quotedOrKey reads a quoted string, which is a key where a colon follows.
func (y *yamlLine) quotedOrKey(mark byte) {
	y.state.quote = mark
	from := y.at
	y.quoted(from + 1)
	if rest := y.text[y.at:]; y.state.quote == 0 && (strings.HasPrefix(rest, ": ") || rest == ":") {
		y.tokens[len(y.tokens)-1].kind = key
	}
}

// quoted reads on in a quoted string, from a byte up to its end or the line's.
func (y *yamlLine) quoted(from int) {
	mark := y.state.quote
	for i := from; i < len(y.text); i++ {
		switch {
		case mark == '"' && y.text[i] == '\\':
			i++
		case mark == '\'' && strings.HasPrefix(y.text[i:], "''"):
			i++
		case y.text[i] == mark:
			y.state.quote = 0
			y.add(i+1, stringValue)
			return
		}
	}
	y.add(len(y.text), stringValue)
}

// plain reads a scalar without quotation marks, or a key.
func (y *yamlLine) plain() {
	end := len(y.text)
	for i := y.at; i < end; i++ {
		c := y.text[i]
		if c == ':' && (i+1 == len(y.text) || y.text[i+1] == ' ') {
			y.add(i, key)
			return
		}
		if c == '#' && y.text[i-1] == ' ' || y.flow > 0 && strings.IndexByte(",[]{}", c) >= 0 {
			end = i
		}
	}
	value := strings.TrimRight(y.text[y.at:end], " \t")
	switch {
	case numeric.MatchString(value):
		y.add(y.at+len(value), number)
	case literal.MatchString(value):
		y.add(y.at+len(value), constant)
	case value == "":
		y.at = max(end, y.at+1)
	default:
		y.add(y.at+len(value), stringValue)
	}
}
