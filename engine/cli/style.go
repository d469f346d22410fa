package cli

// style is a role that text can have.
type style uint8

const (
	plain style = iota
	muted
	strong
	danger
	warning
	success
	added
	removed
	addedWord
	removedWord
)

const (
	resetStyle = "\x1b[m"
	clearToEnd = "\x1b[K"
)

// codes is what puts a style on. Lines are written into a terminal whose
// background is not ours, so a role is one of the terminal's own sixteen
// colours, by number, and whatever its user made of it.
func (s style) codes() string {
	return [...]string{
		plain:       "",
		muted:       "\x1b[2m",
		strong:      "\x1b[1m",
		danger:      "\x1b[1;31m",
		warning:     "\x1b[33m",
		success:     "\x1b[32m",
		added:       "\x1b[32m",
		removed:     "\x1b[31m",
		addedWord:   "\x1b[1;7;32m",
		removedWord: "\x1b[1;7;31m",
	}[s]
}
