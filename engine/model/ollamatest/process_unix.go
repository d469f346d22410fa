//go:build unix

package ollamatest

import (
	"os/exec"
	"syscall"
)

// leash runs `$1 serve` until it ends or until standard input is closed, which
// happens when the test binary ends in whatever way; then it removes folder $2.
const leash = `
exec 3<&0
"$1" serve </dev/null 3<&- & server=$!
(read -r _ <&3; kill "$server") >/dev/null 2>&1 & watch=$!
wait "$server"
kill "$watch" 2>/dev/null
rm -rf "$2"
`

// leashed is the command that serves as long as its standard input is open.
// It leads a process group of its own, runners of models included.
func leashed(bin, dir string) *exec.Cmd {
	c := exec.Command("/bin/sh", "-c", leash, "ollamatest", bin, dir)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

// killGroup kills a process and all that it started.
func killGroup(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL) // gone already is fine
}
