package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

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
