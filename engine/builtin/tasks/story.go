package tasks

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// tale is a word problem while it is told.
type tale struct {
	rng    *rand.Rand
	who    string
	other  string
	thing  string
	value  int
	told   []string
	steps  []string
	amount []string // the operands, in order: what the split goes by
}

func drawStory(rng *rand.Rand) Problem {
	pair := people(rng, 2)
	t := &tale{rng: rng, who: pair[0], other: pair[1], thing: things(rng)}
	switch r := rng.Float64(); {
	case r < .55:
		t.amounts()
	case r < .78:
		t.comparison()
	default:
		t.purchase()
	}
	return Problem{Question: strings.Join(t.told, " "), Steps: t.steps, Answer: strconv.Itoa(t.value),
		Size: len(t.steps), Key: strings.Join(t.amount, " ")}
}

func (t *tale) tell(format string, args ...any) {
	t.told = append(t.told, fmt.Sprintf(format, args...))
}

func (t *tale) step(format string, args ...any) {
	t.steps = append(t.steps, fmt.Sprintf(format, args...))
}

func (t *tale) operand(sign string, n int) { t.amount = append(t.amount, sign+strconv.Itoa(n)) }

// amounts: a start, then things come and go.
func (t *tale) amounts() {
	changes := between(t.rng, 2, 3)
	if chance(t.rng, .35) {
		t.boxes()
	} else {
		t.value = between(t.rng, 5, 80)
		t.operand("", t.value)
		t.tell(pick(t.rng, []string{"%[1]s has %[2]d %[3]s.", "%[1]s has %[2]d %[3]s.", "%[1]s starts with %[2]d %[3]s.", "There are %[2]d %[3]s on %[1]s's table.", "%[1]s owns %[2]d %[3]s."}), t.who, t.value, t.thing)
		t.step("%s starts with %d %s.", t.who, t.value, t.thing)
		if chance(t.rng, .15) {
			changes = 1
		}
	}
	for range changes {
		t.change()
	}
	t.tell(pick(t.rng, []string{"How many %[1]s does %[2]s have now?", "How many %[1]s are left with %[2]s?", "How many %[1]s does %[2]s have?", "How many %[1]s does %[2]s have in the end?"}), t.thing, t.who)
}

func (t *tale) boxes() {
	a, b := between(t.rng, 2, 9), between(t.rng, 2, 12)
	t.value = a * b
	t.operand("", a)
	t.operand("*", b)
	t.tell(pick(t.rng, []string{"%s has %d boxes with %d %s each.", "%s fills %d bags with %d %s each.", "%s has %d boxes of %d %s each.", "%s packs %d baskets with %d %s in each."}), t.who, a, b, t.thing)
	t.step("%s starts with %d*%d=%d %s.", t.who, a, b, t.value, t.thing)
}

func (t *tale) change() {
	if t.value > 4 && chance(t.rng, .5) {
		n := between(t.rng, 1, min(t.value-1, 60))
		t.tell("%s", pick(t.rng, []string{
			fmt.Sprintf("%s gives %d to %s.", t.who, n, t.other), fmt.Sprintf("%s loses %d.", t.who, n),
			fmt.Sprintf("%s sells %d %s.", t.who, n, t.thing), fmt.Sprintf("Then %s takes %d of them.", t.other, n),
			fmt.Sprintf("%s gives %s %d %s.", t.who, t.other, n, t.thing), fmt.Sprintf("%d of them break.", n),
			fmt.Sprintf("%s gives away %d %s.", t.who, n, t.thing), fmt.Sprintf("Then %s drops %d.", t.who, n)}))
		t.operand("-", n)
		t.step("%d-%d=%d.", t.value, n, t.value-n)
		t.value -= n
		return
	}
	n := between(t.rng, 2, 60)
	t.tell("%s", pick(t.rng, []string{
		fmt.Sprintf("%s buys %d more.", t.who, n), fmt.Sprintf("%s gives %s %d more %s.", t.other, t.who, n, t.thing),
		fmt.Sprintf("Then %s finds %d %s.", t.who, n, t.thing), fmt.Sprintf("%s gets %d more from %s.", t.who, n, t.other),
		fmt.Sprintf("%s buys %d %s.", t.who, n, t.thing), fmt.Sprintf("Then %s brings %d %s.", t.other, n, t.thing),
		fmt.Sprintf("%s wins %d more %s.", t.who, n, t.thing)}))
	t.operand("+", n)
	t.step("%d+%d=%d.", t.value, n, t.value+n)
	t.value += n
}

// comparison: one has more or fewer than the other; together they have the sum.
func (t *tale) comparison() {
	a, k := between(t.rng, 3, 60), between(t.rng, 2, 40)
	b, word, sign := a+k, "more", "+"
	if k < a && chance(t.rng, .4) {
		b, word, sign = a-k, "fewer", "-"
	}
	t.operand("", a)
	t.operand(sign+sign, k)
	t.tell("%s has %d %s.", t.who, a, t.thing)
	t.tell("%s has %d %s %s than %s.", t.other, k, word, t.thing, t.who)
	t.step("%s has %d%s%d=%d %s.", t.other, a, sign, k, b, t.thing)
	t.step("%d+%d=%d.", a, b, a+b)
	t.value = a + b
	if t.value > 6 && chance(t.rng, .4) {
		lost := between(t.rng, 2, min(50, t.value-1))
		t.tell(pick(t.rng, []string{"Together they lose %d.", "They give away %d of them.", "Together they sell %d."}), lost)
		t.operand("-", lost)
		t.step("%d-%d=%d.", t.value, lost, t.value-lost)
		t.value -= lost
	}
	t.tell(pick(t.rng, []string{"How many %s do they have together?", "How many %s do they have in total?", "How many %s do they have together now?"}), t.thing)
}

// purchase: what is paid, what comes back.
func (t *tale) purchase() {
	a, b := between(t.rng, 2, 9), between(t.rng, 2, 12)
	cost := a * b
	paid := cost + between(t.rng, 1, 60)
	t.operand("$", a)
	t.operand("*", b)
	t.operand("paid", paid)
	t.tell(pick(t.rng, []string{"%[1]s buys %[2]d %[3]s for %[4]d dollars each.", "%[1]s buys %[2]d %[3]s at %[4]d dollars each.", "%[1]s buys %[2]d %[3]s. Each costs %[4]d dollars."}), t.who, a, t.thing, b)
	t.tell("%s pays with %d dollars.", t.who, paid)
	t.step("The cost is %d*%d=%d dollars.", a, b, cost)
	t.step("%d-%d=%d.", paid, cost, paid-cost)
	t.value = paid - cost
	if chance(t.rng, .6) {
		t.tell("%s", pick(t.rng, []string{"How many dollars is the change?", "How much change is there?",
			"How many dollars does " + t.who + " get back?", "How much change does " + t.who + " get?"}))
		return
	}
	got := between(t.rng, 2, 40)
	t.operand("+", got)
	t.tell("Then %s gives %s %d dollars.", t.other, t.who, got)
	t.step("%d+%d=%d.", t.value, got, t.value+got)
	t.value += got
	t.tell("How many dollars does %s have now?", t.who)
}
