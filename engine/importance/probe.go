package importance

// Probe is what is done to a sample to see what becomes of its answer. Places are
// numbers of steps.
type Probe string

// The probes. Resample, at k: the first k steps are kept, and the model goes on.
// Cut: it has to answer at once. Mistaken, at k: a mistake stands in step k, and the
// model goes on from there. Filled, at k: a filler as long as the first k steps
// stands in their place, and the model has to answer at once.
const (
	Resample Probe = "resample" // arXiv 2506.19143
	Cut      Probe = "cut"      // these of arXiv 2307.13702
	Mistaken Probe = "mistaken"
	Filled   Probe = "filled"
)

// About says in a few words what a probe does.
func (p Probe) About() string {
	switch p {
	case Cut:
		return "cut off after so many steps, and asked at once"
	case Mistaken:
		return "a mistake in one step, and the rest anew"
	case Filled:
		return "a filler as long as so many steps, and asked at once"
	}
	return "resampled from before the step, and from behind it"
}

// Char is what the curve of a probe is drawn with; empty: lines.
func (p Probe) Char() string { return map[Probe]string{Mistaken: "+", Filled: "."}[p] }
