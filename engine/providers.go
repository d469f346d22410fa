package engine

import (
	"os"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/openai"
	"reprise/engine/model/pool"
	"reprise/engine/model/remote"
)

// AllProviders gives the providers of models that there are: the Ollama servers
// that OLLAMA_HOST names, those that OPENAI_BASE_URL names, if any, and the
// built-in model. Each variable takes several addresses, separated by commas. An
// address that is none shows when it is used.
func AllProviders() []model.Provider {
	var servers []*ollama.Provider
	for _, address := range remote.List(os.Getenv(ollama.AddressVariable)) {
		servers = append(servers, ollama.New(address))
	}
	out := []model.Provider{pool.Join(servers)}
	if compatible := openai.FromEnvironment(); len(compatible) > 0 {
		out = append(out, pool.Join(compatible))
	}
	return append(out, builtin.New())
}
