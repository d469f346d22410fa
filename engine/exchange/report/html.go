package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/visible"
	"reprise/engine/vote"
	prompt "reprise/programs/template"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	sheet string

	page = template.Must(template.New("page").Parse(pageText))
)

// HTML writes the report as one page, with a style sheet that gives it colours. It
// loads nothing, runs no script, and its policy forbids both.
func (r Report) HTML(w io.Writer, colours string) error {
	style := "\n" + colours + sheet
	sum := sha256.Sum256([]byte(style))
	b := bufio.NewWriter(w)
	err := page.Execute(b, struct {
		Style  template.CSS
		Policy string
		Title  string
		Run    runView
	}{
		template.CSS(style),
		"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; base-uri 'none'; form-action 'none'",
		r.Run.Version.Ref() + " · run " + r.Run.ID,
		r.view(),
	})
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return b.Flush()
}

// runView is what the page shows of a run.
type runView struct {
	ID, Program, Model, Phase, Problem string
	Answer, Found, Votes               string
	Imported                           string
	Facts, Figures                     []fact
	Input                              []fact
	Messages                           []messageView
	Tally                              []entryView
	Tree                               []node
	Samples                            []sampleView
	Parts                              []runView
	Binding                            string
	More                               int // parts that are left out
	Files                              []fact
	Long                               bool // the answer takes more than a line
	Heat                               bool // there are tokens whose probabilities are known
}

type messageView struct {
	Role  prompt.Role
	Parts []partView
}

type partView struct {
	Text  string
	Image template.URL
}

type entryView struct {
	Answer string
	Votes  int
	Share  string
	Won    bool
}

// node is a sample in the tree of forks.
type node struct {
	Anchor, Title, Answer, Left string
	Chosen                      bool
	Below                       []node
}

type sampleView struct {
	Anchor, Title, Answer, Problem string
	Chosen                         bool
	Figures                        []fact
	Edit, Note                     string
	Thinking, Content              []step
}

func (r Report) view() runView {
	run := r.Run
	out := runView{
		ID: run.ID, Program: run.Version.Ref(), Model: visible.Line(run.Provider + "/" + run.Model), Phase: string(run.Status.Phase), Problem: visible.Text(run.Status.Err),
		Facts: r.facts(), Figures: figures(run.Status, 0), Binding: binding(run.Of), More: r.More,
	}
	if run.Imported() {
		out.Imported = visible.Line(run.Origin.String())
	}
	chosen, _ := run.Sample(run.Chosen)
	if t := r.Traces[run.Chosen]; t != nil {
		out.Answer = answered(chosen, t)
		out.Long = len(out.Answer) > 60 || strings.Contains(out.Answer, "\n")
	}
	if e := run.Extracted; e.Found() {
		out.Found = strings.Join(append([]string{"found: " + string(e.Rung)}, e.Remarks()...), ", ")
	}
	out.Votes, out.Tally = votes(run)
	for _, name := range sortedKeys(run.Input) {
		out.Input = append(out.Input, fact{visible.Line(name), visible.Text(valueText(run.Input[name]))})
	}
	for _, m := range run.Messages {
		out.Messages = append(out.Messages, messageOf(m))
	}
	if len(run.Samples) > 1 {
		out.Tree = r.tree(0)
	}
	for _, s := range run.Samples {
		out.Samples = append(out.Samples, r.sample(s))
		t := r.Traces[s.Number]
		out.Heat = out.Heat || len(t.Tokens(model.Thinking, 0))+len(t.Tokens(model.Content, 0)) > 0
	}
	for _, p := range r.Parts {
		out.Parts = append(out.Parts, p.view())
	}
	for _, f := range r.Files {
		out.Files = append(out.Files, fact{visible.Line(f.Path), visible.Text(f.Text)})
	}
	return out
}

// binding names a run as a part of another one.
func binding(p store.Part) string {
	if p.Run != "" && p.Item >= 0 {
		return fmt.Sprintf("%s[%d]", p.Binding, p.Item)
	}
	return p.Binding
}

// votes are the tally of a run, in words and as a table.
func votes(run store.Run) (string, []entryView) {
	if run.Plan.Max <= 1 {
		return "", nil
	}
	var table []entryView
	for i, e := range run.Tally.Entries {
		table = append(table, entryView{visible.Line(e.Answer), e.Votes, fmt.Sprintf("%.2f", e.Share), i == 0})
	}
	winner, ok := run.Tally.Winner()
	if !ok {
		return "no sample has an answer", table
	}
	out := fmt.Sprintf("%d of %d samples", winner.Votes, len(run.Roots()))
	if run.Plan.Vote == vote.Weighted {
		out += ", weighted by confidence"
	}
	if run.Tally.Tied {
		out += ", tied: the one that came first"
	}
	return out, table
}

func messageOf(m prompt.Message) messageView {
	out := messageView{Role: m.Role}
	for _, p := range m.Content {
		switch {
		case p.Media != nil && isImage(p.Media.URL):
			out.Parts = append(out.Parts, partView{Image: template.URL(p.Media.URL)})
		case p.Media != nil:
			out.Parts = append(out.Parts, partView{Text: "[" + visible.Line(p.Media.URL) + "]"})
		case p.Text != "":
			out.Parts = append(out.Parts, partView{Text: visible.Text(p.Text)})
		}
	}
	return out
}

// isImage reports whether a page can show a medium without loading anything.
func isImage(url string) bool {
	for _, kind := range []string{"png", "jpeg", "gif", "webp"} {
		if strings.HasPrefix(url, "data:image/"+kind+";base64,") {
			return true
		}
	}
	return false
}

// tree are the samples below one, forks beneath what they left.
func (r Report) tree(parent int) []node {
	var out []node
	for _, s := range r.Run.Samples {
		if s.Fork.Parent != parent {
			continue
		}
		n := node{Anchor: r.anchor(s.Number), Title: strings.TrimSpace(fmt.Sprintf("sample %d %s", s.Number, visible.Line(s.Name))), Answer: r.outcome(s), Chosen: s.Number == r.Run.Chosen && len(r.Run.Samples) > 1, Below: r.tree(s.Number)}
		if s.Fork.Parent > 0 {
			n.Left = r.left(s.Fork)
		}
		out = append(out, n)
	}
	return out
}

// left says where a fork left its parent, and what it did there.
func (r Report) left(f store.Fork) string {
	out := fmt.Sprintf("left behind the %s", f.Channel)
	if step, number, ok := r.Traces[f.Parent].At(f.Channel, f.Offset); ok {
		out = fmt.Sprintf("left at step %d “%s”", number, excerpt(r.Traces[f.Parent].StepText(step)))
	}
	verb, text := f.Deed()
	if text = excerpt(text); text != "" {
		verb += " “" + text + "”"
	}
	return out + ", " + verb
}

// excerpt is the beginning of a text, on one line.
func excerpt(text string) string {
	return clip(visible.Line(strings.Join(strings.Fields(text), " ")), 60)
}

// outcome is what a sample came to, in few words.
func (r Report) outcome(s store.Sample) string {
	if s.Status.Phase != trace.Done {
		return string(s.Status.Phase)
	}
	if a := answered(s, r.Traces[s.Number]); a != "" {
		return clip(strings.Join(strings.Fields(a), " "), 80)
	}
	return "no answer"
}

func (r Report) anchor(sample int) string { return fmt.Sprintf("%s-%d", r.Run.ID, sample) }

func (r Report) sample(s store.Sample) sampleView {
	t := r.Traces[s.Number]
	out := sampleView{
		Anchor: r.anchor(s.Number), Title: title(s), Answer: r.outcome(s), Chosen: s.Number == r.Run.Chosen && len(r.Run.Samples) > 1,
		Figures: figures(s.Status, s.Confidence), Edit: visible.Text(s.Fork.Edit), Note: visible.Text(s.Note), Problem: visible.Text(s.Status.Err),
	}
	if out.Problem == "" {
		out.Problem = visible.Text(s.Extracted.Problem)
	}
	if rep := s.Extracted.Repaired; rep != nil {
		out.Problem = "The first attempt does not validate: " + visible.Text(rep.Problem)
	}
	for _, next := range steps(t) {
		if next.Channel == model.Thinking {
			out.Thinking = append(out.Thinking, next)
		} else {
			out.Content = append(out.Content, next)
		}
	}
	return out
}

// valueText is an input as a person reads it.
func valueText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// clip cuts a text to n characters.
func clip(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}
