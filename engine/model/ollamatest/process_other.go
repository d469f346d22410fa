//go:build !unix

package ollamatest

import (
	"os"
	"os/exec"
)

// leashed runs the server without a watch over it: it has to be stopped.
func leashed(bin, _ string) *exec.Cmd { return exec.Command(bin, "serve") }

func killGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill() // gone already is fine
	}
}
