package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

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
