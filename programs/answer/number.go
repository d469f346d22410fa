package answer

import (
	"math/big"
	"regexp"
	"strings"
)

// A number: a sign, digits with thousands separators or none, a fraction, an
// exponent; or two whole numbers with a stroke between them, or \frac.
var numbers = regexp.MustCompile(`[-−+]?(?:\d{1,3}(?:[,\x{00a0}\x{202f}' ]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?(?:\s*/\s*\d+)?|[-−+]?\.\d+|[-−+]?\\[dt]?frac\{\d+\}\{\d+\}`)

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

var frac = regexp.MustCompile(`\\[dt]?frac\{(\d+)\}\{(\d+)\}`)

// rational reads a number as it is written.
func rational(text string) (*big.Rat, bool) {
	text = frac.ReplaceAllString(strings.TrimSpace(text), "$1/$2")
	text = strings.NewReplacer("−", "-", ",", "", " ", "", "\u00a0", "", "\u202f", "", "'", "").Replace(text)
	if len(text) > 400 || strings.ContainsAny(text, "eE") && len(text) > 40 {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(strings.TrimPrefix(text, "+"))
	return r, ok
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
