package exchange

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"iter"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/template"
)

// recording is what another tool recorded of one request.
type recording struct {
	place           string // file:line
	form            string
	provider, model string
	messages        []template.Message // that were sent, as far as the file tells
	input           map[string]any
	started         time.Time // zero: the file does not tell
	answers         []*said
}

// recordings reads a file of another tool.
type recordings interface {
	each(yield func(recording) bool) error
}

// converted turns recordings into the lines of runs.
type converted struct {
	name string // of the file
	pull func() (recording, error, bool)
	stop func()
	at   string
	rest []any          // lines of the present recording
	met  map[string]int // how often each content came in the file
	now  time.Time
}

func convert(r recordings, name string) *converted {
	next, stop := iter.Pull2(func(yield func(recording, error) bool) {
		going := true
		err := r.each(func(rec recording) bool {
			going = yield(rec, nil)
			return going
		})
		if err != nil && going {
			yield(recording{}, err)
		}
	})
	return &converted{name: name, pull: next, stop: stop, at: name, met: map[string]int{}, now: time.Now()}
}

func (c *converted) place() string { return c.at }
func (c *converted) close()        { c.stop() }

func (c *converted) next() (any, error) {
	if len(c.rest) == 0 {
		rec, err, ok := c.pull()
		switch {
		case !ok:
			return nil, io.EOF
		case err != nil:
			return nil, err
		}
		c.at, c.rest = rec.place, c.lines(rec)
	}
	line := c.rest[0]
	c.rest = c.rest[1:]
	return line, nil
}

// lines are those of the run that a recording becomes.
func (c *converted) lines(rec recording) []any {
	name := programOf(c.name)
	closure := programs.Closure{{Path: "main.prompt", Text: programText(rec.form+" in "+c.name, rec.messages)}}
	run := &runLine{
		Program: name, Version: closure.Hash(), Input: rec.input, Messages: rendered(name, closure, rec.messages),
		Provider: cmp.Or(rec.provider, "imported"), Model: cmp.Or(rec.model, "unknown"), Origin: store.Origin{Form: rec.form, File: c.name},
		closure: closure,
	}
	if n := len(rec.answers); n > 1 {
		run.Plan = store.Plan{Samples: programs.Samples{Max: n}, Vote: vote.Majority}
		run.Phase = trace.Done
	}
	lines := []any{run}
	for i, a := range rec.answers {
		lines = append(lines, &sampleLine{Number: i + 1, Started: rec.started})
		lines = append(append(lines, a.lines()...), &a.end)
	}
	run.hash = c.hash(rec.messages, lines)
	if rec.started.IsZero() {
		for _, line := range lines {
			if s, ok := line.(*sampleLine); ok {
				s.Started = c.now
			}
		}
	}
	return lines
}

// hash sums up what a recording says, with how often the file has said it before:
// the same file brings the same, and what was drawn twice stays two.
func (c *converted) hash(messages []template.Message, lines []any) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, line := range lines {
		if r, ok := line.(*runLine); ok {
			line = []any{messages, r.Input, r.Provider, r.Model, r.Origin.Form}
		}
		_ = e.Encode(line) // a hash takes everything
	}
	content := hex.EncodeToString(h.Sum(nil))
	c.met[content]++
	return content + "#" + strconv.Itoa(c.met[content])
}

// programOf names the program of what a file holds, after the file.
func programOf(file string) string {
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	stem = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_. ", r) {
			return r
		}
		return '-'
	}, strings.ToValidUTF8(stem, "-"))
	runes := []rune(strings.Trim(strings.TrimLeft(stem, "._"), " ."))
	stem = strings.TrimSpace(string(runes[:min(len(runes), 80)]))
	return "imported/" + cmp.Or(stem, "traces")
}

// said is an answer as another tool recorded it.
type said struct {
	pieces []piece
	end    endLine
}

// piece is a text of a channel with tokens of its end, or a call, or a result.
type piece struct {
	channel model.Channel
	at      time.Duration
	text    string
	tokens  []model.Token
	call    *model.ToolCall
	result  *model.Result
}

func (s *said) say(ch model.Channel, at time.Duration, text string, tokens []model.Token) {
	if text != "" {
		s.pieces = append(s.pieces, piece{channel: ch, at: at, text: text, tokens: tokens})
	}
}

// all is what a channel says.
func (s *said) all(ch model.Channel) string {
	var b strings.Builder
	for _, p := range s.pieces {
		if p.channel == ch {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

func (s *said) lines() []any {
	var out []any
	for _, p := range s.pieces {
		switch {
		case p.call != nil:
			out = append(out, &callLine{At: p.at, ToolCall: *p.call})
		case p.result != nil:
			out = append(out, &resultLine{At: p.at, Result: *p.result})
		default:
			line := saidLine(store.Said{At: p.at, Channel: p.channel, Text: []byte(p.text), Tokens: trace.Placed(p.tokens, len(p.text)-trace.Bytes(p.tokens))}).(textLine)
			out = append(out, &line)
		}
	}
	return out
}

// finish ends an answer of which the reason and the figures are known.
func (s *said) finish() *said {
	s.unthink()
	e := &s.end
	e.Phase = cmp.Or(e.Phase, trace.Done)
	if e.Error != "" {
		e.Phase = trace.Failed
	}
	tokens := 0
	for _, p := range s.pieces {
		tokens += len(p.tokens)
	}
	e.Tokens = max(e.Tokens, e.Stats.Tokens, tokens)
	e.Truncated = e.Phase == trace.Done && e.Reason == model.EndLength && s.all(model.Thinking) != "" && s.all(model.Content) == ""
	return s
}

// failed is an answer that never came.
func failed(why string) *said {
	s := &said{end: endLine{Error: cmp.Or(why, "the file tells no reason")}}
	return s.finish()
}
