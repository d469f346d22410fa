package tasks

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Kind is the JSON type of a field.
type Kind string

// The types of fields that messages hold.
const (
	Text    Kind = "string"
	Integer Kind = "integer"
	Truth   Kind = "boolean"
)

// Field is one thing a message says. Value is JSON: quoted where Kind is Text.
type Field struct {
	Name  string
	Kind  Kind
	Value string
	Said  bool // the message says it; otherwise the answer leaves it out
}

var cities = strings.Fields(`Oslo Paris Rome Berlin Madrid Vienna Lisbon Dublin Prague Athens Zurich Boston Tokyo Cairo Lima Bern`)

var goods = strings.Fields(`lamps chairs tables books cups plates shirts bags boxes clocks pens phones keys coats mirrors bikes candles pillows`)

var days = strings.Fields(`Monday Tuesday Wednesday Thursday Friday Saturday Sunday`)

func text(name, value string) Field {
	return Field{Name: name, Kind: Text, Value: strconv.Quote(value), Said: true}
}

func whole(name string, value int) Field {
	return Field{Name: name, Kind: Integer, Value: strconv.Itoa(value), Said: true}
}

func drawExtract(rng *rand.Rand) Problem {
	message, source, fields := pick(rng, []func(*rand.Rand) (string, string, []Field){orderMessage, orderMessage, personMessage, meetingMessage, offerMessage})(rng)
	p := Problem{Question: message, Fields: fields, Source: source, Size: len(fields)}
	p.Answer = fieldsJSON(fields)
	var key []string
	for _, f := range fields {
		if f.Said {
			key = append(key, f.Value)
		}
	}
	p.Key = strings.Join(key, " ")
	return p
}

// fieldsJSON writes the fields that are said, in their order.
func fieldsJSON(fields []Field) string {
	var out []string
	for _, f := range fields {
		if f.Said {
			out = append(out, strconv.Quote(f.Name)+": "+f.Value)
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

func person(rng *rand.Rand) string {
	if chance(rng, .15) {
		return capital(madeUpWord(rng))
	}
	return pick(rng, names)
}

func orderMessage(rng *rand.Rand) (string, string, []Field) {
	who, n, city := person(rng), between(rng, 2, 40), pick(rng, cities)
	item := pick(rng, goods)
	if chance(rng, .6) {
		item = pick(rng, colours) + " " + item
	}
	hello := fmt.Sprintf(pick(rng, []string{"Hi, this is %s.", "Hello, I am %s.", "My name is %s.", "This is %s.", "Hi, %s here."}), who)
	want := fmt.Sprintf(pick(rng, []string{"Please send %d %s", "I would like %d %s", "We need %d %s", "Please deliver %d %s", "I want to order %d %s", "Can you ship %d %s"}), n, item)
	to := text("city", city)
	to.Said = chance(rng, .75)
	if to.Said {
		want += " to " + city
	}
	if chance(rng, .5) {
		want += pick(rng, []string{" before ", " by ", " on "}) + pick(rng, days)
	}
	want += "."
	if chance(rng, .3) {
		want += pick(rng, []string{" Thanks!", " Thank you.", " Best wishes."})
	}
	return hello + " " + want, "message", []Field{text("customer", who), whole("quantity", n), text("item", item), to}
}

func personMessage(rng *rand.Rand) (string, string, []Field) {
	who, age, city := person(rng), between(rng, 8, 90), pick(rng, cities)
	job := pick(rng, strings.Fields("teacher doctor baker driver nurse farmer painter writer cook lawyer"))
	s := fmt.Sprintf(pick(rng, []string{"%s is %d years old", "%s, aged %d,", "%s is %d"}), who, age)
	s += fmt.Sprintf(pick(rng, []string{" and lives in %s", " and comes from %s"}), city)
	s = strings.Replace(s, ", and", "", 1)
	work := text("job", job)
	work.Said = chance(rng, .6)
	s += "."
	if work.Said {
		s += fmt.Sprintf(" %s works as a %s.", who, job)
	}
	return s, "text", []Field{text("name", who), whole("age", age), text("city", city), work}
}

func meetingMessage(rng *rand.Rand) (string, string, []Field) {
	who, day, hour := person(rng), pick(rng, days), between(rng, 7, 21)
	what := pick(rng, strings.Fields("lunch dinner breakfast training chess football music yoga coffee"))
	s := fmt.Sprintf(pick(rng, []string{"%[1]s plans %[2]s on %[3]s at %[4]d.", "Meet %[1]s for %[2]s on %[3]s at %[4]d.", "On %[3]s at %[4]d there is %[2]s with %[1]s."}), who, what, day, hour)
	return s, "note", []Field{text("person", who), text("event", what), text("day", day), whole("hour", hour)}
}

func offerMessage(rng *rand.Rand) (string, string, []Field) {
	item, price, there := pick(rng, goods), between(rng, 3, 400), chance(rng, .5)
	s := fmt.Sprintf(pick(rng, []string{"The %s cost %d dollars", "We sell %s for %d dollars", "Our %s are %d dollars"}), item, price)
	if there {
		s += pick(rng, []string{" and are in stock.", ". They are in stock.", " and we have them here."})
	} else {
		s += pick(rng, []string{" but are sold out.", ". They are not in stock.", " but none are left."})
	}
	stock := Field{Name: "in_stock", Kind: Truth, Value: strconv.FormatBool(there), Said: true}
	return s, "offer", []Field{text("item", item), whole("price", price), stock}
}
