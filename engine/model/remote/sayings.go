package remote

import (
	"strings"

	"reprise/engine/model"
)

// sayings are what servers say about known troubles, in lower case.
var sayings = []struct {
	part string
	kind model.ErrorKind
}{
	{"exceeds the context length", model.ContextExceeded},
	{"exceeds the available context size", model.ContextExceeded},
	{"exceed_context_size", model.ContextExceeded},
	{"maximum context length", model.ContextExceeded},
	{"maximum model length", model.ContextExceeded},
	{"longer than the model's context length", model.ContextExceeded},
	{"context_length_exceeded", model.ContextExceeded},
	{"requires more system memory", model.OutOfMemory},
	{"out of memory", model.OutOfMemory},
	{"failed to allocate memory", model.OutOfMemory},
	{"failed to commit memory", model.OutOfMemory},
	{"memory layout cannot be allocated", model.OutOfMemory},
	{"does not support", model.Unsupported},
	{"is not supported", model.Unsupported},
	{"not a multimodal model", model.Unsupported},
	{"--enable-auto-tool-choice", model.Unsupported},
	{"--tool-call-parser", model.Unsupported},
	{"--jinja", model.Unsupported},
	{"--embedding", model.Unsupported},
	{"at most 0 image", model.Unsupported},
	{"try pulling it first", model.NotFound},
	{"file does not exist", model.NotFound},
	{"invalid format", model.BadRequest},
	{"invalid json schema in format", model.BadRequest},
	{"must be of type", model.BadRequest},
}

// KindOf is what a server's words are about; ServerError where they are not
// known.
func KindOf(text string) model.ErrorKind {
	lower := strings.ToLower(text)
	for _, s := range sayings {
		if strings.Contains(lower, s.part) {
			return s.kind
		}
	}
	return model.ServerError
}

// hints are what to do about each kind of trouble that a server speaks of.
var hints = map[model.ErrorKind]string{
	model.ContextExceeded: "shorten the input, or raise num_ctx as far as the model goes",
	model.OutOfMemory:     "choose a smaller model or a smaller num_ctx, or unload other models",
	model.Unsupported:     "choose a model that can, or leave it out",
	model.ServerError:     "its log tells more",
}

// Said is the error for what a server said.
func Said(kind model.ErrorKind, text string, err error) *model.Error {
	return &model.Error{Kind: kind, Message: "the server says: " + Excerpt(text), Hint: hints[kind], Err: err}
}
