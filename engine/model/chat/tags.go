package chat

import "reprise/engine/model"

// Tags stand around the thinking in what a model writes.
type Tags struct{ Open, Close string }

// Begun is what an answer has said as the model wrote it, with its tags, and
// whether that ends within the thinking. thinks says that the prompt makes the
// answer begin with thinking.
func (t Tags) Begun(thinks bool, said model.Said) (text string, inside bool) {
	switch {
	case said.In == model.Thinking:
		return t.Open + said.Thinking, true
	case said.Thinking != "":
		return t.Open + said.Thinking + t.Close + said.Content, false
	case said.Content == "" && thinks:
		return t.Open, true
	}
	return said.Content, false
}
