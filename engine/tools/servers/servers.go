// Package servers reaches MCP servers (https://modelcontextprotocol.io): it starts
// their commands or connects to their URLs, lists their tools and calls them. What
// they say is text from outside, bounded in size and time. Whether a server may be
// started at all is not asked here: who connects must have asked package trust.
//
//	Connect ─▶ process or URL ─▶ tools ─▶ Call … ─▶ Close
package servers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"reprise/programs/source"
	"reprise/programs/toolset"
)

// Bounds of what a server says.
const (
	MostListed      = 10_000  // tools that it lists
	MostDescription = 4 << 10 // bytes of a tool's description
	MostSchema      = 32 << 10
	mostMessage     = 8 << 20 // bytes of one message
)

// Server is an MCP server that is connected. It is safe for concurrent use.
type Server struct {
	spec    toolset.Server
	session *mcp.ClientSession
	process *process // nil: it is reached by its URL
	life    context.Context
	end     context.CancelFunc // of what is under way to the URL
	closing sync.Once
}

// Connect starts or reaches a server and lists the tools that the program offers of
// it. The command runs in dir. The error says what the server is and what went
// wrong; nothing of the server is left behind then.
func Connect(ctx context.Context, spec toolset.Server, dir string) (*Server, []Tool, error) {
	s := &Server{spec: spec}
	s.life, s.end = context.WithCancel(context.Background())
	limited, cancel := context.WithTimeout(ctx, spec.Timeout)
	defer cancel()
	tools, err := s.connect(limited, dir)
	if err == nil {
		return s, tools, nil
	}
	if ctx.Err() == nil {
		err = s.explained(limited, err)
	}
	s.Close()
	return nil, nil, err
}

func (s *Server) connect(ctx context.Context, dir string) ([]Tool, error) {
	transport, err := s.transport(dir)
	if err != nil {
		return nil, err
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "reprise", Version: "1"}, &mcp.ClientOptions{
		Capabilities:   &mcp.ClientCapabilities{}, // it may ask nothing of us
		MultiRoundTrip: &mcp.MultiRoundTripOptions{Disabled: true},
	})
	session, err := bounded(ctx, func() (*mcp.ClientSession, error) { return client.Connect(ctx, transport, nil) })
	if err != nil {
		return nil, err
	}
	s.session = session
	listed, err := bounded(ctx, func() ([]*mcp.Tool, error) { return listed(ctx, session) })
	if err != nil {
		return nil, err
	}
	return s.offered(listed)
}

// transport starts the command, or makes what reaches the URL.
func (s *Server) transport(dir string) (mcp.Transport, error) {
	if len(s.spec.Command) == 0 {
		return s.http()
	}
	p, err := start(s.spec, dir)
	if err != nil {
		return nil, err
	}
	s.process = p
	return &mcp.IOTransport{Reader: p.out, Writer: p.in, MaxLineLength: mostMessage}, nil
}

// listed asks for all tools, page by page.
func listed(ctx context.Context, session *mcp.ClientSession) ([]*mcp.Tool, error) {
	var out []*mcp.Tool
	for params := (&mcp.ListToolsParams{}); ; {
		page, err := session.ListTools(ctx, params)
		if err != nil {
			return nil, err
		}
		if out = append(out, page.Tools...); len(out) > MostListed {
			return nil, fmt.Errorf("it lists over %d tools", MostListed)
		}
		if page.NextCursor == "" {
			return out, nil
		}
		if params.Cursor == page.NextCursor || len(page.Tools) == 0 {
			return nil, errors.New("its list of tools has no end")
		}
		params = &mcp.ListToolsParams{Cursor: page.NextCursor}
	}
}

// offered are the tools that the program wants, in the server's order.
func (s *Server) offered(listed []*mcp.Tool) ([]Tool, error) {
	names := make([]string, len(listed))
	for i, t := range listed {
		names[i] = t.Name
	}
	for _, want := range s.spec.Tools {
		if !slices.Contains(names, want) {
			err := fmt.Errorf("it has no tool %q", want)
			if hint := source.DidYouMean(want, names); hint != "" {
				err = fmt.Errorf("%w; %s", err, hint)
			} else if len(names) > 0 && len(names) <= 20 {
				err = fmt.Errorf("%w; it has %s", err, strings.Join(names, ", "))
			}
			return nil, err
		}
	}
	var out []Tool
	for i, t := range listed {
		if len(s.spec.Tools) > 0 && !slices.Contains(s.spec.Tools, t.Name) {
			continue
		}
		if slices.Contains(names[:i], t.Name) {
			return nil, fmt.Errorf("it lists the tool %q twice", t.Name)
		}
		tool, err := read(t)
		if err != nil {
			return nil, err
		}
		out = append(out, tool)
	}
	if len(out) == 0 {
		return nil, errors.New("it offers no tool")
	}
	return out, nil
}

// Call calls a tool with arguments, a JSON object. The text is what the model is to
// read, whole; failed says that the tool or the server failed, and then the text
// says why. Only a context that is done is an error.
func (s *Server) Call(ctx context.Context, name string, arguments json.RawMessage) (text string, failed bool, err error) {
	limited, cancel := context.WithTimeout(ctx, s.spec.Timeout)
	defer cancel()
	result, err := bounded(limited, func() (*mcp.CallToolResult, error) {
		return s.session.CallTool(limited, &mcp.CallToolParams{Name: name, Arguments: arguments})
	})
	switch {
	case ctx.Err() != nil:
		return "", false, ctx.Err()
	case err != nil:
		return s.explained(limited, err).Error(), true, nil
	}
	return shown(result), result.IsError, nil
}

// explained says whose error it is, and what became of its process.
func (s *Server) explained(ctx context.Context, err error) error {
	who := "the MCP server " + s.spec.Title()
	ended, last := s.process.ended()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer within %s%s", who, s.spec.Timeout, last)
	case ended != "":
		return fmt.Errorf("%s has ended (%s)%s", who, ended, last)
	}
	return fmt.Errorf("%s: %s%s", who, layers.ReplaceAllString(err.Error(), ""), last)
}

// layers are what the parts of the SDK put before an error, which tells users
// nothing.
var layers = regexp.MustCompile(`^(?:(?:connection closed|client is closing|rejected by transport|(?:calling|sending) "[\w/]+"): )+`)

// grace is how long a server has to end by itself.
const grace = 500 * time.Millisecond

// Close ends the session and the process of the server, with all that it started.
// It takes 2 s at the most.
func (s *Server) Close() {
	s.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*grace)
		defer cancel()
		if s.process != nil {
			s.process.end()
		}
		if s.session != nil {
			_, _ = bounded(ctx, func() (any, error) { return nil, s.session.Close() }) // nobody can do anything about it
		}
		s.end()
	})
}

// bounded does some work, and gives up waiting for it when ctx is done: who writes
// to a server that reads nothing does not look at contexts.
func bounded[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		v   T
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		v, err := work()
		done <- outcome{v, err}
	}()
	select {
	case o := <-done:
		return o.v, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
