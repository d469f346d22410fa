package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheShownRunIsExported(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sum.prompt": "---\nconfig: {temperature: 0, seed: 3}\nreprise.answer: {type: number}\n---\nWhat is 4728 + 1593?\n", "taken.html": "mine"})
	term := start(t, session{w: 120, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("sum.prompt", "sum not run yet", "stands in")
	term.press("f5")
	term.see("answer: 6321", "done")
	term.press("alt+4", "E")
	term.see("Export run", "a page", "Reprise traces", "Markdown")
	term.press("enter")
	term.see("The file, from the workspace's folder", "sum-", ".html")
	term.press("enter")
	term.see("wrote sum-")
	files, err := filepath.Glob(filepath.Join(dir, "sum-*.html"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files: %v, %v", files, err)
	}
	if page, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(page), ">6321</h1>") {
		t.Errorf("the page: %v\n%.300s", err, page)
	}

	// A file that is there is not overwritten without a question, and not in vain.
	holds := func(want string) {
		t.Helper()
		if text, err := os.ReadFile(filepath.Join(dir, "taken.html")); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("taken.html holds %.40q, %v", text, err)
		}
	}
	name := func() {
		t.Helper()
		term.press("E")
		term.see("Export run", "a page")
		term.press("enter")
		term.see("The file, from the workspace's folder")
		term.press("ctrl+u", "taken.html", "enter")
		term.see("Overwrite taken.html?")
	}
	name()
	term.press("n")
	term.gone("Overwrite taken.html?")
	holds("mine")
	name()
	term.press("o")
	term.see("wrote taken.html")
	holds("6321")

	term.press("E")
	term.see("Export run", "a page")
	term.press("enter")
	term.see("The file, from the workspace's folder")
	term.press("ctrl+u", "no/such.html")
	term.see("there is no folder")
	term.press("esc")
}

func TestRunsOfOtherToolsAreImportedAndShown(t *testing.T) {
	dir := workspaceWith(t, map[string]string{
		"sum.prompt": "What is 1 + 2?\n",
		"chat.jsonl": `{"object":"chat.completion","created":1741569952,"model":"qwen3:4b","messages":[{"role":"user","content":"Is it {{five}}?"}],"choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"First, add.\nWait, it is 5.","content":"Five."},"finish_reason":"stop"}]}`,
		"two.jsonl":  "{\"prompt\": \"a\", \"output\": \"first \\u001b[31mred\"}\n{\"prompt\": \"b\", \"output\": \"second\"}\n",
		"bad.jsonl":  "{\"prompt\": \"a\", \"output\": \"b\"}\n{\"colour\": 1}\n",
	})
	term := start(t, session{w: 170, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("sum.prompt")
	imports := func(file string) {
		t.Helper()
		term.press("ctrl+p")
		term.see("type to filter")
		term.press("import runs", "enter")
		term.see("A file of traces")
		term.press(file, "enter")
	}
	imports("missing.jsonl")
	term.see("there is no such file")
	term.press("esc")
	term.gone("A file of traces")
	imports("chat.jsonl")
	term.see("imported/chat is not in the workspace", "write it, and show the run")
	term.press("y")
	term.see("trace imported/chat@v1", "openai/qwen3:4b · imported from chat.jsonl", "Wait, it is 5.", "Five.", `Is it \{{five}}?`)

	// It is stepped through, and what cannot go on says why.
	term.press("alt+4", "home", "]", "]")
	term.see("uncertainty")
	term.press("r")
	term.see("was imported from chat.jsonl", "there is no provider openai here")

	// Several runs are listed, with where they come from; once is enough.
	imports("two.jsonl")
	term.see("Runs of two.jsonl", "↓ v1", "↓ v2", "imported: prompts with outputs in two.jsonl")
	term.press("esc")
	term.gone("Runs of two.jsonl")
	imports("two.jsonl")
	term.see("two.jsonl: its 2 runs are here already")
	imports("bad.jsonl")
	term.see("bad.jsonl:2: an object with the keys colour is no recorded answer")
	if strings.Contains(term.output(), "\x1b[31mred") {
		t.Error("the terminal got an escape sequence of a file")
	}
}
