package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestSegmentCalls(t *testing.T) {
	var p Records
	for _, c := range []struct{ body, alone, want string }{
		{`{"type":"track","event":"Page Edited","messageId":"m1","userId":"u-1","anonymousId":"a","timestamp":"2026-03-02T09:15:00.000Z","properties":{"tool":"wiki"}}`, "",
			"track Page Edited id=m1 time=2026-03-02T09:15:00.000Z actor=u-1 user_id=u-1 anonymous_id=a properties.tool=wiki"},
		{`{"event":"E","userId":17,"originalTimestamp":"2026-03-02T09:15:00Z","integrations":{"All":false},"_metadata":{"nodeVersion":"20"}}`, "track",
			"track E id= time=2026-03-02T09:15:00Z actor=17 user_id=17"},
		{`{"type":"page","name":"Home","category":"Docs","userId":" ","anonymousId":"a-1","properties":{"url":"/x"},"context":{"page":{"path":"/x"}}}`, "",
			"track page id= time= actor=a-1 name=Home category=Docs user_id=  anonymous_id=a-1 properties.url=/x context.page.path=/x"},
		{`{"name":"Start"}`, "screen", "track screen id= time= actor= name=Start"},
		{`{"type":"identify","userId":"u","traits":{"email":"ada@example.com"}}`, "track", "identify identify id= time= actor=u user_id=u traits.email=ada@example.com"},
		{`{"userId":"u","groupId":"g","traits":{"name":"Finance"}}`, "group", "group group id= time= actor=u user_id=u group_id=g traits.name=Finance"},
		{`{"type":"alias","userId":"new","previousId":"old"}`, "", "identify alias id= time= actor=new user_id=new previous_id=old"},
		{`{"type":"track","userId":"u","messageId":"m"}`, "", "refused m event: It is missing."},
		{`{"type":"dance","messageId":"m"}`, "", "refused m type: " + segmentType.Reason},
		{`{"type":7}`, "track", "refused  type: " + segmentType.Reason},
		{"{\"type\":\"track\",\"event\":\"\xff\"}", "", "refused : " + NotUTF8.Reason},
		{`{"type":null,"event":"E"}`, "track", "track E id= time= actor="},
	} {
		var s seen
		require.NoError(t, p.Segment([]byte(c.body), c.alone, wide, s.each), c.body)
		require.Equal(t, []string{c.want}, s.lines, c.body)
	}
}

func TestSegmentBatch(t *testing.T) {
	var p Records
	var s seen
	body := `{"writeKey":"k","sentAt":"x","batch":[{"type":"track","event":"A"},7,{"event":"B"},` + nested(MaxDepth+1) +
		`,{"type":"track","event":"` + strings.Repeat("x", 70_000) + `"},{"type":"track","event":"C"}],"context":{"library":{}}}`
	require.NoError(t, p.Segment([]byte(body), "", wide, s.each))
	require.Equal(t, []string{"track A id= time= actor=", "refused : " + NotAnObject.Reason, "refused  type: " + segmentType.Reason, "refused : " + TooDeep.Reason,
		"refused : " + wide.EventTooLarge().Reason, "track C id= time= actor="}, s.lines)

	s = seen{}
	require.NoError(t, p.Segment([]byte(`{"batch":[]}`), "", wide, s.each))
	require.Empty(t, s.lines)

	err := p.Segment([]byte(`{"batch":[`+strings.Repeat("{},", 100)+`{}]}`), "", Limits{Event: 100, Batch: 100}, s.each)
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(err))
	err = p.Segment([]byte(`{"type":"track","event":"`+strings.Repeat("x", 100)+`"}`), "", Limits{Event: 100, Batch: 100}, s.each)
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(err))
	boom := fmt.Errorf("boom")
	require.ErrorIs(t, p.Segment([]byte(`{"batch":[{},{}]}`), "", wide, func(*Record, *Refusal) error { return boom }), boom)
}

// What the published clients of Segment and RudderStack sent, to the letter.
func TestSegmentCaptures(t *testing.T) {
	var p Records
	kinds := map[Kind]int{}
	for _, c := range captures(t, "/v1/batch") {
		require.NoError(t, p.Segment([]byte(c.Body), "", wide, func(r *Record, wrong *Refusal) error {
			require.Nil(t, wrong)
			require.NotEmpty(t, r.ID)
			require.NotEmpty(t, r.Time)
			require.Equal(t, "u-1001", string(r.Actor))
			if string(r.Name) == "Page Edited" {
				require.Equal(t, "wiki", string(r.Field("properties.tool")))
			}
			kinds[r.Kind]++
			return nil
		}))
	}
	require.NotZero(t, kinds[Track])
	require.NotZero(t, kinds[Identify])
	require.NotZero(t, kinds[Group])
}

func FuzzSegment(f *testing.F) {
	f.Add([]byte(`{"batch":[{"type":"track","event":"Doc Opened","userId":"u","messageId":"m","timestamp":"2026-03-02T09:15:00.000Z","properties":{"tool":"wiki","to":["a","b"]}}],"writeKey":"k"}`))
	f.Add([]byte(`{"type":"page","name":"H","traits":{"a":{"b":null}},"context":[[1]]}`))
	f.Add([]byte(`{"batch":[{"type":"identify","traits":{"e":"\ud83d"}},{"type":"alias","previousId":1},[],"x"]}`))
	var p Records
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, alone := range []string{"", "track"} {
			_ = p.Segment(body, alone, wide, func(r *Record, wrong *Refusal) error {
				plausible(t, r, wrong, len(body))
				return nil
			})
		}
	})
}
