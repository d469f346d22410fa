package tui

import (
	"encoding/json"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/programs"
	"reprise/programs/schema"
	"reprise/tui/dialog"
	"reprise/tui/inputs"
)

// editOptions asks for the options of the program's next runs.
func (a *App) editOptions() tea.Cmd {
	d := a.doc
	form := inputs.New(a.look.styles)
	form.SetProgram("options", optionFields(), nil, nil)
	form.Fill(optionValues(d.memory))
	box := dialog.NewForm(a.look.styles, "Options for runs of "+d.name(), form)
	return a.open(box, func(result any) tea.Cmd {
		if _, ok := result.(dialog.Filled); !ok {
			return nil
		}
		values, _ := form.Values()
		d.memory = withOptions(d.memory, values)
		return tea.Batch(a.remember(d), a.say(infoNotice, "the next runs of "+d.name()+" use these options"))
	})
}

// optionFields are the options that people change most; an empty one leaves it
// to the program and the model.
func optionFields() []schema.Field {
	return []schema.Field{
		{Name: "temperature", Type: "number", Description: "0 always takes the likeliest token"},
		{Name: "seed", Type: "integer", Description: "one seed repeats a run; empty draws a new one each time"},
		{Name: "think", Type: "enum", Enum: []any{"true", "false", "low", "medium", "high"}, Description: "the model's thinking channel"},
		{Name: "samples", Type: "integer", Description: "so many are drawn, and vote; empty leaves it to the program"},
		{Name: "cached", Type: "boolean", Description: "take over samples that ran before under the same conditions"},
		{Name: "logprobs", Type: "integer", Description: "record how sure the model is of each token, with so many alternatives, 0 to 20"},
		{Name: "num_predict", Type: "integer", Description: "most tokens to generate"},
		{Name: "num_ctx", Type: "integer", Description: "context length in tokens"},
		{Name: "top_k", Type: "integer", Description: "choose among so many tokens"},
		{Name: "top_p", Type: "number", Description: "choose among the tokens that have this share"},
		{Name: "min_p", Type: "number", Description: "leave out tokens below this share of the likeliest's"},
		{Name: "repeat_penalty", Type: "number", Description: "above 1 makes repetition less likely"},
	}
}

// optionValues are the options as values of the form.
func optionValues(m memory) map[string]any {
	values := map[string]any{}
	if data, err := json.Marshal(m.Options); err == nil {
		_ = json.Unmarshal(data, &values) // of our own making
	}
	if m.Think != "" {
		values["think"] = m.Think
	}
	if m.Samples > 0 {
		values["samples"] = m.Samples
	}
	if m.Logprobs != nil {
		values["logprobs"] = *m.Logprobs
	}
	if m.Cached {
		values["cached"] = true
	}
	return values
}

// withOptions puts the form's values into what is remembered.
func withOptions(m memory, values map[string]any) memory {
	m.Options = model.Options{}
	m.Think, _ = values["think"].(string)
	m.Cached, _ = values["cached"].(bool)
	n, _ := values["samples"].(float64)
	m.Samples = max(0, min(int(n), programs.MostSamples))
	m.Logprobs = nil
	if n, ok := values["logprobs"].(float64); ok {
		n := max(0, min(int(n), 20))
		m.Logprobs = &n
	}
	if data, err := json.Marshal(values); err == nil {
		_ = json.Unmarshal(data, &m.Options) // the form has checked the types
	}
	return m
}

// usualTops is how many alternatives of each token are recorded where nobody chose.
const usualTops = 5

// toggleLogprobs makes the program's next runs record log-probabilities, or no
// longer do.
func (a *App) toggleLogprobs() tea.Cmd {
	d := a.doc
	if d == nil {
		return a.say(warningNotice, a.whyNoProgram())
	}
	said := "the next runs of " + d.name() + " record no log-probabilities"
	if d.memory.Logprobs == nil {
		n := usualTops
		d.memory.Logprobs = &n
		said = fmt.Sprintf("the next runs of %s record how likely each token is, with %d alternatives", d.name(), n)
	} else {
		d.memory.Logprobs = nil
	}
	return tea.Batch(a.remember(d), a.say(infoNotice, said))
}

// pickInputs offers the inputs of former runs.
func (a *App) pickInputs() tea.Cmd {
	d := a.doc
	if d == nil {
		return nil
	}
	return a.fetchRuns(d.name(), func(runs []store.Run) tea.Cmd {
		var items []dialog.Item
		seen := map[string]bool{}
		for _, r := range runs {
			data, err := json.Marshal(r.Input)
			if err != nil || seen[string(data)] {
				continue
			}
			seen[string(data)] = true
			items = append(items, dialog.Item{ID: r.ID, Label: string(data), Detail: when(r.Status.Started)})
		}
		list := dialog.NewList(a.look.styles, "Inputs of former runs", items, "no runs yet")
		return a.open(list, func(result any) tea.Cmd {
			picked, ok := result.(dialog.Picked)
			if r, found := runByID(runs, picked.ID); ok && found {
				return a.takeInputs(d, r)
			}
			return nil
		})
	})
}
