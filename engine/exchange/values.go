package exchange

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// object is a value of JSON by its keys.
type object map[string]json.RawMessage

// has reports whether it has all of these keys, with something but null.
func (o object) has(keys ...string) bool {
	for _, k := range keys {
		if len(o[k]) == 0 || string(o[k]) == "null" {
			return false
		}
	}
	return true
}

// is reports whether a key's value begins as what is looked for does: '{', '[', '"'.
func (o object) is(key string, first byte) bool { return len(o[key]) > 0 && o[key][0] == first }

// first is the value of the first of some keys that it has; nil where it has none.
func (o object) first(keys ...string) json.RawMessage {
	for _, k := range keys {
		if o.has(k) {
			return o[k]
		}
	}
	return nil
}

// values reads a file of JSON values, in lines or as one document: a list, or an
// object with a list of results.
type values struct {
	in    *input
	yield func(recording) bool
	over  bool          // nobody wants more
	when  time.Time     // of the whole, where the file tells
	open  *ollamaStream // an answer that goes on in the next value
}

func (v *values) each(yield func(recording) bool) error {
	v.yield = yield
	for !v.over && v.in.more() {
		if err := v.top(); err != nil {
			return err
		}
	}
	if v.over {
		return nil
	}
	if err := v.flush(); err != nil {
		return err
	}
	return v.in.end()
}

// top reads a value at the top of the file.
func (v *values) top() error {
	at := v.in.place()
	t, err := v.in.token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return v.list()
	case json.Delim('{'):
		o, err := v.object()
		if err != nil || o == nil {
			return err
		}
		return v.one(at, o)
	}
	return fmt.Errorf("%s: %v is no recorded answer; "+seeHelp, at, t)
}

const seeHelp = "`reprise help import` tells what can be read"

// list reads the elements of a list.
func (v *values) list() error {
	for !v.over && v.in.more() {
		at := v.in.place()
		raw, err := v.in.value()
		if err != nil {
			return err
		}
		var o object
		if err := json.Unmarshal(raw, &o); err != nil || o == nil {
			return fmt.Errorf("%s: %.40s is no recorded answer; "+seeHelp, at, raw)
		}
		if err := v.one(at, o); err != nil {
			return err
		}
	}
	if v.over {
		return nil
	}
	_, err := v.in.token()
	return err
}

// object reads an object. One with results is read result by result, and nil.
func (v *values) object() (object, error) {
	o, streamed := object{}, false
	for !v.over && v.in.more() {
		key, err := v.in.token()
		if err != nil {
			return nil, err
		}
		if key != "results" {
			raw, err := v.in.value()
			if err != nil {
				return nil, err
			}
			o[key.(string)] = raw
			if key == "timestamp" || key == "createdAt" {
				v.when = moment(raw)
			}
			continue
		}
		switch t, err := v.in.token(); {
		case err != nil:
			return nil, err
		case t == json.Delim('['):
			streamed = true
			err = v.list()
			if err != nil {
				return nil, err
			}
		case t == json.Delim('{'):
			streamed = true
			inner, err := v.object()
			if err == nil && inner != nil {
				err = fmt.Errorf("%s: the results hold no list of results; "+seeHelp, v.in.place())
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if v.over {
		return nil, nil
	}
	if _, err := v.in.token(); err != nil {
		return nil, err
	}
	if streamed {
		return nil, nil
	}
	return o, nil
}

// one takes one value for what it looks like.
func (v *values) one(at string, o object) error {
	if v.isOllama(o) {
		return v.ollama(at, o)
	}
	if err := v.flush(); err != nil {
		return err
	}
	for _, form := range forms {
		if !form.fits(o) {
			continue
		}
		rec, err := form.read(o)
		if err != nil {
			return misfit(at, form.name, err)
		}
		rec.place = at
		if rec.form == "" {
			rec.form = form.name
		}
		if rec.started.IsZero() {
			rec.started = v.when
		}
		v.over = !v.yield(rec)
		return nil
	}
	return fmt.Errorf("%s: an object with the keys %s is no recorded answer of a known form; "+seeHelp, at, keysOf(o))
}

// form is how another tool writes what it recorded.
type form struct {
	name string
	fits func(object) bool
	read func(object) (recording, error)
}

// forms are tried in order.
var forms = []form{
	{"promptfoo results", isPromptfoo, readPromptfoo},
	{"OpenAI batch output", isBatch, readBatch},
	{"OpenAI chat completion", isCompletion, readCompletion},
	{"request with its response", isExchange, readExchange},
	{"prompts with outputs", isPlain, readPlain},
	{"conversations", isConversation, readConversation},
}

// keysOf lists the keys of an object, some of many.
func keysOf(o object) string {
	var keys []string
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	more := ""
	if len(keys) > 8 {
		keys, more = keys[:8], " …"
	}
	return strings.Join(keys, ", ") + more
}

// moment reads a time: RFC 3339, or seconds since 1970, or milliseconds. Zero: it is
// none.
func moment(raw json.RawMessage) time.Time {
	var text string
	var number float64
	switch {
	case json.Unmarshal(raw, &text) == nil:
		if t, err := time.Parse(time.RFC3339Nano, text); err == nil && sane(t) {
			return t
		}
	case json.Unmarshal(raw, &number) == nil && number > 0 && number < 8e9:
		return time.Unix(int64(number), 0)
	case number >= 8e9 && number < 8e12:
		return time.UnixMilli(int64(number))
	}
	return time.Time{}
}

// duration is a time in some unit, 0 where it is nothing that can be.
func duration(n float64, unit time.Duration) time.Duration {
	if n > 0 && n < 1e18/float64(unit) {
		return time.Duration(n * float64(unit))
	}
	return 0
}
