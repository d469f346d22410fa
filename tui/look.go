package tui

import (
	"fmt"
	"os"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"reprise/engine/config"
	"reprise/themes"
	"reprise/tui/dialog"
	"reprise/tui/screen"
	"reprise/tui/settings"
)

// look is the theme in use and those to choose from.
type look struct {
	styles *screen.Styles
	theme  themes.Theme
	all    []themes.Theme
	dark   themes.Theme // for terminals with a dark background
	light  themes.Theme
	isDark bool // the terminal's background is
	plain  bool // NO_COLOR: nothing is coloured
	few    bool // the terminal has sixteen colours, in which a scheme's would run together
}

// newLook finds the themes: what was chosen in the IDE goes before what is
// configured, that before the defaults. What cannot be used is a warning.
func newLook(env []string, dir string, configured settings.Settings, state settings.State) (look, []string) {
	l := look{all: themes.Bundled(), dark: themes.Dark(), light: themes.Light(), isDark: true, plain: noColour(env)}
	var warnings []string
	if dir != "" {
		own, errs := themes.Load(os.DirFS(settings.ThemesDir(dir)))
		l.all = append(l.all, own...)
		for _, err := range errs {
			warnings = append(warnings, err.Error())
		}
	}
	for _, choice := range []struct {
		slug string
		into *themes.Theme
	}{{configured.Dark, &l.dark}, {configured.Light, &l.light}, {state.Dark, &l.dark}, {state.Light, &l.light}} {
		if choice.slug == "" {
			continue
		}
		if t, ok := l.named(choice.slug); ok {
			*choice.into = t
		} else {
			warnings = append(warnings, fmt.Sprintf("no theme is called %q", choice.slug))
		}
	}
	l.use(l.dark)
	return l, warnings
}

// noColour reports whether NO_COLOR is set and not empty (no-color.org).
func noColour(env []string) bool {
	on := false
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "NO_COLOR="); ok {
			on = value != ""
		}
	}
	return on
}

func (l *look) named(slug string) (themes.Theme, bool) {
	i := slices.IndexFunc(l.all, func(t themes.Theme) bool { return t.Slug == slug })
	if i < 0 {
		return themes.Theme{}, false
	}
	return l.all[i], true
}

func (l *look) use(t themes.Theme) {
	switch {
	case l.plain:
		t = themes.Plain()
	case l.few:
		t = themes.Terminal(l.isDark)
	}
	l.theme, l.styles = t, screen.NewStyles(t)
}

// setTheme draws everything in a theme.
func (a *App) setTheme(t themes.Theme) {
	a.look.use(t)
	for _, p := range []pane{a.programs, a.inputs, a.trace, a.compare} {
		p.SetStyles(a.look.styles)
	}
	for _, d := range a.docs {
		d.editor.SetStyles(a.look.styles)
	}
	for _, d := range a.dialogs {
		d.SetStyles(a.look.styles)
	}
	a.touchAll()
}

// setColours takes what the terminal can show.
func (a *App) setColours(profile colorprofile.Profile) {
	few := profile == colorprofile.ANSI || profile == colorprofile.ASCII
	if a.look.few != few {
		a.look.few = few
		a.setTheme(a.look.background())
	}
}

// background is the theme for the terminal's background.
func (l *look) background() themes.Theme {
	if l.isDark {
		return l.dark
	}
	return l.light
}

// setDark takes the theme for the terminal's background.
func (a *App) setDark(dark bool) {
	if a.look.isDark == dark {
		return
	}
	a.look.isDark = dark
	a.setTheme(a.look.background())
}

func (a *App) whyNotTheme() string {
	if a.look.plain {
		return "NO_COLOR is set"
	}
	if a.look.few {
		return "the terminal has only its own sixteen colours"
	}
	return ""
}

// pickTheme lets the person choose among the themes and see each at once.
func (a *App) pickTheme() tea.Cmd {
	before := a.look.theme
	var items []dialog.Item
	for _, dark := range []bool{a.look.isDark, !a.look.isDark} {
		heading := "light"
		if dark {
			heading = "dark"
		}
		items = append(items, dialog.Item{Heading: true, Label: heading})
		for _, t := range a.look.all {
			if t.Dark == dark {
				items = append(items, dialog.Item{ID: t.Slug, Label: t.Name})
			}
		}
	}
	list := dialog.NewList(a.look.styles, "Theme", items, "")
	list.Select(before.Slug)
	return a.open(list, func(result any) tea.Cmd {
		switch result := result.(type) {
		case dialog.Moved:
			if t, ok := a.look.named(result.ID); ok {
				a.setTheme(t)
			}
		case dialog.Picked:
			if t, ok := a.look.named(result.ID); ok {
				return a.chooseTheme(t)
			}
		default:
			a.setTheme(before)
		}
		return nil
	})
}

// chooseTheme keeps a theme for terminals with the background of this one.
func (a *App) chooseTheme(t themes.Theme) tea.Cmd {
	if a.look.isDark {
		a.look.dark, a.state.Dark = t, t.Slug
	} else {
		a.look.light, a.state.Light = t, t.Slug
	}
	a.setTheme(t)
	return a.rememberState()
}

// rememberState writes the person's choices down.
func (a *App) rememberState() tea.Cmd {
	state, dir := a.state, a.dir
	a.chosen = true
	return func() tea.Msg { return errMsg{state.Save(dir)} }
}

// keepState writes the choices of this session down again, in case quitting
// was faster than the last command.
func (a *App) keepState() error {
	if !a.chosen {
		return nil
	}
	return a.state.Save(a.dir)
}

// configFile is where a person configures the IDE.
func (a *App) configFile() string {
	if a.dir == "" {
		return "config.yaml"
	}
	return config.File(a.dir)
}
