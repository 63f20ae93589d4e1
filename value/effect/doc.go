// Package effect tells whether something that was done to some units of a company changed them: difference in
// differences against like units, with its doubt, and beforehand what a pilot of a size could find. A unit counts as
// one observation, however many people it has: people of a unit influence each other. Nothing here reads or stores
// anything.
package effect
