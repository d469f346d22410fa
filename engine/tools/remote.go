package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"reprise/engine/model"
	"reprise/engine/tools/servers"
	"reprise/programs/source"
)

// Bounds of what servers offer a model, all together.
const (
	MostOffered = 128      // tools
	mostText    = 96 << 10 // bytes of their descriptions and schemas
)

// remote are the servers of a set, once they are connected.
type remote struct {
	connected bool
	err       error // why they are not
	servers   []*servers.Server
	tools     []remoteTool
}

// remoteTool is a tool of a server.
type remoteTool struct {
	servers.Tool
	of     *servers.Server
	server string // its title
}

func (r *remote) named(name string) (remoteTool, bool) {
	i := slices.IndexFunc(r.tools, func(t remoteTool) bool { return t.Name == name })
	if i < 0 {
		return remoteTool{}, false
	}
	return r.tools[i], true
}

func (r *remote) names() []string {
	out := make([]string, len(r.tools))
	for i, t := range r.tools {
		out[i] = t.Name
	}
	return out
}

// Connect connects the servers of the set, all at the same time, and learns what
// they offer. It does so once: who comes later gets the same outcome. Without
// servers it does nothing.
func (b *Box) Connect(ctx context.Context) error {
	select {
	case b.connecting <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.connecting }()
	r := &b.remote
	if r.connected || r.err != nil || len(b.set.Servers) == 0 {
		return r.err
	}
	found := make([][]remoteTool, len(b.set.Servers))
	failed := make([]error, len(b.set.Servers))
	var mu sync.Mutex
	var running sync.WaitGroup
	for i, spec := range b.set.Servers {
		running.Go(func() {
			s, tools, err := servers.Connect(ctx, spec, b.dir)
			if failed[i] = err; err != nil {
				return
			}
			for _, t := range tools {
				found[i] = append(found[i], remoteTool{t, s, spec.Title()})
			}
			mu.Lock()
			r.servers = append(r.servers, s)
			mu.Unlock()
		})
	}
	running.Wait()
	err := all(failed)
	if err == nil {
		r.tools = b.offeredOf(slices.Concat(found...))
		err = b.fitting()
	}
	switch {
	case err == nil:
		r.connected = true
	case ctx.Err() != nil:
		b.release()
		return ctx.Err()
	default:
		b.release()
		r.err = err
	}
	return r.err
}

// all is one error of several, in a line.
func all(failed []error) error {
	var texts []string
	for _, err := range failed {
		if err != nil {
			texts = append(texts, err.Error())
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(strings.Join(texts, "; "))
}

// disconnect ends the servers.
func (b *Box) disconnect() {
	b.connecting <- struct{}{}
	defer func() { <-b.connecting }()
	b.release()
	b.remote.err = errors.New("the servers of its tools are closed")
}

func (b *Box) release() {
	var ending sync.WaitGroup
	for _, s := range b.remote.servers {
		ending.Go(s.Close)
	}
	ending.Wait()
	b.remote = remote{}
}

// offeredOf are the tools that the program's own list lets through.
func (b *Box) offeredOf(all []remoteTool) []remoteTool {
	if len(b.set.Only) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t remoteTool) bool { return !slices.Contains(b.set.Only, t.Name) })
}

// fitting tells why the tools cannot be offered together.
func (b *Box) fitting() error {
	where := map[string]string{}
	for _, t := range b.set.Tools {
		where[t.Name] = t.File
	}
	size := 0
	for _, t := range b.remote.tools {
		if other, taken := where[t.Name]; taken {
			return fmt.Errorf("%s and the MCP server %s both have a tool %s; name those that the server is to offer, as in tools: [%s]", other, t.server, t.Name, b.someBut(t))
		}
		where[t.Name] = "the MCP server " + t.server
		size += len(t.Description) + len(t.Given)
	}
	for _, name := range b.set.Only {
		if where[name] == "" {
			return fmt.Errorf("no tool is called %q, which the program names in tools%s", name, hinted(name, b.remote.names()))
		}
	}
	if n := len(b.set.Tools) + len(b.remote.tools); len(b.remote.tools) > 0 && (n > MostOffered || size > mostText) {
		return fmt.Errorf("%d tools with %d KiB of descriptions are too many for a model (at most %d, with %d KiB); name those that the program needs, as in tools: [%s]", n, size>>10, MostOffered, mostText>>10, b.remote.tools[0].Name)
	}
	return nil
}

func hinted(name string, names []string) string {
	if hint := source.DidYouMean(name, names); hint != "" {
		return "; " + hint
	}
	return ""
}

// someBut names a tool of the same server, or stands for one.
func (b *Box) someBut(t remoteTool) string {
	for _, other := range b.remote.tools {
		if other.of == t.of && other.Name != t.Name {
			return other.Name
		}
	}
	return "…"
}

// call calls the tool. What the server answers is cut where it is too long.
func (t remoteTool) call(ctx context.Context, arguments json.RawMessage) (reply, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(arguments), []byte("{")) {
		return reply{}, fmt.Errorf("the arguments of %s are no JSON object; %s", t.Name, wanted(t.Tool.Tool))
	}
	text, failed, err := t.of.Call(ctx, t.Name, arguments)
	if err != nil {
		return reply{}, err
	}
	return reply{Content: shortened(text), Failed: failed}, nil
}

// offer tells the model of the servers' tools, beside the others; what servers say
// of them is text from outside, and cleaned.
func (b *Box) offer(req *model.Request, native bool, clean func(string) string) {
	if len(b.set.Servers) == 0 {
		return
	}
	described := slices.Clone(b.set.Tools)
	offered := functionsOf(b.set)
	for _, t := range b.remote.tools {
		tool := t.Tool.Tool
		tool.Description = clean(tool.Description)
		tool.Parameters = slices.Clone(tool.Parameters)
		for i := range tool.Parameters {
			p := &tool.Parameters[i]
			p.Name, p.Description = clean(p.Name), oneLine(clean(p.Description))
		}
		offered = append(offered, model.Tool{Name: tool.Name, Description: tool.Description, Parameters: cleaned(t.Given, clean)})
		tool.Description = oneLine(tool.Description)
		described = append(described, tool)
	}
	if native {
		req.Tools = offered
		return
	}
	req.Messages = Described(req.Messages, described)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// cleaned is JSON with all its texts cleaned.
func cleaned(text json.RawMessage, clean func(string) string) json.RawMessage {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return text
	}
	out, err := json.Marshal(cleanedValue(v, clean))
	if err != nil {
		return text
	}
	return out
}

func cleanedValue(v any, clean func(string) string) any {
	switch v := v.(type) {
	case string:
		return clean(v)
	case []any:
		for i := range v {
			v[i] = cleanedValue(v[i], clean)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[clean(key)] = cleanedValue(value, clean)
		}
		return out
	}
	return v
}
