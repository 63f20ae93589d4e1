// Package demo makes up a company: its units, people, licences and a year of their use of six tools, from a seed, so
// that a visitor sees Uptake with figures before the first real event. The company is the same each time for the same
// preset and last day. Its people are numbers.
//
// There is a story in it (story.go) for the pages to tell: a unit far ahead, one that stalled, two merged halves with
// different policies, a wiki that people use because there is no official one, a pilot that works.
package demo

import (
	"fmt"

	"uptake/adoption"
)

// Preset is one of the companies that can be made.
type Preset string

const (
	LawFirm      Preset = "law-firm"     // 50 people
	Manufacturer Preset = "manufacturer" // 300
	Bank         Preset = "bank"         // 130,000
)

// Presets are all of them, smallest first.
func Presets() []Preset { return []Preset{LawFirm, Manufacturer, Bank} }

// ParsePreset reads the name of a preset; the error is an InvalidParameter that lists them.
func ParsePreset(name string) (Preset, error) {
	for _, p := range Presets() {
		if string(p) == name {
			return p, nil
		}
	}
	return "", adoption.Invalid("preset", fmt.Sprintf("There is no demo company %q: choose law-firm, manufacturer or bank.", name))
}

// Days is how many days of use a company has.
const Days = 365
