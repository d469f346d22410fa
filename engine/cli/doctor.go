package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"reprise/engine/model"
	"reprise/engine/model/openai"
	"reprise/engine/store"
)

// finding is the state of one thing that Reprise needs.
type finding struct {
	State string `json:"state"` // ok, warn, fail
	What  string `json:"what"`
	Found string `json:"found"`
	Next  string `json:"next,omitempty"` // what to do
}

// serverTime bounds how long doctor waits for a server.
const serverTime = 5 * time.Second

func (a *app) doctorCommand() *cobra.Command {
	var json bool
	c := a.command("doctor", "tell what works here and what does not", `Look at everything Reprise needs and tell what works here, what does not, and
what to do about it. Ends with code 1 where something fails.`, `  reprise doctor`,
		func(ctx context.Context, _ []string) error { return a.doctor(ctx, json) })
	c.Args = noArguments
	c.Flags().BoolVar(&json, "json", false, "as a JSON list")
	return c
}

func (a *app) doctor(ctx context.Context, json bool) error {
	e, err := a.open()
	if err != nil {
		return err
	}
	all := examineProviders(ctx, e.Providers())
	all = append(all, a.examineWorkspace()...)
	all = append(all, a.examineTerminal(), examineColours(), examineEditor(), examineGit())
	failed := false
	for _, f := range all {
		failed = failed || f.State == "fail"
	}
	if json {
		if err := a.jsonDocument(all); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			a.finding(f)
		}
	}
	if failed {
		return silent(exitFound)
	}
	return nil
}

func (a *app) finding(f finding) {
	st := map[string]style{"ok": success, "warn": warning, "fail": danger}[f.State]
	a.out.paint(st, pad(f.State, 4))
	a.out.line("  " + pad(f.What, 10) + "  " + oneLine(f.Found))
	if f.Next != "" {
		a.out.paintLine(muted, strings.Repeat(" ", 18)+oneLine(f.Next))
	}
}

// examineProviders looks for models. A provider that fails is only a warning
// where another one works.
func examineProviders(ctx context.Context, providers []model.Provider) []finding {
	var all []finding
	works := false
	for _, p := range providers {
		servers := []model.Provider{p}
		if several, ok := p.(model.Joiner); ok {
			servers = several.Servers()
		}
		for _, server := range servers {
			found := examineProvider(ctx, server)
			works = works || !slices.ContainsFunc(found, func(f finding) bool { return f.State == "fail" })
			all = append(all, found...)
		}
		all = append(all, examineDigests(ctx, servers)...)
	}
	if !slices.ContainsFunc(providers, func(p model.Provider) bool { return p.Name() == openai.Name }) {
		all = append(all, finding{State: "ok", What: openai.Name, Found: "not set up", Next: "set " + openai.AddressVariable + " to reach vLLM, SGLang, llama.cpp's server and others"})
	}
	for i := range all {
		if works && all[i].State == "fail" {
			all[i].State = "warn"
		}
	}
	return all
}

// examineProvider looks for the server and its models.
func examineProvider(ctx context.Context, p model.Provider) []finding {
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	if v, ok := p.(model.Versioner); ok {
		version, err := v.Version(ctx)
		if err != nil {
			f := finding{State: "fail", What: p.Name(), Found: err.Error()}
			if what, next, ok := strings.Cut(f.Found, "; "); ok {
				f.Found, f.Next = what, next
			}
			return []finding{f}
		}
		f := finding{State: "ok", What: p.Name(), Found: "answers at " + v.Endpoint()}
		if version != "" {
			f.Found = "version " + version + " at " + v.Endpoint()
		}
		if of, ok := p.(model.Parallel); ok {
			f.Found += fmt.Sprintf(", asked for %d at once", of.Parallel())
		}
		return []finding{f, examineModels(ctx, p)}
	}
	f := examineModels(ctx, p)
	f.What, f.Found = p.Name(), f.Found+", needs no server"
	return []finding{f}
}

func examineModels(ctx context.Context, p model.Provider) finding {
	f := finding{State: "ok", What: "models"}
	lister, ok := p.(model.Lister)
	if !ok {
		f.Found = p.Name() + " lists no models"
		return f
	}
	models, err := lister.Models(ctx)
	if err != nil {
		return finding{State: "fail", What: "models", Found: err.Error()}
	}
	if len(models) == 0 {
		return finding{State: "fail", What: "models", Found: "none", Next: "get one: `reprise pull qwen3:4b`"}
	}
	thinking := 0
	for _, m := range models {
		if m.May().Thinking {
			thinking++
		}
	}
	f.Found = fmt.Sprintf("%s, %d with thinking", count(len(models), "model"), thinking)
	if thinking == 0 {
		f.State, f.Next = "warn", "to step through a model's thinking get one that thinks: `reprise pull qwen3:4b`"
	}
	return f
}

// examineDigests looks for models that are not the same on all servers of a
// provider: a run goes only to those that have the first's.
func examineDigests(ctx context.Context, servers []model.Provider) []finding {
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	digests, other := make(map[string]string), make(map[string]bool)
	for _, server := range servers {
		lister, ok := server.(model.Lister)
		if !ok || len(servers) == 1 {
			return nil
		}
		infos, _ := lister.Models(ctx) // what fails has been said
		for _, info := range infos {
			if first := digests[info.Name]; first != "" && info.Digest != "" && info.Digest != first {
				other[info.Name] = true
			}
			digests[info.Name] = cmp.Or(digests[info.Name], info.Digest)
		}
	}
	if len(other) == 0 {
		return nil
	}
	return []finding{{
		State: "warn", What: "models", Found: "not the same on all servers: " + strings.Join(slices.Sorted(maps.Keys(other)), ", "),
		Next: "runs go to the servers that have the first one's; pull or copy it to the others",
	}}
}

// examineWorkspace looks at the folder and its store.
func (a *app) examineWorkspace() []finding {
	dir, err := a.workspace()
	if err != nil {
		return []finding{{State: "fail", What: "workspace", Found: err.Error()}}
	}
	out := []finding{{State: "ok", What: "workspace", Found: fmt.Sprintf("%s, %s", dir, count(len(listed(os.DirFS(dir))), "program"))}}
	file := filepath.Join(dir, store.Folder, store.File)
	if _, err := os.Stat(file); err != nil {
		if probe, err := os.CreateTemp(dir, ".reprise-*"); err != nil {
			return append(out, finding{State: "fail", What: "store", Found: "this folder cannot be written, so runs cannot be recorded", Next: "work in another folder (-C DIR), or change its permissions"})
		} else {
			probe.Close()
			os.Remove(probe.Name())
		}
		return append(out, finding{State: "ok", What: "store", Found: "none yet; the first run makes " + file})
	}
	s, err := a.store()
	if err == nil {
		var programs []string
		if programs, err = s.Programs(); err == nil {
			return append(out, finding{State: "ok", What: "store", Found: fmt.Sprintf("%s, %s with runs", file, count(len(programs), "program"))})
		}
	}
	return append(out, finding{State: "fail", What: "store", Found: err.Error()})
}

func (a *app) examineTerminal() finding {
	f := finding{State: "ok", What: "terminal"}
	term := os.Getenv("TERM")
	switch {
	case !a.out.terminal:
		f.Found = "standard output is no terminal; the IDE needs one"
	case term == "" || term == "dumb":
		f.State, f.Found, f.Next = "warn", fmt.Sprintf("TERM is %q", term), "set TERM to what your terminal is, for example xterm-256color"
	default:
		f.Found = fmt.Sprintf("%s, %d cells wide", term, a.out.width)
		if a.out.width < 80 {
			f.State, f.Next = "warn", "the IDE needs 80 by 24 cells"
		}
	}
	if !utf8Locale() && f.State == "ok" {
		f.State, f.Next = "warn", "the locale is not UTF-8; set LANG, for example to C.UTF-8"
	}
	return f
}

// utf8Locale follows the order in which the C library reads the locale.
func utf8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

func examineColours() finding {
	f := finding{State: "ok", What: "colours"}
	if os.Getenv("NO_COLOR") != "" {
		f.Found = "off, NO_COLOR is set"
		return f
	}
	switch profile := colorprofile.Env(os.Environ()); profile {
	case colorprofile.TrueColor:
		f.Found = "24 bits"
	case colorprofile.ANSI256:
		f.Found = "256"
		f.Next = "if your terminal has 24-bit colours, set COLORTERM=truecolor"
	case colorprofile.ANSI:
		f.Found = "16"
	default:
		f.State, f.Found = "warn", "none"
	}
	return f
}

func examineEditor() finding {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		words := strings.Fields(os.Getenv(name))
		if len(words) == 0 {
			continue
		}
		if _, err := exec.LookPath(words[0]); err != nil {
			return finding{State: "warn", What: "editor", Found: fmt.Sprintf("%s is %q, which is not to be found", name, words[0]), Next: "set it to a program on the PATH"}
		}
		return finding{State: "ok", What: "editor", Found: strings.Join(words, " ") + " (" + name + ")"}
	}
	return finding{State: "ok", What: "editor", Found: "the built-in one; set EDITOR to hand over to another"}
}

func examineGit() finding {
	path, err := exec.LookPath("git")
	if err != nil {
		return finding{State: "warn", What: "git", Found: "not installed", Next: "install it to compare with git revisions"}
	}
	return finding{State: "ok", What: "git", Found: path}
}
