package model

import (
	"slices"
	"strings"
)

// SplitName splits a full model name, "ollama/qwen3:4b", into the provider's
// name and the model's name within it. Only one of the known providers counts
// as one: names within a provider may hold slashes themselves
// ("hf.co/org/model:Q4"). Without a provider the first part is empty.
func SplitName(full string, known ...string) (provider, name string) {
	before, after, ok := strings.Cut(full, "/")
	if ok && slices.Contains(known, before) {
		return before, after
	}
	return "", full
}
