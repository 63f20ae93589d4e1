package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// testNow is the server's clock in tests that do not need a real one.
var testNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func testRules() Rules {
	return Rules{Zone: time.UTC, Now: func() time.Time { return testNow }}
}

func testWorker(rules Rules) *worker {
	return newWorker(DoorConfig{Limits: Limits{}.withDefaults(), Rules: rules, Pseudonyms: NewPseudonymiser([]byte("secret"))})
}

// receiveAll is what becomes of a body: the events as the loader gets them, and the refusals.
func receiveAll(t testing.TB, w *worker, body string) ([]adoption.Event, []RejectedEvent) {
	t.Helper()
	chunks, err := w.work(Grant{Name: "feed"}, eventsForm, &input{body: []byte(body)})
	require.NoError(t, err)
	events, err := decodeMessage(appendMessage(nil, 1000, chunks...), nil, &interner{})
	require.NoError(t, err)
	require.Len(t, events, w.accepted)
	return events, w.answer().Rejected
}

const goodEvent = `{"id":"e1","time":"2026-11-20T08:30:00.123Z","tool":"wiki","actor":"p1@example.com","action":"edit"}`

// with is the good event with one field set to another JSON value, or left out where the value is empty.
func with(field, value string) string {
	fields := []struct{ name, value string }{
		{"id", `"e1"`}, {"time", `"2026-11-20T08:30:00.123Z"`}, {"tool", `"wiki"`}, {"actor", `"p1@example.com"`}, {"action", `"edit"`}}
	var parts []string
	found := false
	for _, f := range fields {
		if f.name == field {
			found = true
			f.value = value
		}
		if f.value != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", f.name, f.value))
		}
	}
	if !found && value != "" {
		parts = append(parts, fmt.Sprintf("%q:%s", field, value))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func TestACompleteEventIsKeptWholeAndNamesNobody(t *testing.T) {
	rules := testRules()
	rules.Allow = Allow{Attributes: map[string]bool{"lang": true, "n": true}}
	p := NewPseudonymiser([]byte("secret"))
	events, rejected := receiveAll(t, testWorker(rules), `{
		"id": 4711, "time": "2026-11-20T09:30:00.123456+01:00", "tool": " Wiki ", "actor": " P1@Example.COM ", "action": "Edit",
		"object": "page 7", "object_type": "Page", "container": "space 1", "counterparts": ["bob@example.com", 12],
		"duration_s": 90, "quantity": 3.0, "attributes": {"lang": "de", "title": "secret plan", "n": 1.50}}`)
	require.Empty(t, rejected)
	want := []adoption.Event{{
		Source: "feed", ID: p.ID("feed", "4711"), Time: time.Date(2026, 11, 20, 8, 30, 0, 123e6, time.UTC), Tool: "wiki",
		Actor: p.Address("p1@example.com"), Action: "edit", Class: adoption.Contribute,
		Object: p.Text("thing", "wiki\x00page 7"), ObjectType: "page", Container: p.Text("thing", "wiki\x00space 1"),
		Counterparts: []adoption.Hash{p.Address("bob@example.com"), p.Address("12")}, Duration: 90, Quantity: 3,
		Attributes: map[string]string{"lang": "de", "n": "1.50"}, Received: 1000,
	}}
	require.Empty(t, cmp.Diff(want, events))
}

func TestAllowListsLetTextPass(t *testing.T) {
	rules := testRules()
	rules.Allow = Allow{Objects: map[string]bool{"wiki/page": true}, Containers: map[string]bool{"wiki": true}}
	body := `{"time":"2026-11-20","tool":"wiki","actor":"a","action":"edit","object":"Home","object_type":"page","container":"Main"}
	{"time":"2026-11-20","tool":"wiki","actor":"a","action":"edit","object":"p1's draft","object_type":"draft"}
	{"time":"2026-11-20","tool":"chat","actor":"a","action":"post","object":"Home","object_type":"page","container":"Main"}`
	events, rejected := receiveAll(t, testWorker(rules), body)
	require.Empty(t, rejected)
	require.Equal(t, "Home", events[0].Object)
	require.Equal(t, "Main", events[0].Container)
	require.Len(t, events[1].Object, 32)
	require.Len(t, events[2].Object, 32)
	require.Len(t, events[2].Container, 32)
	require.True(t, events[0].DateOnly)
}

func TestEveryRefusalNamesFieldAndReason(t *testing.T) {
	rules := testRules()
	rules.Retention = func(today adoption.Day) adoption.Day { return today - 100 }
	long := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	list := func(n int, item string) string { return strings.Repeat(item+",", n-1) + item }
	var attributes []string
	for i := range wire.MaxAttributes + 1 {
		attributes = append(attributes, fmt.Sprintf(`"k%d":1`, i))
	}
	cases := []struct{ name, event, field, reason string }{
		{"a number", `7`, "", wire.NotAnObject.Reason},
		{"null", `null`, "", wire.NotAnObject.Reason},
		{"a string", `"x"`, "", wire.NotAnObject.Reason},
		{"an array", `[{}]`, "", wire.NotAnObject.Reason},
		{"no UTF-8", with("object", "\"\xff\""), "", wire.NotUTF8.Reason},
		{"half a character", with("actor", `"\ud800"`), "actor", wire.BadEscape},
		{"a typo", with("quantiy", "3"), "quantiy", wire.UnknownField},
		{"twice", `{"id":"a","id":"b"}`, "id", wire.StandsTwice},
		{"twice, once escaped", `{"tool":"a","\u0074ool":"b"}`, "tool", wire.StandsTwice},
		{"nothing", `{}`, "time", missing},
		{"id of a wrong type", with("id", `{"a":1}`), "id", wire.MustBeText},
		{"id too long", with("id", long(513)), "id", idTooLong},
		{"no time", with("time", ""), "time", missing},
		{"time null", with("time", "null"), "time", missing},
		{"time is Unix", with("time", "1763622000"), "time", wire.TimeIsNumber},
		{"time is a bool", with("time", "true"), "time", wire.MustBeText},
		{"time without zone", with("time", `"2026-11-20T08:30:00"`), "time", timeNoZone},
		{"time without zone, fraction", with("time", `"2026-11-20T08:30:00.5"`), "time", timeNoZone},
		{"time unreadable", with("time", `"yesterday"`), "time", timeUnreadable},
		{"no such day", with("time", `"2026-02-30"`), "time", timeUnreadable},
		{"no such hour", with("time", `"2026-11-20T24:30:00Z"`), "time", timeUnreadable},
		{"time much too long", with("time", long(99)), "time", timeUnreadable},
		{"before 1970", with("time", `"1969-12-31T23:59:59Z"`), "time", timeTooEarly},
		{"before the calendar", with("time", `"0000-01-01"`), "time", timeTooEarly},
		{"older than the retention", with("time", `"2026-08-13"`), "time", timeTooOld},
		{"ahead", with("time", `"2026-11-22T12:10:01Z"`), "time", timeAhead},
		{"tomorrow", with("time", `"2026-11-23"`), "time", timeAhead},
		{"no tool", with("tool", ""), "tool", missing},
		{"tool blank", with("tool", `"  "`), "tool", missing},
		{"tool is a number", with("tool", "3"), "tool", wire.MustBeText},
		{"tool too long", with("tool", long(65)), "tool", toolTooLong},
		{"tool not printable", with("tool", `"a\u0007"`), "tool", notPrintable},
		{"tool all", with("tool", `"ALL"`), "tool", toolIsAll},
		{"no actor", with("actor", ""), "actor", missing},
		{"actor blank", with("actor", `" "`), "actor", missing},
		{"actor too long", with("actor", long(513)), "actor", actorTooLong},
		{"actor is a list", with("actor", `["a"]`), "actor", wire.MustBeText},
		{"no action", with("action", ""), "action", missing},
		{"unknown action", with("action", `"dance"`), "action", unknownAction},
		{"object too long", with("object", long(2049)), "object", objectTooLong},
		{"container too long", with("container", long(2049)), "container", objectTooLong},
		{"object_type too long", with("object_type", long(65)), "object_type", typeTooLong},
		{"object_type not printable", with("object_type", `"a\n"`), "object_type", ""},
		{"object_type a number", with("object_type", "1"), "object_type", wire.MustBeText},
		{"counterparts a string", with("counterparts", `"bob"`), "counterparts", wire.MustBeList},
		{"counterparts of objects", with("counterparts", `[{}]`), "counterparts", wire.MustBeList},
		{"counterpart empty", with("counterparts", `["a",""]`), "counterparts", emptyAddress},
		{"counterpart too long", with("counterparts", "["+long(513)+"]"), "counterparts", actorTooLong},
		{"too many counterparts", with("counterparts", "["+list(1001, `"a"`)+"]"), "counterparts", wire.TooManyCounterparts},
		{"quantity in quotes", with("quantity", `"3"`), "quantity", wire.MustBeNumber},
		{"quantity negative", with("quantity", "-1"), "quantity", notWhole},
		{"quantity broken", with("quantity", "1.5"), "quantity", notWhole},
		{"quantity tiny", with("quantity", "1e-400"), "quantity", ""},
		{"quantity too big", with("quantity", "1000000001"), "quantity", tooBig},
		{"quantity huge", with("quantity", "1e400"), "quantity", tooBig},
		{"quantity huge with digits", with("quantity", "99999999999999999999999"), "quantity", tooBig},
		{"quantity hugely negative", with("quantity", "-1e400"), "quantity", notWhole},
		{"duration negative", with("duration_s", "-5"), "duration_s", notWhole},
		{"duration of weeks", with("duration_s", "604801"), "duration_s", durationBig},
		{"attributes a list", with("attributes", "[]"), "attributes", wire.MustBeFlat},
		{"attributes nested", with("attributes", `{"a":{"b":1}}`), "attributes", wire.MustBeFlat},
		{"attributes twice", with("attributes", `{"a":1,"\u0061":2}`), "attributes", wire.AttributeTwice},
		{"too many attributes", with("attributes", "{"+strings.Join(attributes, ",")+"}"), "attributes", wire.TooManyAttributes},
		{"attribute too long", with("attributes", `{"a":`+long(1025)+`}`), "attributes", attributeTooLong},
		{"too large", with("object", long(70_000)), "", Limits{}.withDefaults().wire().EventTooLarge().Reason},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			// Between two good events, which it must not cost.
			events, rejected := receiveAll(t, testWorker(rules), "["+goodEvent+","+c.event+","+goodEvent+"]")
			if c.reason == "" { // in order after all
				require.Empty(t, rejected)
				return
			}
			require.Len(t, events, 2)
			require.Len(t, rejected, 1)
			require.Equal(t, RejectedEvent{Index: 1, ID: rejected[0].ID, Field: c.field, Reason: c.reason}, rejected[0])
		})
	}
}

func TestGoodTimes(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-11-20T08:30:00Z":             time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC),
		"2026-11-20t08:30:00z":             time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC),
		"2026-11-20 08:30:00+05:30":        time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC),
		"2026-11-20T08:30:00.123456789Z":   time.Date(2026, 11, 20, 8, 30, 0, 123e6, time.UTC),
		"2026-11-22T12:10:00Z":             time.Date(2026, 11, 22, 12, 10, 0, 0, time.UTC),
		"1970-01-01T00:00:00Z":             time.Unix(0, 0).UTC(),
		"1970-01-01":                       time.Unix(0, 0).UTC(),
		"2026-11-22":                       time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		" 2024-02-29 ":                     time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
		"2026-11-20T08:30:00.12345-00:00":  time.Date(2026, 11, 20, 8, 30, 0, 123e6, time.UTC),
		"2026-11-22T23:59:59.999999+14:00": time.Date(2026, 11, 22, 9, 59, 59, 999e6, time.UTC),
	} {
		events, rejected := receiveAll(t, testWorker(testRules()), with("time", `"`+text+`"`))
		require.Empty(t, rejected, text)
		require.Equal(t, want, events[0].Time, text)
		require.Equal(t, len(strings.TrimSpace(text)) == 10, events[0].DateOnly, text)
	}
}

// A date counts in the reporting zone: when it has begun there it may come, and the retention counts its days.
func TestDatesAreThoseOfTheReportingZone(t *testing.T) {
	rules := testRules()
	rules.Zone = time.FixedZone("far east", 14*3600) // there it is 2026-11-23 02:00
	rules.Retention = func(today adoption.Day) adoption.Day { return today - 1 }
	w := testWorker(rules)
	events, rejected := receiveAll(t, w, with("time", `"2026-11-23"`)+"\n"+with("time", `"2026-11-24"`)+"\n"+
		with("time", `"2026-11-22"`)+"\n"+with("time", `"2026-11-21"`)+"\n"+with("time", `"2026-11-21T10:00:00Z"`)+"\n"+with("time", `"2026-11-21T09:59:59Z"`))
	require.Len(t, events, 3)
	var got []string
	for _, r := range rejected {
		got = append(got, fmt.Sprint(r.Index, r.Reason))
	}
	require.Equal(t, []string{fmt.Sprint(1, timeAhead), fmt.Sprint(3, timeTooOld), fmt.Sprint(5, timeTooOld)}, got)
}

func TestAnEventWithoutIDIsKnownByWhatItSays(t *testing.T) {
	same := []string{
		`{"time":"2026-11-20T08:30:00Z","tool":"wiki","actor":"p1@example.com","action":"edit","object":"p","attributes":{"a":1,"b":"x"}}`,
		`{"id":null, "object":"p" ,"attributes":{"b":"x", "a":1},"action":"EDIT","tool":"Wiki","actor":"P1@example.com ","quantity":1,"time":"2026-11-20T09:30:00.000+01:00"}`,
		`{"id":"","time":"2026-11-20T08:30:00Z","tool":"wiki","actor":"p1@example.com","action":"edit","object":"p","attributes":{"a":1,"b":"x","c":null},"counterparts":[]}`,
	}
	other := []string{
		`{"time":"2026-11-20T08:30:00Z","tool":"wiki","actor":"p1@example.com","action":"edit","object":"p","attributes":{"a":1,"b":"y"}}`,
		`{"time":"2026-11-20T08:30:00.000001Z","tool":"wiki","actor":"p1@example.com","action":"edit","object":"p","attributes":{"a":1,"b":"x"}}`,
		`{"time":"2026-11-20T08:30:00Z","tool":"wiki","actor":"p1@example.com","action":"edit","container":"p","attributes":{"a":1,"b":"x"}}`,
		`{"time":"2026-11-20T08:30:00Z","tool":"wiki","actor":"p1@example.com","action":"edit","object":"p","attributes":{"a":1,"b":"x"},"quantity":2}`,
		`{"time":"2026-11-20T08:30:00Z","tool":"wiki","actor":"bob@example.com","action":"edit","object":"p","attributes":{"a":1,"b":"x"}}`,
	}
	events, rejected := receiveAll(t, testWorker(testRules()), strings.Join(append(same, other...), "\n"))
	require.Empty(t, rejected)
	ids := map[adoption.Hash]int{}
	for _, e := range events {
		ids[e.ID]++
	}
	require.Equal(t, 3, ids[events[0].ID])
	require.Len(t, ids, 1+len(other))
}

func TestTheRefusedEventIsNamedByItsID(t *testing.T) {
	_, rejected := receiveAll(t, testWorker(testRules()), `[{"bad":1,"id":"késő \u00e9"},{"tool":5,"id":17},`+goodEvent+`,{"action":"dance"},[],{"id":"`+strings.Repeat("é", 400)+`"}]`)
	require.Len(t, rejected, 5)
	require.Equal(t, "késő é", rejected[0].ID)
	require.Equal(t, "17", rejected[1].ID)
	require.Equal(t, 3, rejected[2].Index)
	require.Equal(t, "", rejected[3].ID)
	require.Equal(t, strings.Repeat("é", 256), rejected[4].ID)
}
