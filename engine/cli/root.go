package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"reprise/programs/source"
)

const rootLong = `Reprise is a terminal IDE for prompt programs on local models.

Without a command it opens the IDE on the workspace: the folder given by -C,
otherwise the nearest folder upwards that has a .reprise folder, otherwise the
current one. A folder as the only argument opens the IDE there, a .prompt file
opens it on that program.

A PROGRAM is a path (math/solve.prompt), a name in the workspace (math/solve),
or a bundled program (library:arithmetic/cot, or only arithmetic/cot).`

const rootExample = `  reprise                              open the IDE here
  reprise run arithmetic/cot           run a bundled program
  reprise run solve -i question=@q.txt give an input from a file
  reprise diff solve@v1 solve          what changed since version 1`

// The groups that help lists commands in.
const (
	groupRun     = "run"
	groupHistory = "history"
	groupModels  = "models"
	groupHere    = "here"
)

func (a *app) root() *cobra.Command {
	cobra.EnableCommandSorting = false // they are listed in the order of the work
	root := &cobra.Command{
		Use:   "reprise [COMMAND]",
		Short: "a terminal IDE for prompt programs on local models",
		Long:  rootLong, Example: rootExample,
		Version:               version,
		Args:                  cobra.ArbitraryArgs,
		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
		RunE:                  a.openOr,
		ValidArgsFunction:     cobra.NoFileCompletions,
		PersistentPreRunE:     func(c *cobra.Command, _ []string) error { return exclusive(c) },
	}
	root.PersistentFlags().StringVarP(&a.dir, "workspace", "C", "", "work in `DIR` instead of looking for the workspace")
	root.SetFlagErrorFunc(flagError)
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpTemplate("{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}\n\n{{end}}{{.UsageString}}")
	root.SetVersionTemplate("reprise {{.Version}}\n")
	root.AddGroup(
		&cobra.Group{ID: groupRun, Title: "Programs:"},
		&cobra.Group{ID: groupHistory, Title: "What was recorded:"},
		&cobra.Group{ID: groupModels, Title: "Models:"},
		&cobra.Group{ID: groupHere, Title: "This machine:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			a.completeFlags(c)
			root.AddCommand(c)
		}
	}
	add(groupRun, a.runCommand(), a.renderCommand(), a.checkCommand(), a.explainCommand(), a.breakpointsCommand(), a.trustCommand(), a.newCommand(), a.listCommand())
	add(groupHistory, a.runsCommand(), a.showCommand(), a.traceCommand(), a.forkCommand(), a.importanceCommand(), a.versionsCommand(), a.diffCommand(), a.restoreCommand(), a.exportCommand(), a.importCommand())
	add(groupModels, a.modelsCommand(), a.pullCommand())
	add(groupHere, a.doctorCommand(), a.locateCommand())
	root.SetCompletionCommandGroupID(groupHere)
	root.SetHelpCommandGroupID(groupHere)
	root.InitDefaultCompletionCmd("reprise")
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Short = "print the completion script for a shell"
		case "help":
			c.Short = "explain a command"
		}
	}
	root.AddCommand(&cobra.Command{Use: "exit-codes", Short: "the exit codes of all commands", Long: strings.TrimSpace(exitCodeHelp())})
	return root
}

// openOr opens the IDE, on the folder or file given; anything else was meant
// to be a command.
func (a *app) openOr(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		workspace, err := a.workspace()
		if err != nil {
			return err
		}
		return a.openIDE(c.Context(), workspace, "")
	}
	if _, err := os.Stat(args[0]); len(args) == 1 && (err == nil || strings.ContainsAny(args[0], `/\.`)) {
		workspace, program, err := a.placeOf(args[0])
		if err != nil {
			return err
		}
		return a.openIDE(c.Context(), workspace, program)
	}
	hint := "`reprise help` lists the commands"
	var commands []string
	for _, command := range c.Commands() {
		commands = append(commands, command.Name())
	}
	if near, ok := source.Closest(args[0], commands); ok {
		hint = "did you mean `reprise " + near + "`?"
	}
	return fail(exitUsage, "unknown command %q; %s", args[0], hint)
}

// placeOf gives the workspace for a folder or a .prompt file that exists, and
// the file's path in it.
func (a *app) placeOf(path string) (workspace, program string, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil || !info.IsDir() && filepath.Ext(path) != ".prompt":
		return "", "", fail(exitUsage, "%s: no such folder or .prompt file", path)
	case info.IsDir() && a.dir != "":
		return "", "", fail(exitUsage, "two workspaces: -C %s and %s; give one", a.dir, path)
	}
	abs, err := filepath.Abs(path)
	if err != nil || info.IsDir() {
		return abs, "", err
	}
	if workspace = workspaceOf(filepath.Dir(abs)); a.dir != "" {
		if workspace, err = a.workspace(); err != nil {
			return "", "", err
		}
	}
	program, err = filepath.Rel(workspace, abs)
	if err != nil || !filepath.IsLocal(program) {
		return "", "", fail(exitUsage, "%s is not in the workspace %s", path, workspace)
	}
	return workspace, filepath.ToSlash(program), nil
}

// flagError says which flag was probably meant.
func flagError(c *cobra.Command, err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near, ok := source.Closest(name, names); ok {
			return fail(exitUsage, "unknown flag --%s; did you mean --%s?", name, near)
		}
	}
	return fail(exitUsage, "%v; see `%s --help`", err, c.CommandPath())
}

// exclusive refuses flags that do not go together, before cobra does in words of its own.
func exclusive(c *cobra.Command) error {
	err := c.ValidateFlagGroups()
	if err == nil {
		return nil
	}
	text := err.Error()
	if _, given, ok := strings.Cut(strings.TrimSuffix(text, "] were all set"), "; ["); ok {
		text = "--" + strings.Join(strings.Fields(given), " and --") + " do not go together; give one of them"
	}
	return fail(exitUsage, "%s", text)
}

const usageTemplate = `Usage:
  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}{{$root := .}}{{range $group := .Groups}}

{{.Title}}{{range $root.Commands}}{{if (and (eq .GroupID $group.ID) (or .IsAvailableCommand (eq .Name "help")))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if not .Groups}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Everywhere:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if not .HasParent}}

` + "`reprise help COMMAND` explains one; `reprise help exit-codes` lists the exit codes." + `{{end}}
`
