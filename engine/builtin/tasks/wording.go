package tasks

import (
	"math/rand/v2"
	"slices"
	"strings"
)

var directWords = []string{
	"Answer with the final answer only.", "Answer with the final answer only.", "Give only the final answer.", "Only give the answer.",
	"Reply with just the answer.", "No explanation, just the answer.", "Answer only.", "Just the answer, please.",
	"Do not explain. Give the answer.", "Give the result and nothing else.", "Answer directly, without steps.",
	"Respond with the answer alone.", "Write the answer and no other words.",
	"Answer in one word.", "Only output the final answer.", "Reply with the answer only, no steps.",
}

var stepWords = []string{
	"Let's think step by step.", "Let's think step by step.", "Let's think step by step.", "Think step by step.", "Show your work.",
	"Explain your reasoning step by step.", "Work through it step by step.", "Reason step by step before answering.",
	"Solve it step by step.", "Show every step.", "Think carefully, one step at a time.", "Go step by step.",
	"Explain each step, then give the answer.", "Write out your reasoning.", "Show how you get there.",
	"Take a deep breath and work on this step by step.", "First reason, then answer.",
}

var thinkWords = []string{
	"Think inside <think> tags before you answer.", "Use <think> tags to reason first.",
	"Reason in <think></think> first, then answer.", "Put your reasoning between <think> and </think>.",
}

var planWords = []string{
	"First make a plan, then solve it step by step.",
	"Let's first devise a plan, then solve the problem step by step.", "Plan first, then carry out the plan.",
}

var followUps = []string{
	"Give only the final answer.", "So what is the final answer?", "Therefore, the answer is",
	"What is the answer?", "Therefore, the final answer is", "Repeat just the answer.",
}

var plans = map[Task]string{
	Arithmetic: "work digit by digit from the right.",
	Expression: "reduce one operation at a time, parentheses first.",
	Story:      "follow the amounts one at a time.",
	Letters:    "find each last letter, then join them.",
	Coin:       "track the side after each person.",
	Shuffled:   "track who has what after each swap.",
	Boolean:    "reduce the expression one operation at a time.",
	Sentiment:  "label each phrase, then count.",
}

var styleWords = map[Style][]string{
	Numbered: {"Number the steps.", "Use numbered steps.", "Write the steps as a numbered list."},
	Bulleted: {"Use bullet points.", "Write the steps as bullet points."},
	Titled:   {`Label each step "Step 1:", "Step 2:" and so on.`, "Label the steps.", `Begin each step with "Step" and its number.`},
}

var askedMarkers = []struct {
	marker Marker
	words  []string
}{
	{"Answer: @", []string{`End with "Answer:".`, `Finish with "Answer: X".`, `Give the answer on the last line after "Answer:".`, `End with a line "Answer: ..." that holds the answer.`}},
	{"#### @", []string{`End with "####".`, `Put the answer after "####".`, `Write the final answer after "####".`}},
	{"Final answer: @", []string{`End with "Final answer:".`, `Finish with "Final answer: X".`}},
	{"[@]", []string{"Put the answer in [brackets].", "Write the final answer in [brackets]."}},
}

var systems = []string{
	"You are a helpful assistant.", "You are a helpful assistant.", "You are a careful assistant.", "You are a math tutor.",
	"You answer questions.", "You are a precise calculator.", "You solve puzzles.", "Be brief.",
}

var (
	markerWords = []string{"Answer", "Result", "Final", "Ans", "Output", "Solution", "Verdict", "Value"}
	markerSigns = []string{": ", " = ", " -> ", " is ", " => "}
)

// UnseenMarkers never stand in a training text: with them the evaluation asks
// whether a marker is taken from the demonstrations.
var UnseenMarkers = []Marker{"Solution -> @", "Result is @", "Verdict: @", "Value => @"}

func anyMarker(rng *rand.Rand) Marker {
	switch r := rng.Float64(); {
	case r < .25:
		return Sentence
	case r < .35:
		return Bare
	case r < .5:
		return pick(rng, askedMarkers).marker
	case r < .65:
		return Marker(capital(madeUpWord(rng)) + pick(rng, markerSigns) + "@")
	}
	for {
		m := Marker(pick(rng, markerWords) + pick(rng, markerSigns) + "@")
		seen := true
		for _, u := range UnseenMarkers {
			seen = seen && m != u
		}
		if seen {
			return m
		}
	}
}

var labelPairs = strings.Fields(`up/down P/N A/B 1/0 left/right red/blue on/off in/out sun/rain yes/no good/bad
true/false plus/minus X/O right/wrong T/F day/night foo/bar Yes/No hot/cold Y/N`)

// UnseenLabels never stand for answers in training.
var UnseenLabels = [][]string{{"east", "west"}, {"wet", "dry"}, {"K", "M"}, {"open", "shut"}}

// anyLabels draws the two words that are to stand for a problem's own, in
// either order: that "down" means yes is for the prompt to say.
func anyLabels(rng *rand.Rand) []string {
	for made := chance(rng, .75); made; {
		a, b := anyLabel(rng), anyLabel(rng)
		if a != b && !unseenLabel(a) && !unseenLabel(b) {
			return []string{a, b}
		}
	}
	pair := strings.Split(pick(rng, labelPairs), "/")
	if chance(rng, .4) {
		pair[0], pair[1] = pair[1], pair[0]
	}
	return pair
}

// anyLabel is a word, a made-up word or a letter, now and then capital.
func anyLabel(rng *rand.Rand) string {
	word := anyWord(rng)
	switch r := rng.Float64(); {
	case r < .15:
		return string(rune('A' + rng.IntN(26)))
	case r < .25:
		return capital(word)
	case r < .3:
		return strings.ToUpper(word)
	}
	return word
}

func unseenLabel(word string) bool {
	return slices.ContainsFunc(UnseenLabels, func(pair []string) bool {
		return slices.ContainsFunc(pair, func(w string) bool { return strings.EqualFold(w, word) })
	})
}

var asides = []string{
	"Here is a question.", "Please help me with this.", "Question:", "Problem:", "I have a question.", "Solve this.",
	"Hi!", "Hello.", "It is a sunny day.", "Here is a small problem for you:", "Read this carefully.", "Answer this:",
	"Now for something easy.", "The following is a test.", "Look at this:",
}

var thanks = []string{"Thanks.", "Thank you!", "Please.", "Can you help?", "Take your time.", "I need to know.", "This matters to me."}

// reword puts words around a question that do not change it.
func reword(rng *rand.Rand, question string) string {
	if chance(rng, .12) {
		question = pick(rng, asides) + pick(rng, []string{" ", "\n", " "}) + question
	}
	if chance(rng, .07) {
		question += " " + pick(rng, thanks)
	}
	return question
}
