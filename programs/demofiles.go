package programs

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
)

// fromFile reads demonstrations from a file beside the program.
func (f *frontMatter) fromFile(n *document.Node) {
	name, _ := n.Text()
	file, err := f.p.beside(name)
	if err != nil {
		f.error(n, "unknown-file", fmt.Sprintf("the demonstrations %q cannot be read", name), err.Error())
		return
	}
	switch path.Ext(name) {
	case ".jsonl", ".ndjson":
		f.p.jsonLines(file)
	case ".csv":
		f.p.csv(file)
	default:
		f.error(n, "bad-value", fmt.Sprintf("the demonstrations %q are in no form that is known", name), "write them as JSON Lines (.jsonl) or CSV (.csv)")
	}
}

// beside reads a file beside the program into its closure.
func (p *Program) beside(name string) (partialFile, error) {
	if !fsPath(name) {
		return partialFile{}, errors.New("name a file in the program's folder or below it, as in d.jsonl")
	}
	file, err := p.in.file(name)
	if err == nil && len(file.text) > largest {
		err = errors.New("it has over 8 MiB")
	}
	if err != nil {
		return partialFile{}, err
	}
	if !slices.ContainsFunc(p.Closure, func(f File) bool { return f.Path == name }) {
		p.Closure = append(p.Closure, File{Path: name, Text: file.text})
	}
	return file, nil
}

// fsPath tells whether a name stays within the folder.
func fsPath(name string) bool {
	return name != "" && !path.IsAbs(name) && path.Clean(name) == name && name != ".." && !strings.HasPrefix(name, "../")
}

// mostDemos bounds the demonstrations of a program.
const mostDemos = 10_000

// afterMark is where a file's text begins: spreadsheets write a byte-order mark
// before it.
func afterMark(text string) int {
	return len(text) - len(strings.TrimPrefix(text, byteOrderMark))
}

// jsonLines takes a demonstration from each line that is not empty.
func (p *Program) jsonLines(file partialFile) {
	for at := afterMark(file.text); at < len(file.text); {
		l, _ := line(file.text, at)
		at = l.End + 1
		if strings.TrimSpace(file.text[l.Start:l.End]) == "" {
			continue
		}
		if len(p.shown) == mostDemos {
			p.badFile(file, l, "too-large", fmt.Sprintf("over %d demonstrations", mostDemos), "keep the best")
			return
		}
		if err := json.Unmarshal([]byte(file.text[l.Start:l.End]), new(json.RawMessage)); err != nil {
			where := l
			if failed := new(json.SyntaxError); errors.As(err, &failed) {
				where.Start = min(l.End, l.Start+max(0, int(failed.Offset)-1))
			}
			p.badFile(file, where, "bad-json", "this line is not JSON: "+err.Error(), "each line is one demonstration, as in {\"question\": \"2 + 2\", \"answer\": 4}")
			return
		}
		// JSON is YAML, and that reader knows the place of each value.
		n, ds := document.Parse(file.path, file.text, l)
		for i := range ds {
			ds[i].Message, ds[i].Hint = strings.TrimPrefix(ds[i].Message, "this is not YAML: "), ""
		}
		if p.Diagnostics = append(p.Diagnostics, ds...); ds.Err() != nil {
			return
		}
		p.shown = append(p.shown, demonstration{n, file.path, file.text})
	}
}

func (p *Program) badFile(file partialFile, at source.Span, code, message, hint string) {
	p.Diagnostics = append(p.Diagnostics, source.At(file.path, file.text, at, source.Error, code, message, hint))
}

// csv takes a demonstration from each row below the first, which names the
// columns.
func (p *Program) csv(file partialFile) {
	t := newTable(file.text)
	names, err := t.Read()
	if err == nil && !p.columns(file, t, names) {
		return
	}
	for err == nil {
		var row []string
		if row, err = t.Read(); err != nil {
			break
		}
		n := &document.Node{Map: true}
		for i, value := range row {
			span := t.span(i, value)
			n.Keys, n.Places = append(n.Keys, names[i]), append(n.Places, span)
			n.Items = append(n.Items, &document.Node{Span: span, Scalar: p.cell(names[i], value)})
		}
		n.Span = source.Span{Start: n.Places[0].Start, End: n.Places[len(n.Places)-1].End}
		if len(p.shown) == mostDemos {
			p.badFile(file, n.Span, "too-large", fmt.Sprintf("over %d demonstrations", mostDemos), "keep the best")
			return
		}
		p.shown = append(p.shown, demonstration{n, file.path, file.text})
	}
	if failed := new(csv.ParseError); errors.As(err, &failed) {
		start := t.offset(failed.Line, failed.Column)
		p.badFile(file, source.Span{Start: start, End: start}, "bad-csv", failed.Err.Error(), "the first row names the columns, and each row has as many; text with a comma or a quote stands in quotes")
	} else if err != nil && err != io.EOF {
		p.badFile(file, source.Span{}, "bad-csv", err.Error(), "")
	}
}

// columns checks the names of a table's columns.
func (p *Program) columns(file partialFile, t *table, names []string) bool {
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		switch {
		case names[i] == "":
			p.badFile(file, t.span(i, name), "bad-csv", fmt.Sprintf("column %d has no name", i+1), "the first row names the columns")
			return false
		case slices.Contains(names[:i], names[i]):
			p.badFile(file, t.span(i, name), "bad-csv", fmt.Sprintf("two columns are named %q", names[i]), "give one another name")
			return false
		}
	}
	return true
}

// table reads CSV and knows where its fields stand in the file.
type table struct {
	*csv.Reader
	text  string
	mark  int   // bytes before the table
	lines []int // where each line begins
}

func newTable(text string) *table {
	t := &table{text: text, mark: afterMark(text)}
	t.Reader = csv.NewReader(strings.NewReader(text[t.mark:]))
	t.lines = []int{t.mark}
	for i := t.mark; i < len(text); i++ {
		if text[i] == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// span is where a field of the row that was read last stands.
func (t *table) span(field int, value string) source.Span {
	start := t.offset(t.FieldPos(field))
	return source.Span{Start: start, End: min(start+len(value), len(t.text))}
}

// offset is the byte at a line and a column in bytes, both from 1.
func (t *table) offset(line, column int) int {
	return min(t.lines[min(max(line, 1), len(t.lines))-1]+max(0, column-1), len(t.text))
}

// cell is a value of a table as the schema that knows its name wants it: an
// empty cell is no value where no text is wanted. Otherwise it is text.
func (p *Program) cell(name, text string) any {
	for _, s := range []*schema.Schema{p.Meta.Input, p.Meta.Output} {
		if s == nil {
			continue
		}
		for _, f := range s.Fields() {
			if f.Name != name || f.Type == "array" || f.Type == "object" {
				continue
			}
			if text == "" && f.Type != "string" && f.Type != "any" {
				return nil
			}
			if v, err := Coerce(f, text); err == nil {
				return v
			}
		}
	}
	return text
}
