package ingest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

const peopleHeader = "email,unit,effective_from,effective_to,location,hired_on,left_on"

func TestPeopleAreStoredAndTouchTheirDays(t *testing.T) {
	r := newDirectoryRig(t)
	result := r.load("people", peopleHeader,
		"Ada@Example.com,sales,2026-06-01,,Berlin,2020-01-07,",
		"ben@example.com,sales,2026-06-03,2026-06-05,,,",
		"cy,company,2026-06-14,,,,2026-06-20")
	assert.Equal(t, Result{Accepted: 3, Changed: 3, Rejected: []Rejection{}}, result)
	assert.Equal(t, []string{"2026-06-01..2026-06-16"}, r.touched.take(), "merged, and not beyond tomorrow")
	assert.Equal(t, []string{"sales 2026-06-01..2149-06-05"}, r.memberships("ada@example.com"))
	assert.Equal(t, []string{"sales 2026-06-03..2026-06-05"}, r.memberships("ben@example.com"))
	assert.Equal(t, []string{"company 2026-06-14..2026-06-20"}, r.memberships("cy"))
	assert.Equal(t, []string{"Berlin 2020-01-07"}, r.dump(`location, ' ', toString(hired_on)]), '') FROM people FINAL WHERE location != ''`))
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	r := newDirectoryRig(t)
	files := map[string][]string{
		"people":   {peopleHeader, "a@x.de,sales,2026-06-01,,Berlin,2020-01-07,", "a@x.de,it,2026-06-09,2026-07-09,,,2026-08-01"},
		"units":    {"unit,parent,name,legacy_entity", "sales,,Sales,A", "it,sales,IT,"},
		"licences": {"email,tool,from,to", "a@x.de,Chat,2026-01-01,", "b@x.de,wiki,2026-01-01,2026-02-01"},
		"tools":    {"tool,name,category,vendor,seats,price,currency", "chat,Chat,Messaging,Acme,40,96.50,eur", "wiki,Wiki,Wiki,,,,"},
	}
	for kind, lines := range files {
		assert.Equal(t, 2, r.load(kind, lines...).Changed, kind)
	}
	r.touched.take()
	state := func() (all []string) {
		for _, table := range []string{"identity", "people", "units", "licences", "tools"} {
			all = append(all, r.dump(fmt.Sprintf(`'%s ', toString(count())]), '') FROM %s`, table, table))...)
		}
		return all
	}
	before := state()
	for kind, lines := range files {
		assert.Equal(t, Result{Accepted: 2, Changed: 0, Rejected: []Rejection{}}, r.load(kind, lines...), kind)
	}
	assert.Empty(t, r.touched.take())
	assert.Equal(t, before, state(), "no row was written again")
}

func TestCorrectionsTouchExactlyTheDaysThatChange(t *testing.T) {
	r := newDirectoryRig(t)
	number := 0 // each plays with people of its own
	first := []string{peopleHeader,
		"a@x.de,sales,2026-03-01,,,,",
		"b@x.de,sales,2026-03-01,2026-03-31,,,",
		"b@x.de,it,2026-05-01,,,,"}
	for name, c := range map[string]struct {
		lines []string
		spans []string
		of    string
		want  []string
	}{
		"a move is found": {[]string{"a@x.de,it,2026-04-11,,,,"}, []string{"2026-04-11..2026-06-16"},
			"a@x.de", []string{"sales 2026-03-01..2026-04-10", "it 2026-04-11..2149-06-05"}},
		"another unit from the beginning": {[]string{"a@x.de,it,2026-03-01,,,,"}, []string{"2026-03-01..2026-06-16"},
			"a@x.de", []string{"it 2026-03-01..2149-06-05"}},
		"earlier": {[]string{"a@x.de,sales,2026-02-20,,,,"}, []string{"2026-02-20..2026-02-28"},
			"a@x.de", []string{"sales 2026-02-20..2026-02-28", "sales 2026-03-01..2149-06-05"}},
		"left in the past": {[]string{"a@x.de,sales,2026-03-01,,,,2026-05-20"}, []string{"2026-05-21..2026-06-16"},
			"a@x.de", []string{"sales 2026-03-01..2026-05-20"}},
		"leaves in the future": {[]string{"a@x.de,sales,2026-03-01,,,,2026-08-20"}, nil,
			"a@x.de", []string{"sales 2026-03-01..2026-08-20"}},
		"the gap is closed": {[]string{"b@x.de,sales,2026-03-01,,,,"}, []string{"2026-04-01..2026-04-30"},
			"b@x.de", []string{"sales 2026-03-01..2026-04-30", "it 2026-05-01..2149-06-05"}},
		"back to the first unit": {[]string{"b@x.de,sales,2026-05-01,,,,"}, []string{"2026-05-01..2026-06-16"},
			"b@x.de", []string{"sales 2026-03-01..2026-03-31", "sales 2026-05-01..2149-06-05"}},
		// Figures are broken down by location and by the year of hiring.
		"another place, another group": {[]string{"a@x.de,sales,2026-03-01,,Bonn,2011-11-11,"}, []string{"2026-03-01..2026-06-16"},
			"a@x.de", []string{"sales 2026-03-01..2149-06-05"}},
		"the last of one day wins": {[]string{"a@x.de,it,2026-03-01,,,,", "A@X.de,hr,2026-03-01,,,,", "a@x.de ,sales,2026-03-01,,,,"}, nil,
			"a@x.de", []string{"sales 2026-03-01..2149-06-05"}},
		"two spans of two people": {[]string{"a@x.de,sales,2026-03-01,2026-06-10,,,", "b@x.de,sales,2026-03-01,2026-03-15,,,"},
			[]string{"2026-03-16..2026-03-31", "2026-06-11..2026-06-16"}, "a@x.de", []string{"sales 2026-03-01..2026-06-10"}},
	} {
		number++
		t.Run(name, func(t *testing.T) {
			own := func(text string) string { return strings.ReplaceAll(text, "@", fmt.Sprintf("+%d@", number)) }
			r.load("people", strings.Split(own(strings.Join(first, "\n")), "\n")...)
			r.touched.take()
			result := r.load("people", peopleHeader, own(strings.Join(c.lines, "\n")))
			assert.Equal(t, len(c.lines), result.Accepted)
			assert.Equal(t, c.spans, r.touched.take())
			assert.Equal(t, c.want, r.memberships(own(c.of)))
		})
	}
}

func TestLicencesTouchTheDaysOnWhichAccessChanges(t *testing.T) {
	r := newDirectoryRig(t)
	load := func(lines ...string) []string {
		r.load("licences", append([]string{"email,tool,from,to"}, lines...)...)
		return r.touched.take()
	}
	assert.Equal(t, []string{"2026-01-01..2026-01-31", "2026-06-15..2026-06-15"}, load("a@x.de,Chat,2026-01-01,2026-01-31"),
		"the first licence of a tool: today, too")
	assert.Equal(t, []string{"2026-02-01..2026-02-10"}, load("a@x.de,chat,2026-01-20,2026-02-10"), "what overlaps was allowed before")
	assert.Equal(t, []string{"2026-01-02..2026-01-19"}, load("a@x.de,chat,2026-01-01,2026-01-01"))
	assert.Empty(t, load("a@x.de,chat,2027-01-01,"), "the future has no figures")
	assert.Equal(t, []string{"2026-06-15..2026-06-15"}, load("a@x.de,wiki,2027-01-01,"), "but a first licence closes the tool")
	assert.Equal(t, []string{"2026-06-01..2026-06-16"}, load("b@x.de,chat,2026-06-01,"))
	assert.Equal(t, []string{"chat 2026-01-01..2026-01-01", "chat 2026-01-20..2026-02-10", "chat 2027-01-01..2149-06-06", "wiki 2027-01-01..2149-06-06"},
		r.dump(fmt.Sprintf(`tool, ' ', toString(first_day), '..', toString(last_day)]), '') FROM licences FINAL WHERE person = %d ORDER BY tool, first_day`, r.who("a@x.de"))))
}

func TestAPersonKnownFromEventsKeepsTheirNumber(t *testing.T) {
	r := newDirectoryRig(t)
	hash := r.pseudonyms.Address("seen@x.de")
	in, err := r.insert(t.Context(), `INSERT INTO identity (hash, person, version)`)
	require.NoError(t, err)
	require.NoError(t, in.row(string(hash[:]), uint64(7), uint64(1)))
	require.NoError(t, in.send())

	r.load("people", "email,unit,effective_from", "Seen@X.de,sales,2026-06-01", "new@x.de,sales,2026-06-01")
	assert.Equal(t, uint64(7), r.who("seen@x.de"))
	assert.NotZero(t, r.who("new@x.de"))
	assert.Equal(t, []string{"2 2"}, r.dump(`toString(count()), ' ', toString(uniqExact(person))]), '') FROM identity`))
}

func TestStrictLetsNothingIn(t *testing.T) {
	for kind, text := range map[string]string{
		"people":   "email,unit,effective_from\na@x.de,sales,2026-06-01\nb@x.de,sales,yesterday\n",
		"units":    "unit,parent,name\nsales,,Sales\nit,nowhere,IT\n",
		"licences": "email,tool,from\na@x.de,chat,2026-06-01\n,chat,2026-06-01\n",
		"tools":    "tool,name,category\nchat,Chat,chat\nall,All,chat\n",
	} {
		t.Run(kind, func(t *testing.T) {
			r := newDirectoryRig(t)
			result, err := r.Import(t.Context(), kind, strings.NewReader(text), true)
			require.Equal(t, adoption.Unprocessable, adoption.CodeOf(err))
			assert.Equal(t, 0, result.Accepted)
			assert.Equal(t, 1, result.RejectedTotal)
			require.Len(t, result.Rejected, 1)
			assert.Equal(t, 3, result.Rejected[0].Line)
			assert.Empty(t, r.touched.take())
			assert.Equal(t, []string{"0"}, r.dump(`toString(count())]), '') FROM `+kind))

			result, err = r.Import(t.Context(), kind, strings.NewReader(text), false)
			require.NoError(t, err)
			assert.Equal(t, 1, result.Accepted)
			assert.Equal(t, []string{"1"}, r.dump(`toString(count())]), '') FROM `+kind))
		})
	}
}

func TestTwoImportsAtOnceGiveAnAddressOnePerson(t *testing.T) {
	r := newDirectoryRig(t)
	var lines []string
	for i := range 500 {
		lines = append(lines, fmt.Sprintf("p%d@x.de,sales,2026-06-01", i))
	}
	text := "email,unit,effective_from\n" + strings.Join(lines, "\n")
	var group sync.WaitGroup
	changed := make([]int, 4)
	for i := range changed {
		group.Go(func() {
			result, err := r.Import(t.Context(), "people", strings.NewReader(text), false)
			assert.NoError(t, err)
			changed[i] = result.Changed
		})
	}
	group.Wait()
	assert.ElementsMatch(t, []int{500, 0, 0, 0}, changed)
	assert.Equal(t, []string{"500 500"}, r.dump(`toString(count()), ' ', toString(uniqExact(person))]), '') FROM identity`))
}

func TestARepeatHealsACrashBetweenStatements(t *testing.T) {
	r := newDirectoryRig(t)
	people := "email,unit,effective_from\na@x.de,sales,2026-06-01\nb@x.de,sales,2026-06-02\n"
	licences := "email,tool,from\nb@x.de,chat,2026-05-01\nc@x.de,chat,2026-05-20\n"
	for _, after := range []bool{false, true} {
		for broken := range 2 { // the insert into identity, the insert of the rows
			t.Run(fmt.Sprintf("insert %d, after it %v", broken, after), func(t *testing.T) {
				r := newDirectoryRig(t)
				for kind, text := range map[string]string{"people": people, "licences": licences} {
					r.Directory.db = &brokenConn{Conn: r.db, left: broken, after: after}
					_, err := r.Import(t.Context(), kind, strings.NewReader(text), false)
					require.ErrorIs(t, err, errBroken)
					assert.NotEmpty(t, r.touched.take(), "touched before anything is written")

					r.Directory.db = r.db
					result, err := r.Import(t.Context(), kind, strings.NewReader(text), false)
					require.NoError(t, err)
					assert.Equal(t, 2, result.Accepted)
				}
				assert.Equal(t, []string{"3 3"}, r.dump(`toString(count()), ' ', toString(uniqExact(person))]), '') FROM identity FINAL`))
				assert.Equal(t, []string{"sales 2026-06-02..2149-06-05"}, r.memberships("b@x.de"))
				assert.Equal(t, []string{"2"}, r.dump(`toString(count())]), '') FROM licences FINAL`))
			})
		}
	}
	r.touched.fail = errBroken
	_, err := r.Import(t.Context(), "people", strings.NewReader(people), false)
	require.ErrorIs(t, err, errBroken)
	assert.Equal(t, []string{"0"}, r.dump(`toString(count())]), '') FROM people`), "nothing is written that is not touched")
}

func TestAClockSetBackLosesNoCorrection(t *testing.T) {
	r := newDirectoryRig(t)
	r.load("people", "email,unit,effective_from", "a@x.de,sales,2026-06-01")
	before := r.now()
	r.now = func() time.Time { return before.AddDate(0, 0, -3) }
	r.load("people", "email,unit,effective_from", "a@x.de,it,2026-06-01")
	assert.Equal(t, []string{"it 2026-06-01..2149-06-05"}, r.memberships("a@x.de"))
}
