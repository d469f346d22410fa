package ollama

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// usualPort is where Ollama listens unless told otherwise.
const usualPort = "11434"

func hostVariable() string { return os.Getenv("OLLAMA_HOST") }

// parseEndpoint reads an address in the forms that OLLAMA_HOST takes: host,
// host:port, :port, an IPv6 address with or without brackets, each with or
// without a scheme before and a path after it. With a scheme, its own port is
// the usual one. An address to listen on (0.0.0.0, ::) is reached at the
// loopback.
func parseEndpoint(text string) (*url.URL, error) {
	s := strings.Trim(strings.TrimSpace(text), `"'`)
	wrong := func(why string) (*url.URL, error) {
		return nil, fmt.Errorf("the address %q of the Ollama server is wrong: %s", text, why)
	}
	scheme, rest, ok := strings.Cut(s, "://")
	port := usualPort
	switch {
	case !ok && s == "ollama.com":
		scheme, rest, port = "https", s, "443"
	case !ok:
		scheme, rest = "http", s
	case scheme == "http":
		port = "80"
	case scheme == "https":
		port = "443"
	default:
		return wrong("the scheme " + scheme + " is neither http nor https")
	}
	authority, path, _ := strings.Cut(rest, "/")
	host, given := splitPort(authority)
	if given != "" {
		port = given
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return wrong("the port " + port + " is not within 1 to 65535")
	}
	u := &url.URL{Scheme: scheme, Host: net.JoinHostPort(reachable(host), port), Path: strings.TrimRight("/"+path, "/")}
	if again, err := url.Parse(u.String()); err != nil || again.Host != u.Host || again.User != nil {
		return wrong(host + " is no host name")
	}
	return u, nil
}

// splitPort splits host:port; the port is empty where there is none.
func splitPort(authority string) (host, port string) {
	if host, port, err := net.SplitHostPort(authority); err == nil {
		return host, port
	}
	if inner, ok := strings.CutPrefix(authority, "["); ok {
		return strings.TrimSuffix(inner, "]"), ""
	}
	return authority, ""
}

// reachable turns an address to listen on into one to connect to.
func reachable(host string) string {
	if host == "" {
		return "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil || !ip.IsUnspecified():
		return host
	case ip.Is4():
		return "127.0.0.1"
	}
	return "::1"
}

// place is the endpoint as people say it: "localhost:11434".
func place(u *url.URL) string {
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		host = "localhost"
	}
	text := net.JoinHostPort(host, u.Port())
	if u.Scheme == "https" {
		text = "https://" + text
	}
	return text + u.Path
}
