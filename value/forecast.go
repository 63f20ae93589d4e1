package value

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Point is the forecast for the end of one week.
type Point struct {
	Week      int     // 1 is the first week after the curve
	Adopters  float64 // half of the futures end above, half below
	Low, High float64 // the band: eight of ten futures end within, one below, one above
}

// The futures that a forecast is made of.
const (
	futures = 500
	lowTail = futures / 10
)

// Forecast goes on for so many weeks after the curve, with an 80 % band.
//
// It simulates 500 futures from a fixed seed, so that the same fit always gives the same forecast. Each draws where
// the curve may end and how fast it goes there (ceilings: what the data leave open), then goes on from the last count
// week by week, by chance: so many of those who are left, their number spread as the weeks so far were about what
// was to be expected of them. The futures start from the real count and stay between it and the enabled.
func (f BassFit) Forecast(weeks int) []Point {
	source := rand.NewPCG(1969, 1986)
	open := f.ceilings()
	ends := make([][]float64, weeks) // by week, one a future
	for i := range ends {
		ends[i] = make([]float64, futures)
	}
	for j := range futures {
		v := open.draw(source)
		at := f.adopters
		for i := range weeks {
			at = min(at+f.week(at, v, source), f.enabled)
			ends[i][j] = at
		}
	}
	points := make([]Point, weeks)
	for i, end := range ends {
		slices.Sort(end)
		points[i] = Point{
			Week: i + 1, Adopters: (end[futures/2-1] + end[futures/2]) / 2,
			Low: end[lowTail-1], High: end[futures-lowTail],
		}
	}
	return points
}

// week draws how many of those who are left adopt in the week after a count.
func (f BassFit) week(at float64, v vector, source rand.Source) float64 {
	m := v[0]
	left := math.Floor(m - at + 0.5)
	if left < 1 {
		return 0
	}
	mean := m*bassNext(at/m, v[1], v[2]) - at
	if more := f.dispersion - 1; more > 1e-3 && mean > 0 { // Gamma: the mean of a week varies more than its chance does
		mean = distuv.Gamma{Alpha: mean / more, Beta: 1 / more, Src: source}.Rand()
	}
	share := mean / left
	if !(share > 1e-12) {
		return 0
	}
	return distuv.Binomial{N: left, P: min(share, 1), Src: source}.Rand()
}
