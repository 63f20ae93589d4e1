package query

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestAQuestionHasDefaults(t *testing.T) {
	q, err := ParseAdoption(url.Values{}, day("2026-11-02"))
	require.NoError(t, err)
	assert.Equal(t, AdoptionQuestion{Unit: "company", Tool: "all", From: day("2026-10-06"), To: day("2026-11-02"), Grain: adoption.ByDay}, q)
}

func TestAQuestionIsReadFromItsParameters(t *testing.T) {
	values, err := url.ParseQuery("unit=sales&tool=wiki&from=2026-01-01&to=2026-06-30&grain=month&children=1")
	require.NoError(t, err)
	q, err := ParseAdoption(values, day("2026-11-02"))
	require.NoError(t, err)
	assert.Equal(t, AdoptionQuestion{Unit: "sales", Tool: "wiki", From: day("2026-01-01"), To: day("2026-06-30"), Grain: adoption.ByMonth, Children: true}, q)
}

func TestAQuestionThatCannotBeAskedIsRefusedByField(t *testing.T) {
	for query, field := range map[string]string{
		"from=yesterday":                  "from",
		"to=2026-02-30":                   "to",
		"from=2026-03-01&to=2026-02-01":   "from",
		"from=2026-12-01":                 "from", // after today, which to is by default
		"grain=year":                      "grain",
		"children=yes":                    "children",
		"unit=a&unit=b":                   "unit",
		"units=a":                         "units",
		"tool=":                           "tool",
		"from=2000-01-01&to=2026-01-01":   "from", // more than 1,100 dates
		"to=1969-12-31":                   "to",
		"grain=week&grain=day&from=never": "from",
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = ParseAdoption(values, day("2026-11-02"))
		var e *adoption.Error
		require.ErrorAs(t, err, &e, query)
		assert.Equal(t, adoption.InvalidParameter, e.Code, query)
		assert.Equal(t, field, e.Field, query)
		assert.NotEmpty(t, e.Message, query)
	}
}

func TestTheWholeHistoryFitsByWeek(t *testing.T) {
	q := AdoptionQuestion{From: day("2006-01-01"), To: day("2026-11-02"), Grain: adoption.ByWeek}
	assert.NoError(t, q.check())
}
