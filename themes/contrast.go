package themes

import (
	"fmt"
	"math"

	"github.com/lucasb-eyer/go-colorful"
)

// rgb is an opaque colour of 8 bits a channel. It is a color.Color.
type rgb struct{ r, g, b uint8 }

// RGBA implements color.Color.
func (c rgb) RGBA() (r, g, b, a uint32) {
	return uint32(c.r) * 0x101, uint32(c.g) * 0x101, uint32(c.b) * 0x101, 0xffff
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

var white, black = rgb{255, 255, 255}, rgb{}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(c rgb) float64 {
	r, g, b := colorful.Color{R: float64(c.r) / 255, G: float64(c.g) / 255, B: float64(c.b) / 255}.LinearRgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// contrast is the contrast ratio of two colours, 1 to 21 (WCAG 2.2).
func contrast(a, b rgb) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// strongest is what stands out most on a background.
func strongest(background rgb) rgb {
	if contrast(white, background) >= contrast(black, background) {
		return white
	}
	return black
}

// mix goes from a to b by share, in the perceptual space Oklab.
func mix(a, b rgb, share float64) rgb {
	c := a.colorful().BlendOkLab(b.colorful(), share).Clamped()
	r, g, bl := c.RGB255()
	return rgb{r, g, bl}
}

func (c rgb) colorful() colorful.Color {
	return colorful.Color{R: float64(c.r) / 255, G: float64(c.g) / 255, B: float64(c.b) / 255}
}

// lift moves a colour's lightness, keeping its hue, until it has at least the
// ratio of contrast with every background; where no lightness does, it gives
// black or white, whichever is better.
func lift(c rgb, ratio float64, backgrounds ...rgb) rgb {
	if least(c, backgrounds) >= ratio {
		return c
	}
	l, chroma, hue := c.colorful().OkLch()
	best := strongest(backgrounds[0])
	for _, direction := range []float64{towards(backgrounds[0]), -towards(backgrounds[0])} {
		for step := 0.01; step <= 1; step += 0.01 {
			lightness := l + direction*step
			if lightness < 0 || lightness > 1 {
				break
			}
			// Less colour where it is very light or dark, to stay in gamut.
			scale := math.Min(1, 1.6*math.Min(lightness, 1-lightness)+0.25)
			r, g, b := colorful.OkLch(lightness, chroma*scale, hue).Clamped().RGB255()
			if try := (rgb{r, g, b}); least(try, backgrounds) >= ratio {
				return try
			}
		}
	}
	if other := (rgb{255 - best.r, 255 - best.g, 255 - best.b}); least(other, backgrounds) > least(best, backgrounds) {
		return other
	}
	return best
}

// towards is the direction in lightness away from a background.
func towards(background rgb) float64 {
	if strongest(background) == white {
		return 1
	}
	return -1
}

func least(c rgb, backgrounds []rgb) float64 {
	ratio := 21.0
	for _, b := range backgrounds {
		ratio = min(ratio, contrast(c, b))
	}
	return ratio
}
