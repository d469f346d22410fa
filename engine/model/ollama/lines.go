package ollama

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/ollama/ollama/api"
)

// longestLine bounds a line of an answer, in bytes; it is what the client allows.
const longestLine = 8 << 20

// chat is the client's Chat, but for one thing: the client takes and clears eight
// megabytes for each call, a millisecond that those who make many calls feel.
func (p *Provider) chat(ctx context.Context, req *api.ChatRequest, each func(api.ChatResponse) error) error {
	if p.signed {
		return p.api.Chat(ctx, req, each)
	}
	return lines(ctx, p, "/api/chat", req, each)
}

// generate is the client's Generate, in the same way.
func (p *Provider) generate(ctx context.Context, req *api.GenerateRequest, each func(api.GenerateResponse) error) error {
	if p.signed {
		return p.api.Generate(ctx, req, each)
	}
	return lines(ctx, p, "/api/generate", req, each)
}

// lines posts a request and gives the lines of its answer. Its errors are the
// client's.
func lines[T any](ctx context.Context, p *Provider, path string, body any, each func(T) error) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.endpoint.JoinPath(path).String(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/x-ndjson")
	resp, err := p.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	scanner := bufio.NewScanner(resp.Body)
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		line := scanner.Bytes()
		var failed struct {
			Error string `json:"error"`
		}
		if bytes.Contains(line, []byte(`"error":`)) && json.Unmarshal(line, &failed) == nil && failed.Error != "" {
			return errors.New(failed.Error)
		}
		var piece T
		if json.Unmarshal(line, &piece) != nil {
			return errors.New(string(line)) // whoever explains errors sees whether it is one half of a line
		}
		if err := each(piece); err != nil {
			return err
		}
	}
	return scanner.Err()
}
