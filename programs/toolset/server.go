package toolset

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what a program may say of a server.
const (
	DefaultTimeout = 30 * time.Second
	MostTimeout    = 10 * time.Minute
)

// Server is an MCP server (https://modelcontextprotocol.io) whose tools a model may
// call: a command that is started, or a URL that is reached. Which tools it has only
// it can tell.
type Server struct {
	Command []string      // without a shell, in the workspace's folder; empty: URL is reached
	URL     string        // of its streamable HTTP
	Env     []string      // names of variables that the command gets, beside the usual ones
	Token   string        // name of the variable whose value the URL gets as a bearer token; empty: none
	Tools   []string      // the only ones that are offered; empty: all
	Timeout time.Duration // of starting it, and of each call
}

// launchers are commands that start what another word of them names.
var launchers = []string{"node", "npx", "bun", "bunx", "deno", "python", "python3", "uv", "uvx", "pipx", "docker", "podman", "go", "java", "sh", "bash"}

// Title is a short name for messages: of the command, with what it launches, or the
// host.
func (s Server) Title() string {
	if len(s.Command) == 0 {
		if u, err := url.Parse(s.URL); err == nil {
			return u.Host
		}
		return s.URL
	}
	title := base(s.Command[0])
	if !slices.Contains(launchers, title) {
		return title
	}
	for _, word := range s.Command[1:] {
		if !strings.HasPrefix(word, "-") {
			return title + " " + base(word)
		}
	}
	return title
}

func base(word string) string { return path.Base(strings.ReplaceAll(word, `\`, "/")) }

// plain is a word that cannot be misread.
var plain = regexp.MustCompile(`^[\w./:@%+,=~?&#-]+$`)

// quoted is a word so that it cannot be misread: in quotes, and in ASCII, where it
// is not plain.
func quoted(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return strconv.QuoteToASCII(word)
}

// What says what is started or reached, and what it is given.
func (s Server) What() string {
	if len(s.Command) == 0 {
		if s.Token == "" {
			return quoted(s.URL)
		}
		return quoted(s.URL) + " with the token in " + s.Token
	}
	words := make([]string, len(s.Command))
	for i, word := range s.Command {
		words[i] = quoted(word)
	}
	text := strings.Join(words, " ")
	if len(s.Env) > 0 {
		text += " with " + strings.Join(s.Env, ", ") + " of the environment"
	}
	return text
}

// Does says the same in a sentence's verb and object, and for which tools.
func (s Server) Does() string {
	text := "starts " + s.What()
	if len(s.Command) == 0 {
		text = "reaches " + s.What()
	}
	if len(s.Tools) == 0 {
		return text
	}
	words := make([]string, len(s.Tools))
	for i, name := range s.Tools {
		words[i] = quoted(name)
	}
	return text + ", for " + strings.Join(words, ", ")
}

// Empty reports whether the set offers nothing.
func (s *Set) Empty() bool { return s == nil || len(s.Tools)+len(s.Servers) == 0 }
