// Command reprise is a terminal IDE for prompt programs on local models.
package main

import (
	"context"
	"os"

	"reprise/engine/cli"
	"reprise/tui"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], tui.Run, os.Stdin, os.Stdout, os.Stderr))
}
