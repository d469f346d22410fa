package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/tui/dialog"
)

// download is a model on its way to the server.
type download struct {
	name     string
	progress model.Progress
	news     chan model.Progress // holds the newest at most
	done     chan error
	stop     context.CancelFunc
}

func (d *download) text() string {
	text := "downloading " + d.name
	if p := d.progress; p.Total > 0 {
		return text + fmt.Sprintf(" %d%% of %s", 100*p.Completed/p.Total, bytesText(p.Total))
	}
	if d.progress.Status != "" {
		text += ": " + d.progress.Status
	}
	return text
}

// puller is the first provider that can download models; nil: none can.
func (a *App) puller() model.Puller {
	for _, p := range a.engine.Providers() {
		if puller, ok := p.(model.Puller); ok {
			return puller
		}
	}
	return nil
}

func (a *App) whyNotPull() string {
	switch {
	case a.puller() == nil:
		return "no provider here downloads models"
	case a.pull != nil:
		return "one is being downloaded already"
	}
	return ""
}

func (a *App) whyNoPull() string {
	if a.pull == nil {
		return "nothing is being downloaded"
	}
	return ""
}

// askPull asks for the name of a model to download.
func (a *App) askPull() tea.Cmd {
	prompt := dialog.NewPrompt(a.look.styles, "Download a model", "Its name on the server's registry, such as qwen3:0.6b:", "",
		func(name string) error {
			if strings.TrimSpace(name) == "" {
				return errors.New("a name is needed")
			}
			return nil
		})
	return a.open(prompt, func(result any) tea.Cmd {
		if entered, ok := result.(dialog.Entered); ok {
			return a.startPull(strings.TrimSpace(entered.Text))
		}
		return nil
	})
}

func (a *App) startPull(name string) tea.Cmd {
	ctx, stop := context.WithCancel(a.ctx)
	d := &download{name: name, news: make(chan model.Progress, 1), done: make(chan error, 1), stop: stop}
	a.pull = d
	puller := a.puller()
	go func() {
		d.done <- puller.Pull(ctx, name, func(p model.Progress) {
			select {
			case <-d.news: // only the newest matters
			default:
			}
			d.news <- p
		})
	}()
	return d.wait()
}

func (d *download) wait() tea.Cmd {
	return func() tea.Msg {
		select {
		case p := <-d.news:
			return pullMsg{&p}
		case err := <-d.done:
			return pulled{name: d.name, err: err}
		}
	}
}

func (a *App) pullProgress(msg pullMsg) tea.Cmd {
	if a.pull == nil {
		return nil
	}
	a.pull.progress = *msg.progress
	return a.pull.wait()
}

func (a *App) pullEnded(msg pulled) tea.Cmd {
	a.pull = nil
	switch {
	case errors.Is(msg.err, context.Canceled):
		return a.say(infoNotice, "the download of "+msg.name+" was stopped; it goes on from there next time")
	case msg.err != nil:
		a.fail(fmt.Errorf("download %s: %w", msg.name, msg.err))
		return nil
	}
	return tea.Batch(a.say(infoNotice, msg.name+" is here; "+a.keyOf("model")+" chooses it"), a.askServer())
}

func (a *App) stopPull() tea.Cmd {
	a.pull.stop()
	return nil
}
