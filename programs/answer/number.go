package answer

import (
	"math/big"
	"regexp"
	"strings"
)

// A number: a sign, a currency, digits with thousands separators or none, a
// fraction, an exponent, a word for a power of ten; or two whole numbers with a
// stroke between them, also behind a whole one, or \frac, or a fraction in one
// character.
var numbers = regexp.MustCompile(mixed + `|` + vulgar + `|(?:[-−+][$€£¥])?[-−+]?(?:\d{1,3}(?:[,\x{00a0}\x{202f}' ]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?(?:\s*/\s*\d+|` + powers + `)?|[-−+]?\.\d+|[-−+]?\\[dt]?frac\{\d+\}\{\d+\}`)

const (
	mixed  = `[-−+]?\d{1,3}[ \x{00a0}]\d{1,3}/\d{1,3}\b`
	vulgar = `[-−+]?(?:\d{1,9}[ \x{00a0}]?)?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]`
	powers = `(?i:[ \x{00a0}](?:thousand|million|billion|trillion)\b)`
)

// number gives the number of a text in its normal form. Of several the one
// behind the last "=" counts, otherwise the first; in a whole answer the last.
func number(text string, whole bool) (string, bool) {
	if at := strings.LastIndexByte(text, '='); at >= 0 && !whole {
		text = text[at+1:]
	}
	found := matches(text)
	if len(found) == 0 {
		return "", false
	}
	pick := found[0]
	if whole {
		pick = found[len(found)-1]
	}
	r, ok := rational(pick)
	if !ok {
		return "", false
	}
	return decimal(r), true
}

// matches finds numbers; a sign between two numbers is an operation.
func matches(text string) []string {
	var out []string
	for _, at := range numbers.FindAllStringIndex(text, -1) {
		m := text[at[0]:at[1]]
		before := strings.TrimRight(text[:at[0]], " ")
		if signed := strings.TrimLeft(m, "-−+"); signed != m && before != "" && isDigit(before[len(before)-1]) {
			m = signed
		}
		if at[0] > 0 && isLetter(text[at[0]-1]) {
			continue // "x2", "v3"
		}
		out = append(out, m)
	}
	return out
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' }

var (
	frac       = regexp.MustCompile(`\\[dt]?frac\{(\d+)\}\{(\d+)\}`)
	mixedParts = regexp.MustCompile(`^([-+]?)(\d+)[ \x{00a0}](\d+/\d+)$`)
	ordinary   = strings.NewReplacer("½", " 1/2", "⅓", " 1/3", "⅔", " 2/3", "¼", " 1/4", "¾", " 3/4", "⅕", " 1/5", "⅖", " 2/5", "⅗", " 3/5",
		"⅘", " 4/5", "⅙", " 1/6", "⅚", " 5/6", "⅛", " 1/8", "⅜", " 3/8", "⅝", " 5/8", "⅞", " 7/8")
	unmarked = strings.NewReplacer("−", "-", "$", "", "€", "", "£", "", "¥", "")
	ungroup  = strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "", "'", "")
)

// powersOfTen are the words for them.
var powersOfTen = map[string]string{"thousand": "e3", "million": "e6", "billion": "e9", "trillion": "e12"}

// rational reads a number as it is written.
func rational(text string) (*big.Rat, bool) {
	text = unmarked.Replace(frac.ReplaceAllString(strings.TrimSpace(text), "$1/$2"))
	text = strings.TrimSpace(strings.ReplaceAll(ordinary.Replace(text), "  ", " "))
	if parts := mixedParts.FindStringSubmatch(text); parts != nil {
		return sum(parts[1], parts[2], parts[3])
	}
	for word, exponent := range powersOfTen {
		if before, ok := strings.CutSuffix(strings.ToLower(text), word); ok {
			text = strings.TrimSpace(before) + exponent
		}
	}
	text = ungroup.Replace(text)
	if at := strings.IndexAny(text, "eE"); len(text) > 400 || at >= 0 && len(text)-at > len("e-999") {
		return nil, false // its digits would fill the memory
	}
	r, ok := new(big.Rat).SetString(strings.TrimPrefix(text, "+"))
	return r, ok
}

// sum is a mixed number: the whole and the fraction have its sign.
func sum(sign, whole, part string) (*big.Rat, bool) {
	a, ok := new(big.Rat).SetString(whole)
	b, also := new(big.Rat).SetString(part)
	if !ok || !also {
		return nil, false
	}
	if a.Add(a, b); sign == "-" {
		a.Neg(a)
	}
	return a, true
}

// decimal writes a number without an exponent; what has no end as a fraction.
func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	if digits, exact := r.FloatPrec(); exact {
		return r.FloatString(digits)
	}
	return r.String()
}
