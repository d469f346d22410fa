package kinds

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func purpose(preset string) Question {
	return Question{Name: "purpose", Ask: "What is the program for?", Default: preset, Example: "Solves word problems"}
}

func input(preset string) Question {
	return Question{Name: "input", Ask: "What is its input called?", Default: preset, Example: "question", check: identifier}
}

func example(preset string) Question {
	return Question{Name: "example", Ask: "An example of the input, to run at once:", Default: preset, Example: "What is 2 + 3?"}
}

var answerType = Question{Name: "answer", Ask: "Is the answer a number or a text?", Default: "number", Example: "number", check: func(s string) error {
	if s != "number" && s != "text" {
		return fmt.Errorf("answer is %q; it is number or text", s)
	}
	return nil
}}

const (
	wordProblem = "Mia has 12 apples. Tom gives Mia 30 more apples. Mia sells 7 apples. How many apples does Mia have now?"
	lastLetters = `Take the last letters of the words in "river candle moon" and concatenate them.`
)

var instruction = Kind{
	Name: "instruction", About: "says what to do, and takes what the model says",
	Questions: []Question{purpose("What the program is for"), input("question"), example("How many days are in a leap year?")},
	write: single(func(a Answers) string {
		return front(a, "") + "{{role \"system\"}}\nYou answer briefly and correctly.\n{{role \"user\"}}\n{{" + a.one("input") + "}}\n"
	}),
}

var fewShot = Kind{
	Name: "few-shot", About: "shows by demonstrations what to do",
	Questions: []Question{
		purpose("Does what the demonstrations show"), input("question"), example(lastLetters),
		{
			Name: "shot", Ask: `A demonstration, as QUESTION => ANSWER (\n is a new line; none ends them):`, Many: true, Example: "2+2 => 4", check: shot,
			Default: `Take the last letters of the words in "apple tiger" and concatenate them. => The last letter of "apple" is "e".\nThe last letter of "tiger" is "r".\nJoining e r gives "er".\nThe answer is er.` + "\n\n" +
				`Take the last letters of the words in "garden lamp basket" and concatenate them. => The last letter of "garden" is "n".\nThe last letter of "lamp" is "p".\nThe last letter of "basket" is "t".\nJoining n p t gives "npt".\nThe answer is npt.`,
		},
	},
	write: single(func(a Answers) string {
		var b strings.Builder
		b.WriteString(front(a, "config:\n  temperature: 0\n"))
		for _, text := range a["shot"] {
			question, answer, _ := strings.Cut(text, "=>")
			fmt.Fprintf(&b, "Q: %s\nA: %s\n\n", lines(question), lines(answer))
		}
		b.WriteString("Q: {{" + a.one("input") + "}}\nA:\n")
		return b.String()
	}),
}

var cot = Kind{
	Name: "cot", About: "asks for the steps before the answer: chain of thought",
	Questions: []Question{purpose("Solves a problem step by step"), input("question"), example(wordProblem), answerType},
	write: single(func(a Answers) string {
		return front(a, "config:\n  temperature: 0\nreprise:\n"+answerKey(a)) + stepByStep(a)
	}),
}

var vote = Kind{
	Name: "vote", About: "draws several samples with steps, and lets them vote: self-consistency",
	Questions: []Question{
		purpose("Solves a problem several times, and takes the answer that most samples give"), input("question"), example(wordProblem), answerType,
		{Name: "samples", Ask: "How many samples vote?", Default: "5", Example: "5", check: samples},
	},
	write: single(func(a Answers) string {
		return front(a, "config:\n  temperature: 0.7\nreprise:\n  samples: "+a.one("samples")+"\n  vote: majority\n"+answerKey(a)) + stepByStep(a)
	}),
}

var classify = Kind{
	Name: "classify", About: "gives a text one of a few labels",
	Questions: []Question{
		purpose("Gives a text a label"), input("review"), example("The film has great acting, a moving story and lovely music."),
		{Name: "labels", Ask: "The labels, with commas between them:", Default: "positive, negative", Example: "positive, negative", check: labels},
	},
	write: single(func(a Answers) string {
		names := labelsOf(a.one("labels"))
		quoted := make([]string, len(names))
		for i, n := range names {
			quoted[i] = scalar(n)
		}
		name, last := a.one("input"), len(names)-1
		return front(a, "config:\n  temperature: 0\nreprise:\n  answer:\n    type: choice\n    choices: ["+strings.Join(quoted, ", ")+"]\n") +
			fmt.Sprintf("%s: \"{{%s}}\" Is the %s %s or %s?\nAnswer with the final answer only.\n", strings.ToUpper(name[:1])+name[1:], name, name, strings.Join(names[:last], ", "), names[last])
	}),
}

// front is the front matter, with keys between the description and the input.
func front(a Answers, keys string) string {
	return "---\ndescription: " + scalar(a.one("purpose")) + "\n" + keys +
		"input:\n  schema:\n    " + a.one("input") + ": string, what to " + verb(keys) + "\n  default:\n    " + a.one("input") + ": " + scalar(a.one("example")) + "\n---\n"
}

// verb is what is done to the input.
func verb(keys string) string {
	if strings.Contains(keys, "choices") {
		return "judge"
	}
	return "ask"
}

func answerKey(a Answers) string { return "  answer:\n    type: " + a.one("answer") + "\n" }

func stepByStep(a Answers) string { return "{{" + a.one("input") + "}}\nLet's think step by step.\n" }

// lines writes \n as the line break that it stands for.
func lines(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), `\n`, "\n") }

// unquoted is a text that YAML reads as it is, also within a list.
var unquoted = regexp.MustCompile(`^\pL[\pL\pN .()+/?'-]*$`)

// sentence is one that it reads as it is outside of a list.
var sentence = regexp.MustCompile(`^\pL[\pL\pN ,.()+/?'-]* [\pL\pN ,.()+/?'-]*$`)

// scalar writes a text as a scalar of YAML, in quotes where it needs them; JSON
// is YAML.
func scalar(text string) string {
	text = strings.TrimSpace(text)
	word := slices.Contains([]string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}, strings.ToLower(text))
	if !word && (unquoted.MatchString(text) || sentence.MatchString(text)) {
		return text
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return strconv.Quote(text)
	}
	return strings.TrimSpace(b.String())
}
