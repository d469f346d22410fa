package source

// Closest finds the candidate that a mistyped name was probably meant to be:
// the one at the least edit distance, at most a third of the name's length and
// at least one. Where several are as near, the first.
func Closest(name string, candidates []string) (string, bool) {
	best, at := "", max(1, len([]rune(name))/3)+1
	for _, c := range candidates {
		if d := distance([]rune(name), []rune(c)); d < at && c != name {
			best, at = c, d
		}
	}
	return best, best != ""
}

// DidYouMean is the hint for an unknown name, empty where nothing is near.
func DidYouMean(name string, candidates []string) string {
	if near, ok := Closest(name, candidates); ok {
		return `did you mean "` + near + `"?`
	}
	return ""
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that lead from a to b (optimal string alignment).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := range a {
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			d := min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(a)][len(b)]
}
