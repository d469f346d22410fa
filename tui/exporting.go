package tui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/exchange"
	"reprise/engine/file"
	"reprise/engine/store"
	"reprise/themes"
	"reprise/tui/dialog"
)

// exchangeMsg is an answer about files of runs.
type exchangeMsg interface{ exchange() }

// exportedMsg says that a run was written to a file, or why not.
type exportedMsg struct {
	file string
	err  error
}

func (exportedMsg) exchange() {}

func (a *App) exchangeAnswered(msg exchangeMsg) tea.Cmd {
	switch msg := msg.(type) {
	case exportedMsg:
		if msg.err != nil {
			a.fail(msg.err)
			return nil
		}
		return a.say(infoNotice, "wrote "+msg.file)
	case importingMsg:
		return a.importGoesOn(msg)
	case importedMsg:
		return a.imported(msg)
	case broughtBackMsg:
		return a.broughtBack(msg)
	}
	return nil
}

// askExport asks in which form the shown run is to be written, and where to.
func (a *App) askExport() tea.Cmd {
	items := []dialog.Item{
		{ID: string(exchange.HTML), Label: "a page", Detail: exchange.HTML.Extension(), Note: "HTML that needs nothing else: steps, tokens, the tree of samples; for people"},
		{ID: string(exchange.JSONL), Label: "Reprise traces", Detail: exchange.JSONL.Extension(), Note: "JSON lines that can be imported again without loss"},
		{ID: string(exchange.Markdown), Label: "Markdown", Detail: exchange.Markdown.Extension(), Note: "for a place where people discuss"},
	}
	r := a.doc.shown.record
	return a.open(dialog.NewList(a.look.styles, "Export run "+r.ID+" as", items, ""), func(result any) tea.Cmd {
		if picked, ok := result.(dialog.Picked); ok {
			return a.askExportFile(r, exchange.As(picked.ID))
		}
		return nil
	})
}

func (a *App) askExportFile(r store.Run, as exchange.As) tea.Cmd {
	text := strings.ReplaceAll(path.Base(r.Program), " ", "-") + "-" + r.ID[max(0, len(r.ID)-5):] + as.Extension()
	prompt := dialog.NewPrompt(a.look.styles, "Export run "+r.ID, "The file, from the workspace's folder:", text, func(typed string) error {
		return a.checkFolderOf(typed)
	})
	return a.open(prompt, func(result any) tea.Cmd {
		entered, ok := result.(dialog.Entered)
		if !ok {
			return nil
		}
		name := a.fileTyped(entered.Text)
		if _, err := os.Lstat(name); err != nil {
			return a.export(r, as, name, false)
		}
		question := dialog.NewQuestion(a.look.styles, "Overwrite "+entered.Text+"?", "The file exists; what it holds would be lost.",
			dialog.Answer{Key: "n", Label: "no, keep it"}, dialog.Answer{Key: "o", Label: "overwrite it"})
		return a.open(question, func(result any) tea.Cmd {
			if chosen, ok := result.(dialog.Chosen); ok && chosen.Key == "o" {
				return a.export(r, as, name, true)
			}
			return nil
		})
	})
}

// fileTyped is the file that a person typed: from the workspace's folder, where it
// does not begin at the root or at home.
func (a *App) fileTyped(typed string) string {
	typed = strings.TrimSpace(typed)
	if rest, ok := strings.CutPrefix(typed, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(typed) {
		return filepath.Clean(typed)
	}
	return filepath.Join(a.folder.Dir, typed)
}

// checkFolderOf judges the name of a file that is to be written, as it is typed.
func (a *App) checkFolderOf(typed string) error {
	if typed = strings.TrimSpace(typed); typed == "" {
		return errors.New("a file is needed")
	}
	name := a.fileTyped(typed)
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return errors.New("this is a folder; name a file in it")
	}
	if info, err := os.Stat(filepath.Dir(name)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s", filepath.Dir(name))
	}
	return nil
}

func (a *App) export(r store.Run, as exchange.As, name string, replace bool) tea.Cmd {
	ctx, st := a.ctx, a.storeIfAny
	short := name
	if rel, err := filepath.Rel(a.folder.Dir, name); err == nil && filepath.IsLocal(rel) {
		short = rel
	}
	return func() tea.Msg {
		s := st()
		if s == nil {
			return exportedMsg{err: errors.New("the run is not recorded")}
		}
		recorded, err := s.Run(r.ID) // with its parts and all of its forks
		if err == nil {
			err = file.Write(name, replace, func(w io.Writer) error {
				return exchange.Write(ctx, s, []store.Run{recorded}, as, themes.PageCSS(), w)
			})
		}
		return exportedMsg{file: short, err: err}
	}
}
