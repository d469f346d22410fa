package themes

import (
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// Plain is the theme without colours, for NO_COLOR: everything is the
// terminal's own, told apart by weight, underlining and reversal.
func Plain() Theme { return Theme{Name: "no colour", Slug: "plain", Dark: true} }

// Terminal is the theme in the terminal's own sixteen colours, on its own
// background: for terminals that have no more, and for people who have chosen
// them with care. It has no surfaces: what is selected is reversed. How well
// its colours read is up to the terminal.
func Terminal(dark bool) Theme {
	pick := func(onDark, onLight ansi.BasicColor) color.Color {
		if dark {
			return onDark
		}
		return onLight
	}
	red, green := pick(ansi.BrightRed, ansi.Red), pick(ansi.BrightGreen, ansi.Green)
	yellow, blue := pick(ansi.BrightYellow, ansi.Yellow), pick(ansi.BrightBlue, ansi.Blue)
	purple, cyan := pick(ansi.BrightMagenta, ansi.Magenta), pick(ansi.BrightCyan, ansi.Cyan)
	grey := pick(ansi.White, ansi.BrightBlack)
	t := Theme{
		Name: "the terminal's colours, light", Slug: "terminal-light", Dark: dark,
		Muted: grey, Border: grey, Focus: blue,
		Accent: blue, Info: cyan, Success: green, Warning: yellow, Danger: red,
		AddedText: green, RemovedText: red, Thinking: purple,
		Keyword: purple, String: green, Number: yellow, Comment: grey,
		Function: blue, Variable: red, Operator: cyan, Tag: yellow, Property: blue,
		Heading: blue, Link: cyan, Code: green, Quote: cyan,
		Heat:    []color.Color{cyan, yellow, purple, red},
		Origins: []color.Color{blue, green, purple, yellow, cyan, red},
	}
	if dark {
		t.Name, t.Slug = "the terminal's colours, dark", "terminal-dark"
	}
	return t
}
