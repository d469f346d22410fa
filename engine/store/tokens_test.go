package store

import (
	"reflect"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// Tokens and times come back as they were, whatever text has none.
func TestTokensAndTimesAreKept(t *testing.T) {
	s := open(t, t.TempDir())
	r, rec := begin(t, s, "solve", "v1")
	live := new(trace.Trace)
	live.Start(rec.began)
	top := []model.Token{{Text: " two", Logprob: -.25}, {Text: "\uFFFD", Logprob: -1.5}}
	for _, e := range []model.Text{
		{Channel: model.Thinking, Text: "no tokens, "},
		{Channel: model.Thinking, Text: "one two", Tokens: []model.Token{{Text: "one", Logprob: -.125}, {Text: " two", Logprob: -.25, Top: top}}},
		{Channel: model.Thinking, Text: " none\n"},
		{Channel: model.Thinking, Text: "世", Tokens: []model.Token{{Logprob: -3}, {Text: "世", Logprob: -4}}},
		{Channel: model.Content, Text: "So it is.", Tokens: []model.Token{{Text: "So it is.", Logprob: -5}}},
	} {
		rec.Append(e)
		live.Append(e)
		rec.flush()
	}
	live.Finish(trace.Done, "")
	if err := rec.Finish(Sample{Status: live.Status()}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Trace(r.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, ch := range []model.Channel{model.Thinking, model.Content} {
		if a, b := live.Tokens(ch, 0), got.Tokens(ch, 0); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: kept %+v, were %+v", ch, b, a)
		}
	}
	timing, ok := got.StepTiming(got.Steps(0)[0])
	if !ok || timing.Begin < 0 || timing.Begin > time.Minute || timing.Took < 0 {
		t.Errorf("%v, %v", timing, ok)
	}
}

// A store that kept tokens as JSON, in events of their own, is read as before.
func TestTokensOfAnOlderStore(t *testing.T) {
	s := open(t, t.TempDir())
	r, rec := begin(t, s, "solve", "v1")
	rec.Append(model.Text{Channel: model.Content, Text: "It is 35."})
	rec.flush()
	rec.mu.Lock()
	rec.addJSON(kindTokens+string(model.Content), 0, []model.Token{{Text: " 35.", Logprob: -1, Top: []model.Token{{Text: " 53.", Logprob: -2}}}})
	rec.mu.Unlock()
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done}}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Trace(r.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []trace.Token{{Token: model.Token{Text: " 35.", Logprob: -1, Top: []model.Token{{Text: " 53.", Logprob: -2}}}, Start: 5}}
	if tokens := got.Tokens(model.Content, 0); !reflect.DeepEqual(tokens, want) {
		t.Errorf("%+v", tokens)
	}
}

// Tokens in events of their own, as older stores have them, come with their text.
func TestSaidHasTokensOfOlderStores(t *testing.T) {
	s := open(t, t.TempDir())
	r, rec := begin(t, s, "solve", "v1")
	rec.Append(model.Text{Channel: model.Content, Text: "It is 4"})
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done, Started: r.Status.Started}}); err != nil {
		t.Fatal(err)
	}
	db, err := s.writer()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO events (sample, number, kind, at, data) SELECT id, 1, 'tokens:content', 0, CAST('[{"text":" is","logprob":-1},{"text":" 4","logprob":-2}]' AS BLOB) FROM samples`); err != nil {
		t.Fatal(err)
	}
	var got []Said
	if err := s.Said(r.ID, 1, func(said Said) error { got = append(got, said); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || string(got[0].Text) != "It is 4" || len(got[0].Tokens) != 2 || got[0].Tokens[0].Start != 2 || got[0].Tokens[1].Text != " 4" {
		t.Errorf("got %+v", got)
	}
}
