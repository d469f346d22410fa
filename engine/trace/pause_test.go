package trace

import (
	"testing"
	"time"

	"reprise/engine/model"
)

// A pause ends as what it was before, and takes no time.
func TestAPauseTakesNoTime(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	tr.Append(model.Text{Channel: model.Thinking, Text: "First we look."})
	tr.Pause()
	tr.Pause()
	before := tr.Status()
	tr.pause.since = tr.pause.since.Add(-time.Hour) // the pause has lasted for an hour
	tr.status.Started = tr.status.Started.Add(-time.Hour)
	if s := tr.Status(); s.Phase != Paused || s.Elapsed != before.Elapsed {
		t.Errorf("%+v, was %+v", s, before)
	}
	tr.Resume()
	tr.Resume()
	if s := tr.Status(); s.Phase != Thinking {
		t.Errorf("it is %s", s.Phase)
	}
	tr.Pause()
	tr.Append(model.End{})
	ended := tr.Status().Elapsed
	tr.Finish(Cancelled, "")
	tr.Resume()
	if s := tr.Status(); s.Phase != Cancelled || s.Elapsed != ended {
		t.Errorf("%+v", s)
	}
}

// What is paused in another process has run for as long as that one says.
func TestAPauseElsewhere(t *testing.T) {
	tr := Restore(Recorded{Status: Status{Phase: Paused, Started: time.Now().Add(-time.Hour), Elapsed: time.Second}})
	if s := tr.Status(); s.Phase != Paused || s.Elapsed != time.Second {
		t.Errorf("%+v", s)
	}
}
