package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestPostHogEvents(t *testing.T) {
	var p Records
	for body, want := range map[string][]string{
		`{"api_key":"k","batch":[{"event":"message_sent","uuid":"x-1","distinct_id":"u-1","timestamp":"2026-03-02T09:15:00.000Z","properties":{"tool":"chat","$groups":{"unit":"finance"}}},{"event":"b"}]}`: {
			"track message_sent id=x-1 time=2026-03-02T09:15:00.000Z actor=u-1 properties.tool=chat properties.$groups.unit=finance", "track b id= time= actor="},
		`{"api_key":"k","event":"e","uuid":"","properties":{"distinct_id":7}}`: {"track e id= time= actor=7 properties.distinct_id=7"},
		`[{"event":"e","distinct_id":"u"},{"uuid":"x"},3]`:                     {"track e id= time= actor=u", "refused x event: It is missing.", "refused : " + NotAnObject.Reason},
		`{"event":"$identify","distinct_id":"u","properties":{"$anon_distinct_id":"a"},"$set":{"email":"e@x.de"}}`: {
			"identify $identify id= time= actor=u properties.$anon_distinct_id=a $set.email=e@x.de previous_id=a"},
		`{"event":"$create_alias","distinct_id":"u","properties":{"alias":"b"}}`: {"identify $create_alias id= time= actor=u properties.alias=b previous_id=b"},
		`{"event":"$groupidentify","distinct_id":"$unit_finance","properties":{"$group_type":"unit","$group_key":"finance","$group_set":{"name":"F"}}}`: {
			"group $groupidentify id= time= actor= properties.$group_type=unit properties.$group_key=finance properties.$group_set.name=F group_id=finance group_type=unit"},
		`{"event":"$groupidentify","distinct_id":"u","properties":{"$group_key":"f"}}`: {"group $groupidentify id= time= actor=u properties.$group_key=f group_id=f"},
		`{"event":"$set","distinct_id":"u"}`:                                           {"identify $set id= time= actor=u"},
		`[]`:                                                                           nil,
	} {
		var s seen
		require.NoError(t, p.PostHog([]byte(body), wide, s.each), body)
		require.Equal(t, want, s.lines, body)
	}
	for _, body := range []string{`{"api_key":"k"}`, `{"batch":{}}`, "7", `"x"`, "", `{"event":`} {
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(p.PostHog([]byte(body), wide, nil)), body)
	}
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(p.PostHog([]byte(`{"event":"`+strings.Repeat("x", wide.Event)+`"}`), wide, nil)))
}

func TestPostHogKey(t *testing.T) {
	for body, want := range map[string]string{`{"api_key":"a"}`: "a", `{"token":"b"}`: "b", `[{"api_key":"a"}]`: "a", "x": ""} {
		require.Equal(t, want, PostHogKey([]byte(body)))
	}
}

// What the published clients sent, to the letter.
func TestPostHogCaptures(t *testing.T) {
	var p Records
	kinds := map[Kind]int{}
	noIDs := 0
	for _, c := range captures(t, "/batch/") {
		require.Equal(t, "phc_test", PostHogKey([]byte(c.Body)))
		require.NoError(t, p.PostHog([]byte(c.Body), wide, func(r *Record, wrong *Refusal) error {
			require.Nil(t, wrong)
			require.NotEmpty(t, r.Time)
			kinds[r.Kind]++
			switch r.Kind {
			case Track:
				require.Equal(t, "u-1001", string(r.Actor))
				require.Equal(t, "chat", string(r.Field("properties.tool")))
				if len(r.ID) == 0 {
					noIDs++
				}
			case Group:
				require.Nil(t, r.Actor)
				require.Equal(t, "finance", string(r.Field("group_id")))
			}
			return nil
		}))
	}
	require.NotZero(t, kinds[Track])
	require.NotZero(t, kinds[Identify])
	require.NotZero(t, kinds[Group])
	require.NotZero(t, noIDs)
}

func FuzzPostHog(f *testing.F) {
	f.Add([]byte(`{"api_key":"k","batch":[{"event":"sent","uuid":"u","distinct_id":"d","timestamp":"2026-03-02T09:15:00Z","properties":{"$groups":{"a":"b"},"l":[1,"2"]}}],"sent_at":"x"}`))
	f.Add([]byte(`[{"event":"$groupidentify","distinct_id":"$a_b","properties":{"$group_type":"a","$group_key":"b"}},{"event":"$create_alias","properties":{"alias":"\ud83d"}}]`))
	f.Add([]byte(`{"event":"$identify","properties":{"$anon_distinct_id":5},"$set":[{}]}`))
	var p Records
	f.Fuzz(func(t *testing.T, body []byte) {
		_ = PostHogKey(body)
		_ = p.PostHog(body, wide, func(r *Record, wrong *Refusal) error {
			plausible(t, r, wrong, len(body))
			return nil
		})
	})
}
