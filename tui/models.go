package tui

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/tui/dialog"
)

// listedModel is a model with the full name that reaches it.
type listedModel struct {
	full string
	model.Info
}

// shortEndpoint is an address, or several, without the scheme.
func shortEndpoint(endpoint string) string {
	all := strings.Split(endpoint, ", ")
	for i, one := range all {
		if u, err := url.Parse(one); err == nil && u.Host != "" {
			all[i] = u.Host + strings.TrimSuffix(u.Path, "/")
		}
	}
	return strings.Join(all, ", ")
}

// pickModel asks every provider for its models and lets the person choose.
func (a *App) pickModel() tea.Cmd {
	ctx, providers, wish := a.ctx, a.engine.Providers(), a.request()
	asking := a.say(infoNotice, "asking for the models …")
	return tea.Batch(asking, func() tea.Msg {
		ctx, stop := context.WithTimeout(ctx, 2*askTimeout)
		defer stop()
		msg := modelsListedMsg{wish: wish}
		for _, p := range providers {
			lister, ok := p.(model.Lister)
			if !ok {
				continue
			}
			infos, err := lister.Models(ctx)
			msg.err = errors.Join(msg.err, err)
			for _, info := range infos {
				msg.models = append(msg.models, listedModel{full: p.Name() + "/" + info.Name, Info: info})
			}
		}
		return msg
	})
}

const (
	ownModel  = "\x00own"  // the item for no choice of one's own
	pullModel = "\x00pull" // the item for another model
)

func (a *App) modelsListed(msg modelsListedMsg) tea.Cmd {
	a.notice.read()
	if len(msg.models) == 0 && msg.err != nil {
		a.fail(msg.err)
		return nil
	}
	own := "what the program names, else the server's"
	if a.doc != nil && a.doc.program != nil && a.doc.program.Meta.Model != "" {
		own = "what the program names: " + a.doc.program.Meta.Model
	}
	items := []dialog.Item{{ID: ownModel, Label: own}}
	for _, m := range msg.models {
		items = append(items, modelItem(m))
	}
	if a.whyNotPull() == "" {
		items = append(items, dialog.Item{ID: pullModel, Label: "download another …"})
	}
	list := dialog.NewList(a.look.styles, "Model for the next runs", items, "")
	list.Select(a.state.Model)
	return a.answer(msg.wish, list, func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		switch {
		case !ok:
			return nil
		case picked.ID == pullModel:
			return a.askPull()
		case picked.ID == ownModel:
			picked.ID = ""
		}
		a.state.Model = picked.ID
		a.server.asking = false
		return tea.Batch(a.rememberState(), a.askServer())
	})
}

func modelItem(m listedModel) dialog.Item {
	label := m.full
	if m.Loaded {
		label += "  ● loaded"
	}
	var detail []string
	for _, s := range []string{m.Parameters, m.Quantization} {
		if s != "" {
			detail = append(detail, s)
		}
	}
	if m.Size > 0 {
		detail = append(detail, bytesText(m.Size))
	}
	return dialog.Item{ID: m.full, Label: label, Detail: strings.Join(detail, "  "), Note: abilitiesText(m.Info)}
}

func abilitiesText(m model.Info) string {
	can := abilityNames(m.Abilities, "")
	can = append(can, abilityNames(m.Unsure, "?")...)
	text := "text only"
	if len(can) > 0 {
		text = strings.Join(can, ", ")
	}
	if m.ContextLength > 0 {
		text += fmt.Sprintf(" · context %d tokens", m.ContextLength)
	}
	return text
}

// abilityNames are the names of abilities with a mark behind each: a question
// mark for what the server does not tell.
func abilityNames(a model.Abilities, mark string) []string {
	var out []string
	for _, ability := range []struct {
		has  bool
		name string
	}{
		{a.Thinking, "thinking"}, {a.Tools, "tools"}, {a.Vision, "images"},
		{a.JSONSchema, "JSON schema"}, {a.Logprobs, "log-probabilities"}, {a.Embeddings, "embeddings"},
	} {
		if ability.has {
			out = append(out, ability.name+mark)
		}
	}
	return out
}

// bytesText writes a size as people read it.
func bytesText(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.0f kB", float64(n)/1e3)
}
