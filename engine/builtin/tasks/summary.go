package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

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
