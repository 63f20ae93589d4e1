package value

import "math"

// Category is one of Rogers' adopter categories (Diffusion of Innovations, 1962), by the order in which people adopt:
// the first 2.5 % of the enabled are innovators, and so on. Sizes are whole people: a category ends with the person
// who brings the adopters to its share or beyond, so in ten people there is one innovator.
type Category struct {
	Name     string  // innovators, early_adopters, early_majority, late_majority, laggards
	Until    float64 // share of the enabled that has adopted when it is full
	Size     float64 // people it holds when it is full
	Adopters float64 // people of it who have adopted so far
	Week     int     // index in the curve of the first week in which it was full; −1 while it is not
}

// Rogers divides a curve of cumulative adopters, one count a week, into the categories of the enabled (not of those
// who have adopted so far). ok is false where it is no such curve, or nobody is enabled.
func Rogers(curve []float64, enabled float64) (categories []Category, ok bool) {
	if _, reason := check(curve, enabled); reason == BadCurve || enabled < 1 {
		return nil, false
	}
	now := 0.0
	if len(curve) > 0 {
		now = curve[len(curve)-1]
	}
	enabled = math.Floor(enabled)
	before := 0.0
	for _, c := range []struct {
		name  string
		mille float64 // a whole number, so that the product is exact
	}{{"innovators", 25}, {"early_adopters", 160}, {"early_majority", 500}, {"late_majority", 840}, {"laggards", 1000}} {
		full := math.Ceil(enabled * c.mille / 1000)
		categories = append(categories, Category{
			Name: c.name, Until: c.mille / 1000, Size: full - before,
			Adopters: clamp(now-before, 0, full-before), Week: firstWeek(curve, full),
		})
		before = full
	}
	return categories, true
}

// firstWeek is the index of the first count that is at least people, −1 where there is none.
func firstWeek(curve []float64, people float64) int {
	for i, n := range curve {
		if n >= people {
			return i
		}
	}
	return -1
}
