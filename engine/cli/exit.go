package cli

import (
	"fmt"
	"strings"
)

// Exit codes of every command.
const (
	exitOK          = 0
	exitFound       = 1
	exitUsage       = 2
	exitProgram     = 3
	exitNoModel     = 4
	exitModelFailed = 5
	exitWorkspace   = 6
	exitNotAllowed  = 7
	exitStopped     = 8
	exitInterrupted = 130
)

// exitCodes is the one table of exit codes: help and the README show it.
var exitCodes = []struct {
	Code    int
	Meaning string
}{
	{exitOK, "all is well"},
	{exitFound, "differences, errors or defects were found (diff, check, doctor, restore, export)"},
	{exitUsage, "the command line is wrong: a command, a flag, an input, a name that does not exist"},
	{exitProgram, "the program has errors and cannot run"},
	{exitNoModel, "no server, no such model, or a model that cannot do what the program asks"},
	{exitModelFailed, "the model failed, or a server of its tools; what it had said is kept"},
	{exitWorkspace, "a file or the store cannot be read or written"},
	{exitNotAllowed, "the program starts or reaches what is not allowed in this workspace (see trust)"},
	{exitStopped, "a breakpoint ended the run (run --break without a terminal, or with --on-break stop); what the model had said is kept"},
	{exitInterrupted, "interrupted (Ctrl+C); what the model had said is kept"},
}

// ExitCodes is the table of exit codes in Markdown, for the README.
func ExitCodes() string {
	var b strings.Builder
	b.WriteString("| code | meaning |\n|---|---|\n")
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "| %d | %s |\n", e.Code, e.Meaning)
	}
	return b.String()
}

func exitCodeHelp() string {
	var b strings.Builder
	b.WriteString("Every command ends with one of these codes:\n\n")
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "  %3d  %s\n", e.Code, e.Meaning)
	}
	return b.String()
}
