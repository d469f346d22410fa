package engine

import (
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
)

// AllProviders gives the providers of models that there are: the Ollama server
// that OLLAMA_HOST names, then the built-in model. An address that is none
// shows when it is used.
func AllProviders() []model.Provider {
	server, _ := ollama.FromEnvironment()
	return []model.Provider{server, builtin.New()}
}
