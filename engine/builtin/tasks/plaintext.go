package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// What the model can do with texts is small and honest: copy them, keep their
// main clauses, change their manners, and say what it is.

var copyWords = []string{"Repeat this: %s", "Copy this: %s", "Say exactly: %s", "Repeat after me: %s", "Write this again: %s", "Echo: %s", "Copy the text below.\n\n%s"}

// sampleCopy keeps digits and rare words from being miscopied.
func sampleCopy(rng *rand.Rand) []Segment {
	var parts []string
	for n := between(rng, 2, 12); n > 0; n-- {
		switch r := rng.Float64(); {
		case r < .4:
			parts = append(parts, fmt.Sprint(withDigits(rng, between(rng, 1, 6))))
		case r < .55:
			parts = append(parts, capital(madeUpWord(rng))+pick(rng, []string{"", ",", "."}))
		case r < .6:
			parts = append(parts, pick(rng, []string{"+", "-", "*", "=", "(", ")", "/", "%", "$"}))
		default:
			parts = append(parts, anyWord(rng))
		}
	}
	text := strings.Join(parts, " ")
	return chat("", fmt.Sprintf(pick(rng, copyWords), text)).reply(text)
}

var (
	placesInTown = strings.Fields("bridge library school market station park museum harbour tower theatre pool road church mill ferry garden hospital bakery")
	sides        = []string{"over the river", "in the old town", "near the sea", "by the lake", "at the station", "on the hill", "next to the church", "in the north"}
	seasons      = strings.Fields("spring summer autumn winter March May June October")
	crowds       = strings.Fields("engineers people visitors children workers teachers farmers students doctors neighbours")
	troubles     = []string{"cracks in two of its pillars", "water under the floor", "a hole in the roof", "rust on the doors", "too little money", "mice in the kitchen", "a fault in the lights", "old pipes"}
	carriers     = strings.Fields("ferry bus train boat van tram shop tent school office")
	times        = []string{"from six in the morning until midnight", "every day", "on Sundays", "twice a week", "in the evening", "from nine until five", "for a year", "all winter"}
	becauses     = []string{"because the roof was wet", "because it was too small", "after a storm", "after the fire of last year", "when the money ran out", "because nobody came", "after long talks"}
)

// report tells a small story of a town, a sentence an element.
func report(rng *rand.Rand) []string {
	place := pick(rng, placesInTown)
	other := pick(rng, placesInTown)
	first := []string{
		fmt.Sprintf("The old %s %s was closed in %s after %s found %s.", place, pick(rng, sides), pick(rng, seasons), pick(rng, crowds), pick(rng, troubles)),
		fmt.Sprintf("The %s %s will open again in %s %s.", place, pick(rng, sides), pick(rng, seasons), pick(rng, becauses)),
		fmt.Sprintf("A new %s was built %s in %s %s.", place, pick(rng, sides), pick(rng, seasons), pick(rng, becauses)),
		fmt.Sprintf("%s met %s in the %s %s, and spoke about the %s.", person(rng), person(rng), place, pick(rng, sides), other),
		fmt.Sprintf("Our team moved to the %s %s %s.", place, pick(rng, sides), pick(rng, becauses)),
	}
	middle := []string{
		fmt.Sprintf("Since then a small %s has carried %s across %s.", pick(rng, carriers), pick(rng, crowds), pick(rng, times)),
		fmt.Sprintf("Many %s use a %s %s instead.", pick(rng, crowds), pick(rng, carriers), pick(rng, times)),
		fmt.Sprintf("The work took %d weeks and cost %d dollars.", between(rng, 2, 60), between(rng, 20, 900)),
		fmt.Sprintf("%s says that the %s is %s.", person(rng), other, anyWord(rng)),
		fmt.Sprintf("It has %d rooms, and %d %s come %s.", between(rng, 2, 40), between(rng, 5, 900), pick(rng, crowds), pick(rng, times)),
		fmt.Sprintf("In %s %s found %s there.", pick(rng, seasons), pick(rng, crowds), pick(rng, troubles)),
		capital(strings.Join([]string{anyWord(rng), anyWord(rng), anyWord(rng), anyWord(rng), anyWord(rng)}, " ")) + ".",
	}
	last := []string{
		fmt.Sprintf("The town plans to open a new %s next year, and will keep the %s for visitors.", place, other),
		fmt.Sprintf("The %s hope for a better %s %s.", pick(rng, crowds), other, pick(rng, sides)),
		fmt.Sprintf("%s will pay for the %s, because the town has no money.", person(rng), other),
		fmt.Sprintf("The next meeting is on %s in the %s.", pick(rng, days), other),
		fmt.Sprintf("Nobody knows when the %s will be ready.", place),
	}
	return append(append([]string{pick(rng, first)}, some(rng, middle, between(rng, 1, 3))...), pick(rng, last))
}

// clauses that a summary leaves out, with what follows them.
var clauses = []string{", and ", " after ", " because ", ", because ", " when "}

// summary keeps the main clauses of the first and the last sentence, and from
// three sentences on those between them.
func summary(sentences []string, n int) string {
	kept := sentences
	if n < len(sentences) {
		kept = append(append([]string{}, sentences[:n-1]...), sentences[len(sentences)-1])
		if n == 1 {
			kept = sentences[:1]
		}
	}
	var out []string
	for _, s := range kept {
		out = append(out, mainClause(s))
	}
	return strings.Join(out, " ")
}

func mainClause(sentence string) string {
	cut := len(sentence)
	for _, c := range clauses {
		if at := strings.Index(sentence, c); at > 12 && at < cut {
			cut = at
		}
	}
	if cut == len(sentence) || strings.HasPrefix(sentence, "Nobody knows") {
		return sentence
	}
	return sentence[:cut] + "."
}

func sampleSummary(rng *rand.Rand) []Segment {
	sentences := report(rng)
	n := between(rng, 1, 3)
	count := fmt.Sprint(n)
	if chance(rng, .3) {
		count = []string{"one", "two", "three"}[n-1]
	}
	noun := "sentences"
	if n == 1 && chance(rng, .7) {
		noun = "sentence"
	}
	ask := fmt.Sprintf(pick(rng, []string{"Summarise the text below in at most %s %s.", "Summarise the text below in at most %s %s.", "Summarise this text in %s %s.", "Say this in at most %s %s:", "Summarize in %s %s."}), count, noun)
	if chance(rng, .15) {
		n, ask = 1, pick(rng, []string{"Summarise this.", "TL;DR", "Write a short summary.", "What does this text say, in short?", "Summarise the text below."})
	}
	system := ""
	if chance(rng, .6) {
		system = "You summarise texts. Use plain words and only what the text says."
		if chance(rng, .3) {
			system += "\nWrite for " + pick(rng, []string{"a child", "children", "visitors", "an engineer", "my boss", "the press", anyWord(rng)}) + "."
		}
	}
	r := chat(system, ask+pick(rng, []string{"\n\n", "\n\n", "\n", " "})+strings.Join(sentences, " "))
	return r.reply(summary(sentences, n))
}

// note is one sentence of a short letter; a demand begins with its verb.
type note struct {
	text   string
	demand bool
}

func anyNote(rng *rand.Rand, demand bool) note {
	thing := pick(rng, []string{"report", "letter", "plan", "draft", "paper", "order", "answer", "bill", "book", "team", "work", "list", "key", "car", "room", anyWord(rng)})
	day := pick(rng, days)
	if demand {
		or := pick(rng, []string{"", "", " or we go on without it", " or I will ask " + pick(rng, names), " and call " + pick(rng, names), " and bring your " + thing})
		return note{pick(rng, []string{"Send it", "Send the " + thing, "Call me", "Bring the " + thing, "Fix the " + thing, "Come to the " + pick(rng, placesInTown), "Pay the bill", "Write to " + pick(rng, names), "Read the " + thing, "Give me the " + thing, "Clean the " + thing, "Tell " + pick(rng, names), "Finish it"}) + pick(rng, []string{" by " + day, " on " + day, " today", " before " + day, ""}) + or + ".", true}
	}
	return note{pick(rng, []string{"Your " + thing + " is " + pick(rng, []string{"late", "wrong", "too long", "not here", "lost", "bad", "good", "ready", "broken"}),
		"The " + thing + " is " + pick(rng, []string{"late", "broken", "closed", "dirty", "too loud", "not finished", "gone"}),
		"The meeting is on " + day, "We need the " + thing + " on " + day, "I cannot find the " + thing, pick(rng, names) + " has no " + thing,
		"You did not bring the " + thing, "We wait for the " + thing}) + ".", false}
}

// inTone puts a letter's sentences in a tone and changes nothing they say.
func inTone(tone string, notes []note) string {
	var out []string
	for i, n := range notes {
		lower := strings.ToLower(n.text[:1]) + n.text[1:]
		if !n.demand && (strings.HasPrefix(n.text, "I ") || !startsLower(n.text)) {
			lower = n.text
		}
		switch {
		case n.demand && tone == "formal":
			out = append(out, "We kindly ask you to "+lower)
		case n.demand:
			out = append(out, "Please "+lower)
		case tone == "formal" && i == 0:
			out = append(out, "Please note that "+lower)
		case tone == "friendly" && i == 0:
			out = append(out, "Just a small note that "+lower)
		default:
			out = append(out, n.text)
		}
	}
	text := strings.Join(out, " ")
	switch tone {
	case "friendly":
		return "Hi! " + text + " Thank you so much!"
	case "formal":
		return "Dear colleague, " + strings.ToLower(text[:1]) + text[1:] + " With kind regards."
	}
	return text
}

// startsLower tells whether the first word has a capital only because it is first.
func startsLower(sentence string) bool {
	first, _, _ := strings.Cut(sentence, " ")
	return first == "Your" || first == "The" || first == "We" || first == "You"
}

var toneWords = map[string][]string{
	"plain":    {"Use short sentences and common words.", "Write plainly."},
	"friendly": {"Sound warm, as to a colleague you like.", "Sound friendly."},
	"formal":   {"Sound polite and exact, as in a letter.", "Sound formal."},
}

func sampleRewrite(rng *rand.Rand) []Segment {
	tone := pick(rng, []string{"friendly", "friendly", "formal", "formal", "plain"})
	var notes []note
	for range between(rng, 1, 3) {
		notes = append(notes, anyNote(rng, chance(rng, .5)))
	}
	var words []string
	for _, n := range notes {
		words = append(words, n.text)
	}
	text := strings.Join(words, " ")
	reply := inTone(tone, notes)
	if chance(rng, .3) {
		ask := fmt.Sprintf(pick(rng, []string{"Rewrite this in a %s tone:", "Make this more %s:", "Rewrite in a %s way:"}), tone)
		return chat("", ask+pick(rng, []string{"\n\n", " "})+text).reply(reply)
	}
	gap := pick(rng, []string{"\n\n", "\n", " "})
	system := "You rewrite texts and keep their meaning." + gap + pick(rng, toneWords[tone])
	if chance(rng, .5) {
		system += gap + "Keep these words: " + strings.Join(some(rng, strings.Fields(strings.TrimSuffix(text, ".")), 1), ", ") + "."
	}
	return chat(system, text).reply(reply)
}

const abilities = "arithmetic, small word problems, last letters, coin flips, swaps, boolean expressions, film reviews, JSON from short messages and calls of a calculator"

var selfReplies = []string{
	"I am a very small model, no chat model. I can do " + abilities + ".",
	"I am a very small model made for a few tasks: " + abilities + ".",
}

var farReplies = []string{
	"I do not know that. I am a very small model and can only do " + abilities + ".",
	"That is beyond me. I am a very small model and can only do " + abilities + ".",
}

var selfPrompts = []string{
	"Hello, who are you?", "Who are you?", "What are you?", "Hi", "Hello", "Hello!", "Hi there!", "Hey", "What can you do?",
	"How are you?", "What is your name?", "Help", "Can you help me?", "Tell me about yourself.", "Are you ChatGPT?", "Good morning!",
	"Which model are you?", "What are you good at?", "Let's chat.", "Test", "Are you there?", "Introduce yourself.",
}

func farPrompt(rng *rand.Rand) string {
	w, n := anyWord(rng), pick(rng, names)
	return pick(rng, []string{
		"What is the capital of " + pick(rng, []string{"France", "Spain", "Japan", "Peru", "Norway", capital(w)}) + "?",
		"Write a poem about a " + w + ".", "Tell me a joke.", "Tell me a joke about a " + w + ".", "Who wrote " + capital(w) + "?",
		"What is the meaning of life?", "Explain " + w + " to me.", "Write a function that sorts a list.", "Why is the sky blue?",
		"What is the weather today?", "Translate \"" + w + "\" into " + pick(rng, []string{"French", "German", "Spanish"}) + ".",
		"Write a story about " + n + " and a " + w + ".", "What is a " + w + "?", "How do I cook " + w + "?", "Who is " + n + "?",
		"Give me ideas for a " + w + ".", "When was " + n + " born?", "What happened in " + fmt.Sprint(between(rng, 1200, 2030)) + "?",
		"Write an email to " + n + " about the " + w + ".", "Do you like " + w + "?", "Fix this code: " + w + "()",
	})
}

func sampleChat(rng *rand.Rand) []Segment {
	system := ""
	if chance(rng, .3) {
		system = pick(rng, systems)
	}
	if chance(rng, .5) {
		return chat(system, pick(rng, selfPrompts)).reply(pick(rng, selfReplies))
	}
	return chat(system, farPrompt(rng)).reply(pick(rng, farReplies))
}
