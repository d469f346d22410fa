package editor

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reprise/themes"
	"reprise/tui/editor/buffer"
	"reprise/tui/screen"
)

// longProgram is a program of about n lines.
func longProgram(n int) string {
	var b strings.Builder
	b.WriteString("---\nmodel: ollama/qwen3\ninput:\n  schema:\n    name: string\n---\n")
	for i := 0; i < n; i += 5 {
		fmt.Fprintf(&b, "{{#if part%d}}\n# Part %d\nAnswer the question of {{name}} in a few short words, and say how sure you are.\n- think `step by step`\n{{/if}}\n", i, i)
	}
	return b.String()
}

// benchmarkKeys measures what it takes from a key to the drawn pane.
func benchmarkKeys(b *testing.B, text string, at buffer.Pos, keys ...string) {
	p := open(b, text).pane
	p.SetStyles(screen.NewStyles(themes.Dark()))
	p.buffer.MoveTo(at, false)
	p.touch()
	p.View(200, 50, true)
	b.ReportAllocs()
	for b.Loop() {
		for _, key := range keys {
			if _, ok := byID[key]; ok {
				p.Do(key)
			} else {
				p.Update(tea.KeyPressMsg{Text: key})
			}
			p.View(200, 50, true)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(keys))/1e6, "ms/key")
}

func BenchmarkType(b *testing.B) {
	for _, bench := range []struct {
		name, text string
		at         buffer.Pos
	}{
		{"5000lines", longProgram(5000), buffer.Pos{Line: 2500, Byte: 3}},
		{"100000lines", longProgram(100000), buffer.Pos{Line: 50000, Byte: 3}},
		{"100kBline", strings.Repeat("All work and {{no}} play makes a line too long. ", 2100), buffer.Pos{Byte: 50000}},
		{"100kBwide", strings.Repeat("一行が長すぎると{{大変}}です。", 2400), buffer.Pos{Byte: 49999}},
		{"100kBaccents", strings.Repeat("e\u0301te\u0301 👩‍👩‍👧 ", 3400), buffer.Pos{Byte: 50000}},
	} {
		b.Run(bench.name, func(b *testing.B) { benchmarkKeys(b, bench.text, bench.at, "x", "editor.backspace") })
		b.Run(bench.name+"/enter", func(b *testing.B) { benchmarkKeys(b, bench.text, bench.at, "editor.newline", "editor.undo") })
		b.Run(bench.name+"/page", func(b *testing.B) { benchmarkKeys(b, bench.text, bench.at, "editor.page-down", "editor.page-up") })
		b.Run(bench.name+"/ends", func(b *testing.B) { benchmarkKeys(b, bench.text, bench.at, "editor.bottom", "editor.top") })
		b.Run(bench.name+"/find", func(b *testing.B) { benchmarkFind(b, bench.text) })
		b.Run(bench.name+"/all", func(b *testing.B) { benchmarkKeys(b, bench.text, bench.at, "editor.select.all", "editor.left") })
	}
}

// benchmarkFind types into the find bar with a match in every word.
func benchmarkFind(b *testing.B, text string) {
	p := open(b, text).pane
	p.View(200, 50, true)
	p.Do("editor.find")
	for b.Loop() {
		p.Update(tea.KeyPressMsg{Text: "e"})
		p.View(200, 50, true)
		p.Do("editor.backspace")
		p.View(200, 50, true)
	}
}

// BenchmarkOpenedTag types what changes the state of every line behind it, and
// goes there.
func BenchmarkOpenedTag(b *testing.B) {
	benchmarkKeys(b, longProgram(100000), buffer.Pos{Line: 8}, "{{!--", "editor.bottom", "editor.undo", "editor.bottom", "editor.top")
}
