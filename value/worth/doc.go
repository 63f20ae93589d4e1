// Package worth tells what tools are worth to units of a company, and how sure that is: use × assumptions, drawn ten
// thousand times. It knows only sums that may be shown, so it cannot tell more than they do, and neither reads nor stores
// anything. docs/value.md has every formula.
//
// The same seed gives the same figures on every machine: what is drawn does (value/cash), goroutines share no sum, no sum
// runs over a map, and every product is converted to float64 before it is added to anything, which forbids Go to join
// the two into one instruction that rounds once (Go's specification, "Floating-point operators").
package worth
