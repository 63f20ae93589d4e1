package ingest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Figures are broken down by location, role and year of hiring too, so a change of one of them touches its days.
func TestAttributesAreStoredAndTouchTheirDays(t *testing.T) {
	const header = "email,unit,effective_from,location,role,hired_on"
	r := newDirectoryRig(t)
	r.load("people", header, "a@x.de,sales,2026-06-01,Bonn,Clerk,2019-05-01")
	assert.Equal(t, []string{"Bonn Clerk 2019-05-01"}, r.dump(`location, ' ', role, ' ', toString(hired_on)]), '') FROM membership`))
	r.touched.take()

	r.load("people", header, "a@x.de,sales,2026-06-01,Bonn,Clerk,2019-06-01")
	assert.Empty(t, r.touched.take(), "hired in the same year")
	for _, line := range []string{"Kiel,Clerk,2019-06-01", "Kiel,Lead,2019-06-01", "Kiel,Lead,2018-12-31", "Kiel,Lead,"} {
		r.load("people", header, "a@x.de,sales,2026-06-01,"+line)
		assert.Equal(t, []string{"2026-06-01..2026-06-16"}, r.touched.take(), line)
	}
	// A second row takes its own attributes: those of the first are not carried on.
	r.load("people", header, "a@x.de,sales,2026-06-10,Kiel,,")
	assert.Equal(t, []string{"2026-06-10..2026-06-16"}, r.touched.take())
}
