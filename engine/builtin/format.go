package builtin

import (
	"encoding/json"

	"reprise/engine/builtin/grammar"
	"reprise/engine/model"
)

// grammar makes the grammar of an answer that has begun with a text.
func (m *loaded) grammar(format json.RawMessage, said string) (*grammar.State, error) {
	pieces := make([]string, m.Tokens.Len())
	for id := range pieces {
		if !m.Tokens.Control(int32(id)) {
			pieces[id] = m.Tokens.Piece(int32(id))
		}
	}
	g, err := grammar.New(format, pieces, m.Tokens.Ends)
	if err != nil {
		return nil, &model.Error{Kind: model.Unsupported, Message: err.Error(), Hint: "take it out of output.schema, or choose another model", Err: err}
	}
	if !g.Read(said) {
		return nil, &model.Error{Kind: model.BadRequest, Message: "what the answer has said so far does not fit its schema", Hint: "continue from an earlier place"}
	}
	return g, nil
}
