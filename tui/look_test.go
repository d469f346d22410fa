package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"reprise/engine"
	"reprise/themes"
	"reprise/tui/workspace"
)

// A terminal of sixteen colours gets them as they are; one of more gets the
// theme.
func TestSixteenColours(t *testing.T) {
	folder, err := workspace.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	eng := engine.Open(engine.Config{Workspace: folder.Dir})
	a, err := New(t.Context(), eng, folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	if got := a.look.theme.Name; got != themes.Terminal(true).Name || a.whyNotTheme() == "" {
		t.Errorf("sixteen colours: %s", got)
	}
	a.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	if got := a.look.theme.Slug; got != themes.Dark().Slug || a.whyNotTheme() != "" {
		t.Errorf("true colour: %s", got)
	}
}
