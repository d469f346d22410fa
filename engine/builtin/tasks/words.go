package tasks

import (
	"math/rand/v2"
	"strings"
)

var names = strings.Fields(`Tom Ann Bob Eva Sam Mia Leo Zoe Max Ida Ben Amy Dan Kim Joe Liz Ned Sue
Ray Fay Carl Dora Emil Gina Hugo Iris Jack Kate Luis Nina Omar Pia Ruth Sean Tina Vera Walt Yuri
Alice Claire David Helen Peter Laura`)

var objects = strings.Fields(`apples books pens cards coins eggs cups shells stamps marbles cookies
pears toys plums rings stones`)

var colours = strings.Fields(`red blue green white black pink gold gray`)

var dictionary = strings.Fields(`apple bridge cloud desert engine forest garden hammer island jacket
kettle ladder magnet napkin orange pencil quartz rabbit saddle tunnel umbrella valley window yellow
zipper anchor basket candle dragon eagle feather glacier hollow insect jungle kitten lemon mirror
needle ocean planet quilt river silver tiger uncle velvet walnut yogurt zebra arrow beach camel
dinner elbow flag ghost honey ivory juice knife lamp maple night olive piano queen robot snake table
urban voice whale youth belt crab drum echo frog golf harp jazz kiwi leaf moon nest oven park quiz
road soup taxi unit vest wolf yoga zero music pillow stone winter summer market doctor letter paper
bottle copper flower school number people water house light sound world story green happy quick
brown small large paint shirt chair bread cheese butter sugar salt pepper train plane ship truck`)

var (
	onsets = strings.Fields(`b bl br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p pl pr qu r s sh sk sl sm sn sp st str t th tr v w y z`)
	vowels = strings.Fields(`a e i o u a e i o u ai ea ee oa oo ou`)
	codas  = strings.Fields(`b ck d f g k l ll lt m mp n nd ng nk nt p r rb rd rk rm rn rp rt s sh ss st t th v x z`)
)

// madeUpWord spells a word that is in no dictionary, of one to three
// syllables: nobody, and no model, knows its letters by heart.
func madeUpWord(rng *rand.Rand) string {
	var b strings.Builder
	for n := between(rng, 1, 3); n > 0; n-- {
		b.WriteString(pick(rng, onsets))
		b.WriteString(pick(rng, vowels))
		if n == 1 && chance(rng, .8) || chance(rng, .3) {
			b.WriteString(pick(rng, codas))
		}
	}
	return b.String()
}

// anyWord draws a word, a name or a made-up word.
func anyWord(rng *rand.Rand) string {
	switch r := rng.Float64(); {
	case r < .45:
		return pick(rng, dictionary)
	case r < .55:
		return pick(rng, names)
	default:
		return madeUpWord(rng)
	}
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// list joins with commas and a final "and".
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// people draws n different names; now and then one nobody has heard before.
func people(rng *rand.Rand, n int) []string {
	out := some(rng, names, n)
	for i := range out {
		if chance(rng, .06) {
			out[i] = capital(madeUpWord(rng))
		}
	}
	return out
}

// things draws what people count.
func things(rng *rand.Rand) string {
	if chance(rng, .15) {
		return pick(rng, dictionary) + "s"
	}
	return pick(rng, objects)
}
