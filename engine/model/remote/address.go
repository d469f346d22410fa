package remote

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ParseAddress reads an address in the forms that OLLAMA_HOST takes: host,
// host:port, :port, an IPv6 address with or without brackets, each with or
// without a scheme before and a path after it. Without a scheme the port is the
// usual one of the server, with a scheme that of the scheme. An address to listen
// on (0.0.0.0, ::) is reached at the loopback. What names the server in errors.
func ParseAddress(text, usualPort, what string) (*url.URL, error) {
	s := strings.Trim(strings.TrimSpace(text), `"'`)
	wrong := func(why string) (*url.URL, error) {
		return nil, fmt.Errorf("the address %q of the %s is wrong: %s", Hidden(text), what, why)
	}
	scheme, rest, ok := strings.Cut(s, "://")
	port := usualPort
	switch {
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
	if strings.Contains(authority, "@") {
		return wrong("it holds a name or a password")
	}
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

// Hidden is an address without the name and the password in it.
func Hidden(text string) string {
	at := strings.LastIndex(text, "@")
	if at < 0 {
		return text
	}
	scheme, _, ok := strings.Cut(text[:at], "://")
	if !ok {
		return "…" + text[at:]
	}
	return scheme + "://…" + text[at:]
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

// Place is an address as people say it: "localhost:11434".
func Place(u *url.URL) string {
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

// List are the addresses in a text that separates them by commas; one empty one
// where there is none.
func List(text string) []string {
	out := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	if len(out) == 0 {
		return []string{""}
	}
	return out
}
