package tracepane

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// playing is a trace that is shown as it came.
type playing struct {
	of     *trace.Trace
	by     *trace.Playback
	at     time.Duration // age of the sample
	speed  int           // into speeds
	paused bool
	beats  bool      // a beat is on its way
	last   time.Time // of the last beat
}

// speeds are those at which a trace is played; 0 is as fast as it goes.
var speeds = []float64{.5, 1, 2, 8, 0}

// beat is the time between two pictures, and most how many bytes are said between them
// where it goes as fast as it can.
const (
	beat = time.Second / 30
	most = 2048
)

// beatMsg says that a beat is over.
type beatMsg struct {
	play *playing
	at   time.Time
}

func playActions() []action {
	return []action{
		{keymap.Action{ID: "trace.play", Title: "Play the trace as it came, pause, go on", Short: "play", Keys: []string{"R"}, Footer: true}, silent((*Pane).playOrPause), (*Pane).whyNoPlay},
		{keymap.Action{ID: "trace.faster", Title: "Play faster", Keys: []string{">"}}, by((*Pane).speedBy, 1), (*Pane).whyNotPlaying},
		{keymap.Action{ID: "trace.slower", Title: "Play slower", Keys: []string{"<"}}, by((*Pane).speedBy, -1), (*Pane).whyNotPlaying},
	}
}

func (p *Pane) whyNoPlay() string {
	switch {
	case p.play != nil:
		return ""
	case !p.doc.tr.Status().Phase.Ended():
		return "it goes on, and is shown as it comes"
	case !p.doc.tr.Timed():
		return "it is not known when it came"
	}
	return ""
}

func (p *Pane) whyNotPlaying() string {
	if p.play == nil {
		return "nothing is played; R plays the trace as it came"
	}
	return ""
}

func (p *Pane) playOrPause() {
	if p.play != nil {
		p.play.paused = !p.play.paused
		p.play.last = time.Time{}
		return
	}
	of := p.doc.tr
	by := of.Play()
	if by == nil {
		return
	}
	p.play = &playing{of: of, by: by, at: by.Began(), speed: 1}
	p.begin(by.Trace())
	p.Refresh(p.record)
}

func (p *Pane) speedBy(n int) { p.play.speed = max(0, min(p.play.speed+n, len(speeds)-1)) }

// beat gives the timer of what is played, where none runs.
func (p *Pane) beat() tea.Cmd {
	play := p.play
	if play == nil || play.paused || play.beats {
		return nil
	}
	play.beats = true
	return tea.Tick(beat, func(at time.Time) tea.Msg { return beatMsg{play, at} })
}

// beaten plays on. Beats of something that is no longer played are nothing.
func (p *Pane) beaten(msg beatMsg) {
	play := p.play
	if play == nil || msg.play != play {
		return
	}
	play.beats = false
	if play.paused {
		return
	}
	passed := beat
	if !play.last.IsZero() {
		passed = max(0, msg.at.Sub(play.last))
	}
	play.last = msg.at
	if play.advance(passed) {
		p.endPlay()
		return
	}
	p.Refresh(p.record)
}

// advance plays so much time, and reports whether that was all.
func (play *playing) advance(passed time.Duration) bool {
	if speed := speeds[play.speed]; speed > 0 {
		play.at += time.Duration(float64(passed) * speed)
		return play.by.Advance(play.at)
	}
	play.at = max(play.at+1, play.by.Reach(most))
	return play.by.Advance(play.at)
}

// endPlay shows all of the trace again, from the step on that is selected.
func (p *Pane) endPlay() {
	n, atEnd, tokens := p.doc.numberOf(p.selected), p.window.AtEnd, p.tokens
	of := p.play.of
	p.play = nil
	p.begin(of)
	p.window.AtEnd = atEnd
	p.Refresh(p.record)
	if s := p.doc.numbered(n); s != nothing {
		p.goTo(s)
		p.tokens = tokens
	}
}

// status is the trace's as if it went on.
func (play *playing) status(phase trace.Phase) trace.Status {
	s := play.of.Status()
	s.Phase, s.Elapsed, s.Reason, s.Stats, s.Tokens, s.Err = phase, play.at, "", model.Stats{}, 0, ""
	return s
}

// Status tells how far it is, and how fast it goes.
func (play *playing) Status() screen.Text {
	how, speed := "playing", fmt.Sprintf("×%g", speeds[play.speed])
	if speeds[play.speed] == 0 {
		speed = "as fast as it goes"
	}
	if play.paused {
		how = "paused"
	}
	return screen.Text(fmt.Sprintf("%s %s · %s of %s", how, speed, took(play.at), took(play.of.Status().Elapsed)))
}
