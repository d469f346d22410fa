//go:build !unix

package servers

import "os/exec"

func apart(*exec.Cmd) {}

func terminate(cmd *exec.Cmd) {}

func kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
