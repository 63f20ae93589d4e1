package adoption

import "time"

// Attribute is what people can be grouped by besides their unit, for the company as a whole.
type Attribute string

const (
	ByLocation     Attribute = "location"
	ByLegacyEntity Attribute = "legacy_entity" // that of the unit, or of the nearest one above that has one
	ByHireCohort   Attribute = "hire_cohort"   // the year of hired_on
	ByRole         Attribute = "role"
)

// Attributes are all of them. In this order their groups are judged: what is hidden of one so that nothing small can be
// computed is hidden because of those before it.
func Attributes() []Attribute {
	return []Attribute{ByLocation, ByLegacyEntity, ByRole, ByHireCohort}
}

// Attributed tells whether figures by attribute exist for a day: the last day of an ISO week, of a month, or last, the
// last day that has figures at all.
func Attributed(d, last Day) bool {
	return d == last || d.Weekday() == time.Sunday || d == d.EndOfMonth()
}

// Counted tells whether people are counted by all their attributes at once on a day: those of Attributed, the first of
// a month, by which small groups are put together, and the day before the last one, of which a running week speaks.
func Counted(d, last Day) bool {
	return Attributed(d, last) || d == d.FirstOfMonth() || d == last-1
}
