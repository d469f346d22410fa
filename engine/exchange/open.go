package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// peeked is how much of a file is looked at to tell what it is.
const peeked = 64 << 10

// open finds out what a file is: Reprise traces, values of JSON, or text.
func open(name string, r io.Reader) (form string, lines feed, err error) {
	b := bufio.NewReaderSize(r, peeked)
	head, err := b.Peek(peeked)
	if len(head) == 0 {
		if err == nil || err == io.EOF {
			err = fmt.Errorf("%s: the file is empty", name)
		}
		return "", nil, err
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, mark) {
		head = head[len(mark):]
		if _, err := b.Discard(len(mark)); err != nil {
			return "", nil, err
		}
	}
	switch {
	case !isJSON(name, head):
		return "", convert(textFile{name, b}, name), nil
	case isOwn(head):
		return ownForm, &ownLines{in: newInput(name, b)}, nil
	}
	return "", convert(&values{in: newInput(name, b)}, name), nil
}

// isJSON tells by a file's name, and where that says nothing by how it begins.
func isJSON(name string, head []byte) bool {
	switch ext := strings.ToLower(path.Ext(name)); {
	case slices.Contains([]string{".json", ".jsonl", ".ndjson"}, ext):
		return true
	case slices.Contains([]string{".txt", ".md", ".markdown"}, ext):
		return false
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	return bytes.HasPrefix(head, []byte("{")) || bytes.HasPrefix(head, []byte("["))
}

// isOwn reports whether a file begins with the header of Reprise traces.
func isOwn(head []byte) bool {
	var h headerLine
	err := json.NewDecoder(bytes.NewReader(head)).Decode(&h)
	return err == nil && h.Format == Format
}
