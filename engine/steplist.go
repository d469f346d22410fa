package engine

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseSteps reads which of so many steps a person means: all (nil), none, or numbers
// as in 2,5-8. It gives them in order.
func ParseSteps(text string, of int) ([]int, error) {
	switch text {
	case "all":
		return nil, nil
	case "none":
		return []int{}, nil
	}
	var out []int
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "-")
		first, err := strconv.Atoi(from)
		last := first
		if ranged && err == nil {
			last, err = strconv.Atoi(to)
		}
		switch {
		case err != nil:
			return nil, errors.New("write all, none, or numbers of steps as in 2,5-8")
		case first < 1 || last > of || first > last:
			return nil, fmt.Errorf("the steps are 1 to %d", of)
		}
		for n := first; n <= last; n++ {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
