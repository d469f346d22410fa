package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

// input reads JSON values one after another and knows where it stands. It holds
// one value at a time.
type input struct {
	name    string // of the file
	decoder *json.Decoder
	lines   lineCounter
}

func newInput(name string, r io.Reader) *input {
	in := &input{name: name}
	in.lines.from = r
	in.decoder = json.NewDecoder(&in.lines)
	return in
}

// more reports whether a value follows; in a list or an object, before its end.
func (in *input) more() bool { return in.decoder.More() }

// place is where the next value begins, as "file:line".
func (in *input) place() string {
	return fmt.Sprintf("%s:%d", in.name, in.lines.line(in.decoder.InputOffset()))
}

// value reads the next value.
func (in *input) value() (json.RawMessage, error) {
	at := in.place()
	var raw json.RawMessage
	if err := in.decoder.Decode(&raw); err != nil {
		return nil, broken(at, err)
	}
	return raw, nil
}

// token reads the next token.
func (in *input) token() (json.Token, error) {
	at := in.place()
	t, err := in.decoder.Token()
	if err != nil {
		return nil, broken(at, err)
	}
	return t, nil
}

// end makes sure that nothing follows.
func (in *input) end() error {
	at := in.place()
	t, err := in.decoder.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return broken(at, err)
	}
	return fmt.Errorf("%s: %v stands behind the end of the values; take it out", at, t)
}

// broken says what is wrong with JSON, and what next.
func broken(at string, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%s: the file ends in the middle of a value; was it cut off while it was written or copied?", at)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: this is no JSON (%w); mend or take out that line", at, err)
	}
	return fmt.Errorf("%s: %w", at, err)
}

// misfit says which field of a value is not what it should be.
func misfit(at, what string, err error) error {
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) {
		return fmt.Errorf("%s: %s of %s is a %s, which cannot be", at, strings.Trim(typed.Field, "."), what, typed.Value)
	}
	return fmt.Errorf("%s: %s: %w", at, what, err)
}

// lineCounter counts lines up to a byte that has been read. Questions come in the
// order of the file, so that only the lines behind the last one are kept.
type lineCounter struct {
	from   io.Reader
	read   int64
	ends   []int64 // offsets of the line feeds behind the last question
	before int
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	for at := 0; ; {
		i := bytes.IndexByte(p[at:n], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		c.ends = append(c.ends, c.read+int64(at))
	}
	c.read += int64(n)
	return n, err
}

// line is the number of the line, from 1, of a byte.
func (c *lineCounter) line(offset int64) int {
	n := sort.Search(len(c.ends), func(i int) bool { return c.ends[i] > offset })
	c.before += n
	c.ends = append(c.ends[:0], c.ends[n:]...)
	return c.before + 1
}
