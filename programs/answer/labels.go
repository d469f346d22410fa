package answer

import (
	"fmt"
	"strings"
)

// Piece is a token that a model could have said at a place, with its
// probability in [0, 1].
type Piece struct {
	Text string
	P    float64
}

// collision is the part of the options' probability that may go to tokens which
// begin several of them.
const collision = 0.01

// Shares gives the options their probabilities at the place where a choice
// begins: each has those of the tokens that begin it, case, spaces and quotes
// left out. An option that no token begins has least. They sum to one. It is an
// error where tokens begin several options, for then they tell nothing, and
// where none begins any.
func (s Spec) Shares(pieces []Piece, least float64) ([]Share, error) {
	options := s.Options()
	out := make([]Share, len(options))
	sum, both := 0.0, Piece{}
	for i, option := range options {
		out[i].Label = option
	}
	for _, piece := range pieces {
		var begun []int
		for i, option := range options {
			if begins(piece.Text, option) {
				begun = append(begun, i)
			}
		}
		switch {
		case len(begun) > 1 && piece.P > both.P:
			both = piece
		case len(begun) == 1:
			out[begun[0]].P += piece.P
			sum += piece.P
		}
	}
	switch {
	case both.P > collision*(sum+both.P):
		return nil, fmt.Errorf("the model's token %q begins several of %s; let the options begin differently, as in A and B, and map them", both.Text, strings.Join(options, ", "))
	case sum <= 0:
		return nil, fmt.Errorf("the model would begin none of %s here", strings.Join(options, ", "))
	}
	sum = 0
	for i := range out {
		if out[i].P == 0 {
			out[i].P = least
		}
		sum += out[i].P
	}
	for i := range out {
		out[i].P /= sum
	}
	return out, nil
}

// begins reports whether a token is the beginning of an option, or the option
// and what ends it.
func begins(token, option string) bool {
	token = strings.ToLower(strings.Trim(token, " \t\r\n\"'`*_(“‘"))
	option = strings.ToLower(plain(option))
	if token == "" || option == "" {
		return false
	}
	rest, longer := strings.CutPrefix(token, option)
	return strings.HasPrefix(option, token) || longer && !isLetter(rest[0]) && !isDigit(rest[0])
}
