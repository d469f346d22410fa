package ollamatest

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, url string) (string, error) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), nil
}

func TestSharedHasTheModel(t *testing.T) {
	s := Shared(t)
	body, err := get(t, s.URL+"/api/tags")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(body, Model) {
		t.Errorf("models: %s", body)
	}
	if again := Shared(t); again.URL != s.URL {
		t.Errorf("a second server at %s", again.URL)
	}
}

func TestOwnServerEnds(t *testing.T) {
	for name, end := range map[string]func(*Server){"stop": (*Server).Stop, "kill": (*Server).Kill} {
		t.Run(name, func(t *testing.T) {
			s := Own(t)
			if _, err := get(t, s.URL+"/api/version"); err != nil {
				t.Fatal(err)
			}
			dir := s.Dir()
			end(s)
			if _, err := get(t, s.URL+"/api/version"); err == nil {
				t.Error("it still answers")
			}
			if _, err := os.Stat(dir); !os.IsNotExist(err) {
				t.Errorf("its folder is still there: %v", err)
			}
		})
	}
}

// holder is set for the process that holds a server and is killed.
const holder = "OLLAMATEST_HOLDER"

func TestServerEndsWithItsTestBinary(t *testing.T) {
	need(t)
	if os.Getenv(holder) != "" {
		os.Stdout.WriteString(Own(t).URL + "\n")
		select {}
	}
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), holder+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimSpace(url), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the server outlived the test binary")
	}
}
