package programs

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"reprise/programs/document"
	"reprise/programs/toolset"
)

// Servers are the MCP servers of a program and of those that it binds, each once.
func (p *Program) Servers() []toolset.Server {
	var out []toolset.Server
	add := func(all []toolset.Server) {
		for _, s := range all {
			if !slices.ContainsFunc(out, func(other toolset.Server) bool { return reflect.DeepEqual(other, s) }) {
				out = append(out, s)
			}
		}
	}
	if set := p.Meta.Toolset; set != nil {
		add(set.Servers)
	}
	if let := p.Meta.Let; let != nil {
		for _, b := range let.Bindings {
			if bound := let.Programs[b.Program]; bound != nil {
				add(bound.Servers())
			}
		}
	}
	return out
}

// server reads an MCP server of reprise.tools: {mcp: {command: [npx, -y, server]}} or
// {mcp: {url: "https://…"}}.
func (f *frontMatter) server(set *toolset.Set, item *document.Node) {
	if !f.fields("reprise.tools", item, "mcp") {
		return
	}
	n := item.Get("mcp")
	if n == nil || !f.fields("mcp", n, "command", "url", "env", "token", "tools", "timeout") {
		if n == nil || n.Scalar == nil && !n.Map && !n.List {
			f.error(item, "bad-value", "it says no MCP server", "write mcp: {command: [npx, -y, the-server]} or mcp: {url: \"https://…\"}")
		}
		return
	}
	command, address := n.Get("command"), n.Get("url")
	s := toolset.Server{Timeout: toolset.DefaultTimeout}
	ok := false
	switch {
	case (command == nil) == (address == nil):
		f.error(n, "bad-value", "an MCP server has either a command or a url", "write one of them")
	case command != nil:
		s.Command, ok = f.command(command)
	default:
		s.URL, ok = f.address(address)
	}
	f.serverOptions(&s, n)
	for _, other := range set.Servers {
		if ok && reflect.DeepEqual(other.Command, s.Command) && other.URL == s.URL {
			f.error(item, "bad-value", "reprise.tools names "+s.Title()+" twice", "write it once, with all the tools that it is to offer")
			return
		}
	}
	if ok {
		set.Names = append(set.Names, s.Title())
		set.Servers = append(set.Servers, s)
	}
}

// command is a list of words; there is no shell that would take a line apart.
func (f *frontMatter) command(n *document.Node) ([]string, bool) {
	if line, ok := n.Text(); ok {
		f.error(n, "bad-value", "the command is one text, and no shell takes it apart", "write it as a list, as in ["+strings.Join(strings.Fields(line), ", ")+"]")
		return nil, false
	}
	var words []string
	for _, item := range n.Items {
		if item.Map || item.List || item.Scalar == nil {
			f.error(item, "bad-value", "a command is a list of words", "")
			return nil, false
		}
		words = append(words, word(item))
	}
	if len(words) == 0 || words[0] == "" || strings.Contains(strings.Join(words, ""), "\x00") {
		f.error(n, "bad-value", "the command names no program to start", "write it as a list, as in [npx, -y, the-server]")
		return nil, false
	}
	return words, true
}

func (f *frontMatter) address(n *document.Node) (string, bool) {
	text, _ := n.Text()
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		f.error(n, "bad-value", "the url of an MCP server is "+shown(n), "it begins with https:// or http://")
		return "", false
	}
	if u.User != nil {
		f.error(n, "bad-value", "the url holds a password", "keep it in a variable of the environment, and name that with token:")
		return "", false
	}
	return text, true
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// serverOptions reads what goes with a command or a url.
func (f *frontMatter) serverOptions(s *toolset.Server, n *document.Node) {
	variable := func(key string, n *document.Node, name string) {
		if !variableName.MatchString(name) {
			if left, _, ok := strings.Cut(name, "="); ok {
				name = left + "=…" // the value may be a secret
			}
			f.error(n, "bad-value", fmt.Sprintf("%q is no name of a variable of the environment", name), key+" names variables; their values do not belong into a program")
		}
	}
	if e := n.Get("env"); e != nil {
		s.Env = f.texts("env", e)
		for _, name := range s.Env {
			variable("env", e, name)
		}
		if s.URL != "" {
			f.error(e, "bad-value", "a url gets no variables", "name the one that holds its token with token:")
		}
	}
	if t := n.Get("token"); t != nil {
		f.text("token", t, &s.Token)
		variable("token", t, s.Token)
		switch {
		case len(s.Command) > 0:
			f.error(t, "bad-value", "a command gets no token", "name the variable that holds it with env:")
		case s.URL != "" && !secret(s.URL):
			f.error(t, "bad-value", "the token would go over the network in plain text", "write the url with https://")
		}
	}
	if t := n.Get("tools"); t != nil {
		s.Tools = f.texts("tools", t)
	}
	if t := n.Get("timeout"); t != nil {
		v, ok := document.Plain(t.Value()).(float64)
		ok = ok && v > 0 && v <= toolset.MostTimeout.Seconds()
		f.form("timeout", t, fmt.Sprintf("a number of seconds up to %.0f", toolset.MostTimeout.Seconds()), ok)
		if ok {
			s.Timeout = time.Duration(v * float64(time.Second))
		}
	}
}

// secret reports whether nobody between here and a url can read along.
func secret(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
