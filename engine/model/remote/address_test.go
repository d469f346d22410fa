package remote

import (
	"net/url"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "http://127.0.0.1:11434",
		"  \"box\" ":                  "http://box:11434",
		"box":                         "http://box:11434",
		"box:1234":                    "http://box:1234",
		":1234":                       "http://127.0.0.1:1234",
		"0.0.0.0":                     "http://127.0.0.1:11434",
		"0.0.0.0:1234":                "http://127.0.0.1:1234",
		"[::]:1234":                   "http://[::1]:1234",
		"::1":                         "http://[::1]:11434",
		"[::1]":                       "http://[::1]:11434",
		"[fe80::1]:80":                "http://[fe80::1]:80",
		"http://box":                  "http://box:80",
		"https://box":                 "https://box:443",
		"https://box:8443/ollama/":    "https://box:8443/ollama",
		"http://0.0.0.0:11434":        "http://127.0.0.1:11434",
		"box:1234/models/here":        "http://box:1234/models/here",
		"https://example.org/a/b?c=d": "https://example.org:443/a/b%3Fc=d",
	} {
		got, err := ParseAddress(text, "11434", "Ollama server")
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got.String() != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"box:port":      `the address "box:port" of the Ollama server is wrong: the port port is not within 1 to 65535`,
		"box:70000":     `the address "box:70000" of the Ollama server is wrong: the port 70000 is not within 1 to 65535`,
		"ftp://box":     `the address "ftp://box" of the Ollama server is wrong: the scheme ftp is neither http nor https`,
		"a b":           `the address "a b" of the Ollama server is wrong: a b is no host name`,
		"me:pw@box:80":  `the address "…@box:80" of the Ollama server is wrong: it holds a name or a password`,
		"https://a:b@c": `the address "https://…@c" of the Ollama server is wrong: it holds a name or a password`,
	} {
		if _, err := ParseAddress(text, "11434", "Ollama server"); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "localhost:11434",
		"[::1]:99":           "localhost:99",
		"box":                "box:11434",
		"https://box/ollama": "https://box:443/ollama",
	} {
		u, err := ParseAddress(text, "11434", "Ollama server")
		if err != nil {
			t.Fatal(err)
		}
		if got := Place(u); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"", "box:1", "[::1]:2/x", "https://[", "http://a:b:c", ":0", "%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseAddress(text, "11434", "Ollama server")
		if err != nil {
			return
		}
		if _, err := url.Parse(u.String()); err != nil {
			t.Errorf("%q gives %s: %v", text, u, err)
		}
		if u.Hostname() == "" || u.Port() == "" {
			t.Errorf("%q gives %s", text, u)
		}
	})
}
