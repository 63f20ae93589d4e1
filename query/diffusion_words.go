package query

import (
	"fmt"
	"math"

	"uptake/value"
)

// noFitWords says in a sentence why there is no fit (docs/adr/0009).
func noFitWords(e *value.NoFit) string {
	switch e.Reason {
	case value.NoAdopters:
		return "Nobody had adopted by the end of the last closed week."
	case value.TooFewWeeks:
		return fmt.Sprintf("There are too few closed weeks since the first adopter: a curve needs %d.", value.MinWeeks)
	case value.BeginningUnseen:
		return "Most of the spread happened before the data begin."
	case value.NoShape:
		return fmt.Sprintf("In %d weeks, about the same number of people adopted every week: there is no curve to see yet.", e.Weeks)
	case value.BeforeInflection:
		return fmt.Sprintf("After %d weeks the peak may still lie ahead, and before it nobody can tell where the curve will end.", e.Weeks)
	case value.NotConverged:
		return "No curve fits the weeks."
	default:
		return "The counts are no curve of adopters."
	}
}

// fewExpected is so few people that a quarter of them may come by chance: of a Poisson count with this mean, 1 or 0 in one case of 25.
const fewExpected = 5

// stallWords says what a stall, or its absence, rests on.
func stallWords(s value.Stall) string {
	text := fmt.Sprintf("The last %d closed weeks brought %s; the weeks before let expect %s. %s of the %s that it was heading for have adopted.",
		value.StallWeeks, people(uint64(s.Brought)), exact(s.Expected), exact(100*s.Reached)+" %", people(uint64(math.Round(s.Fit.M))))
	if s.Stalled && s.Expected < fewExpected {
		text += " So few were expected that chance may explain it."
	}
	return text
}
