package ollama

import (
	"net/url"
	"strings"

	"reprise/engine/model/remote"
)

// usualPort is where Ollama listens unless told otherwise.
const usualPort = "11434"

// parseEndpoint reads an address in the forms that OLLAMA_HOST takes.
func parseEndpoint(text string) (*url.URL, error) {
	if strings.Trim(strings.TrimSpace(text), `"'`) == "ollama.com" {
		text = "https://ollama.com"
	}
	return remote.ParseAddress(text, usualPort, "Ollama server")
}
