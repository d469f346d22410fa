package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
)

// server is what is known about the model server and the model that the next
// run would get.
type server struct {
	known    bool
	version  string
	endpoint string
	name     string // of the provider
	model    string // within the provider; empty: none
	wanted   string // the name it was resolved from
	instead  string // the address of the server that does not answer, where another provider stands in
	err      error
	asking   bool
}

// serverMsg is an answer about the server; serverDueMsg says that it is time
// to ask again.
type serverMsg interface{ server() }

type (
	serverAnsweredMsg server
	serverDueMsg      struct{ tick int }
	modelsListedMsg   struct {
		wish   request
		models []listedModel
		err    error
	}
	pullMsg struct{ progress *model.Progress }
	pulled  struct {
		name string
		err  error
	}
)

func (serverAnsweredMsg) server() {}
func (serverDueMsg) server()      {}
func (modelsListedMsg) server()   {}
func (pullMsg) server()           {}
func (pulled) server()            {}

const (
	askEvery   = 4 * time.Second // while the terminal has the focus
	askTimeout = 3 * time.Second
)

func (a *App) serverAnswered(msg serverMsg) tea.Cmd {
	switch msg := msg.(type) {
	case serverDueMsg:
		if msg.tick != a.tick {
			return nil
		}
		return a.askServer()
	case serverAnsweredMsg:
		return a.serverKnown(server(msg))
	case modelsListedMsg:
		return a.modelsListed(msg)
	case pullMsg:
		return a.pullProgress(msg)
	case pulled:
		return a.pullEnded(msg)
	}
	return nil
}

// wantedModel is the name of the model that the next run asks for.
func (a *App) wantedModel() string {
	switch {
	case a.state.Model != "":
		return a.state.Model
	case a.doc != nil && a.doc.program != nil:
		return a.doc.program.Meta.Model
	}
	return ""
}

// askServer asks whether a server answers, and with which model.
func (a *App) askServer() tea.Cmd {
	if a.server.asking {
		return nil
	}
	a.server.asking = true
	ctx, eng, wanted := a.ctx, a.engine, a.wantedModel()
	return func() tea.Msg {
		ctx, stop := context.WithTimeout(ctx, askTimeout)
		defer stop()
		found := server{known: true, wanted: wanted}
		provider, name, err := eng.Resolve(ctx, wanted)
		if provider == nil && len(eng.Providers()) > 0 {
			provider = eng.Providers()[0]
		}
		found.model, found.err = name, err
		if first := eng.Providers()[0]; provider != first && wanted == "" {
			if v, ok := first.(model.Versioner); ok {
				found.instead = v.Endpoint()
			}
		}
		if provider == nil {
			return serverAnsweredMsg(found)
		}
		found.name = provider.Name()
		if v, ok := provider.(model.Versioner); ok {
			found.endpoint = v.Endpoint()
			version, errVersion := v.Version(ctx)
			found.version = version
			if errVersion != nil {
				found.err = errVersion
			}
		}
		return serverAnsweredMsg(found)
	}
}

func (a *App) serverKnown(found server) tea.Cmd {
	missed := a.server.err != nil || a.server.instead != ""
	came := a.server.known && missed && found.err == nil && found.instead == ""
	a.server = found
	next := tea.Cmd(nil)
	if a.focused {
		a.tick++
		tick := a.tick
		next = tea.Tick(askEvery, func(time.Time) tea.Msg { return serverDueMsg{tick} })
	}
	switch {
	case came:
		return tea.Batch(next, a.say(infoNotice, found.name+" answers now: "+found.model))
	case a.wantedModel() != found.wanted:
		return a.askServer()
	}
	return next
}

// modelText is what the status line says of model and server.
func (a *App) modelText() string {
	s := a.server
	var e *model.Error
	switch {
	case !s.known:
		return "looking for a model server"
	case errors.As(s.err, &e) && e.Kind == model.Unreachable:
		next, _, _ := strings.Cut(e.Hint, ",")
		return fmt.Sprintf("no server at %s: %s", shortEndpoint(s.endpoint), next)
	case s.err != nil:
		return s.err.Error()
	case s.model == "":
		return "no model yet: " + a.keyOf("model") + " downloads one"
	}
	text := s.model
	if s.instead != "" {
		return fmt.Sprintf("%s/%s stands in: no model at %s", s.name, s.model, shortEndpoint(s.instead))
	}
	if s.version != "" {
		text += " · " + s.name + " " + s.version
	}
	return text
}
