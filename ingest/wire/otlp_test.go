package wire

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"uptake/adoption"
)

func pbText(s string) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: s}}
}
func pbWhole(n int64) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: n}}
}
func pbList(all ...*common.AnyValue) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_ArrayValue{ArrayValue: &common.ArrayValue{Values: all}}}
}
func pbMapOf(all ...*common.KeyValue) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_KvlistValue{KvlistValue: &common.KeyValueList{Values: all}}}
}
func pair(key string, value *common.AnyValue) *common.KeyValue {
	return &common.KeyValue{Key: key, Value: value}
}

// request puts records into one scope of one resource.
func request(records ...*logs.LogRecord) *collector.ExportLogsServiceRequest {
	return &collector.ExportLogsServiceRequest{ResourceLogs: []*logs.ResourceLogs{{
		Resource: &resource.Resource{Attributes: []*common.KeyValue{pair("service.name", pbText("wiki"))}},
		ScopeLogs: []*logs.ScopeLogs{{
			Scope:      &common.InstrumentationScope{Name: "audit", Attributes: []*common.KeyValue{pair("kind", pbText("x"))}},
			LogRecords: records,
		}},
	}}}
}

// inBoth reads a request in protobuf and in JSON, which must give the same.
func inBoth(t *testing.T, r *collector.ExportLogsServiceRequest) []string {
	t.Helper()
	binary, err := proto.Marshal(r)
	require.NoError(t, err)
	text, err := protojson.Marshal(r)
	require.NoError(t, err)
	require.Equal(t, len(binary) == 0, OTLPIsJSON(binary, "application/json"))
	require.True(t, OTLPIsJSON(text, "application/x-protobuf"))
	var p Records
	var one, other seen
	require.NoError(t, p.OTLP(binary, false, wide, one.each))
	require.NoError(t, p.OTLP(text, true, wide, other.each))
	require.Equal(t, one.lines, other.lines, "%s", text)
	return one.lines
}

const shareLine = " scope.name=audit scope.attributes.kind=x resource.service.name=wiki"

func TestOTLPRecords(t *testing.T) {
	lines := inBoth(t, request(
		&logs.LogRecord{TimeUnixNano: 1772442900000000001, ObservedTimeUnixNano: 1772442999000000000, EventName: "page.edited", Body: pbText("x"),
			Attributes: []*common.KeyValue{pair("enduser.id", pbText("u-1")), pair("user.id", pbText("u-2")), pair("n", pbWhole(-7)), pair("e\u00e9", pbText("")),
				pair("ok", &common.AnyValue{Value: &common.AnyValue_BoolValue{BoolValue: true}}), pair("ratio", &common.AnyValue{Value: &common.AnyValue_DoubleValue{DoubleValue: 0.5}}),
				pair("to", pbList(pbText("a"), pbText("b"))), pair("none", nil), pair("raw", &common.AnyValue{Value: &common.AnyValue_BytesValue{BytesValue: []byte{1}}}),
				pair("log.record.uid", pbText("01J"))}},
		&logs.LogRecord{ObservedTimeUnixNano: 1772442900000000000, Body: pbMapOf(pair("page", pbText("p")), pair("user", pbMapOf(pair("id", pbWhole(1))))),
			Attributes: []*common.KeyValue{pair("event.name", pbText("opened")), pair("enduser.pseudo.id", pbText("z"))}},
		&logs.LogRecord{Body: pbText("just a line"), TraceId: bytes.Repeat([]byte{1}, 16)},
		&logs.LogRecord{Body: pbWhole(5)},
	))
	require.Equal(t, []string{
		"track page.edited id=01J time=2026-03-02T09:15:00.000000001Z actor=u-1 body=x attributes.enduser.id=u-1 attributes.user.id=u-2 attributes.n=-7 attributes.eé= attributes.ok=true attributes.ratio=0.5 attributes.to=a attributes.to=b attributes.log.record.uid=01J" + shareLine,
		"track opened id= time=2026-03-02T09:15:00Z actor=z body.page=p body.user.id=1 attributes.event.name=opened attributes.enduser.pseudo.id=z" + shareLine,
		"track (log) id= time= actor= body=just a line" + shareLine,
		"refused  event_name: " + otlpName.Reason,
	}, lines)
	require.Empty(t, inBoth(t, request()))
	require.Empty(t, inBoth(t, &collector.ExportLogsServiceRequest{}))
}

// A text for people tells of people, so it is no name; an identifier is one.
func TestOTLPBodyAsAName(t *testing.T) {
	for body, want := range map[string]string{
		"page.edited":                    "page.edited",
		"Wiki:page/edit_v2-1":            "Wiki:page/edit_v2-1",
		strings.Repeat("x", 64):          strings.Repeat("x", 64),
		strings.Repeat("x", 65):          "(log)",
		"Ann Smith opened the page":      "(log)",
		"page.edited ":                   "(log)",
		"ann@example.com":                "(log)",
		"geöffnet":                       "(log)",
		"{user=ann}":                     "(log)",
		" ":                              "(log)",
		"Ann\u00a0Smith\tsigned\nin off": "(log)",
	} {
		var p Records
		binary, err := proto.Marshal(request(&logs.LogRecord{Body: pbText(body)}))
		require.NoError(t, err)
		require.NoError(t, p.OTLP(binary, false, wide, func(r *Record, wrong *Refusal) error {
			require.Nil(t, wrong)
			require.Equal(t, want, string(r.Name), body)
			require.Equal(t, body, string(r.Field("body")), "what a rule's when can ask for")
			return nil
		}))
		inBoth(t, request(&logs.LogRecord{Body: pbText(body)}))
	}
	require.Contains(t, inBoth(t, request(&logs.LogRecord{Body: pbText("")}))[0], "refused  event_name")
}

// What records share is in all of them, and their identities tell them apart.
func TestOTLPSharing(t *testing.T) {
	var p Records
	r := request(&logs.LogRecord{EventName: "a", Attributes: []*common.KeyValue{pair("b", pbText("1")), pair("a", pbText("2"))}}, &logs.LogRecord{EventName: "b"})
	r.ResourceLogs = append(r.ResourceLogs, &logs.ResourceLogs{ScopeLogs: []*logs.ScopeLogs{{LogRecords: []*logs.LogRecord{{EventName: "b"}}}}})
	text, err := protojson.Marshal(r)
	require.NoError(t, err)
	var all []Record
	require.NoError(t, p.OTLP(text, true, wide, func(r *Record, wrong *Refusal) error {
		require.Nil(t, wrong)
		r.Sort()
		all = append(all, r.clone())
		return nil
	}))
	require.Len(t, all, 3)
	require.Equal(t, 3, all[0].Shared)
	require.Equal(t, "track a id= time= actor= attributes.a=2 attributes.b=1"+shareLine, all[0].line())
	require.Empty(t, all[2].Fields)
	require.Equal(t, all[0].Rest, all[1].Rest)
	require.NotEqual(t, all[1].Rest, all[2].Rest)
}

func TestOTLPBadRecordsCostThemselvesOnly(t *testing.T) {
	var p Records
	var s seen
	json := `{"resourceLogs":[{"resource":null,"scopeLogs":[{"logRecords":[7,{"eventName":"` + strings.Repeat("x", wide.Event) + `"},` + nested(MaxDepth+1) +
		`,{"eventName":"good","timeUnixNano":1772442900000000000},{"eventName":"late","timeUnixNano":"soon","attributes":{"a":1},"body":"x"},{"eventName":"odd","attributes":[7,{"value":{"stringValue":5}},{"key":"k","value":{"intValue":"9"}}]}]}]}]}`
	require.NoError(t, p.OTLP([]byte(json), true, wide, s.each))
	require.Equal(t, []string{"refused : " + NotAnObject.Reason, "refused : " + wide.EventTooLarge().Reason, "refused : " + TooDeep.Reason,
		"track good id= time=2026-03-02T09:15:00Z actor=", "track late id= time=soon actor=", "track odd id= time= actor= attributes.=5 attributes.k=9"}, s.lines)

	good, err := proto.Marshal(&logs.LogRecord{EventName: "good"})
	require.NoError(t, err)
	large, err := proto.Marshal(&logs.LogRecord{EventName: strings.Repeat("x", wide.Event)})
	require.NoError(t, err)
	wrap := func(number byte, parts ...[]byte) (message []byte) {
		for _, part := range parts {
			message = append(append(append(message, number<<3|2), lengthOf(len(part))...), part...)
		}
		return message
	}
	body := wrap(1, wrap(2, wrap(2, good, []byte{0xff}, large, []byte("\x62\x01\xff"), good)))
	s = seen{}
	require.NoError(t, p.OTLP(body, false, wide, s.each))
	require.Equal(t, []string{"track good id= time= actor=", "refused : " + brokenRecord.Reason, "refused : " + wide.EventTooLarge().Reason, "refused : " + NotUTF8.Reason, "track good id= time= actor="}, s.lines)

	s = seen{} // a resource that is broken, or too much to come with every record
	require.NoError(t, p.OTLP(wrap(1, append(wrap(1, []byte{0xff}), wrap(2, wrap(2, good))...)), false, wide, s.each))
	require.NoError(t, p.OTLP(wrap(1, append(wrap(1, make([]byte, wide.Event+1)), wrap(2, wrap(2, good))...)), false, wide, s.each))
	require.Equal(t, []string{"refused : " + brokenRecord.Reason, "refused : " + wide.EventTooLarge().Reason}, s.lines)
}

func lengthOf(n int) (varint []byte) {
	for ; n >= 0x80; n >>= 7 {
		varint = append(varint, byte(n)|0x80)
	}
	return append(varint, byte(n))
}

func TestOTLPBodiesThatAreNone(t *testing.T) {
	var p Records
	for _, body := range []string{"{", "[]", "7", `{"logs":[]}`, `{"resourceLogs":{}}`, `{"resourceLogs":[7]}`, `{"resourceLogs":[{"scopeLogs":7}]}`, `{"resourceLogs":[]} x`, "", " "} {
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(p.OTLP([]byte(body), true, wide, nil)), body)
	}
	for _, body := range []string{"\xff", "\x0a", "\x0a\x05ab", "\x12\x00", "\x0a\x01\xff", "\x0a\x03\x12\x01\xff", "\x0b\x0c", `{"resourceLogs":[]}`} {
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(p.OTLP([]byte(body), false, wide, nil)), "%q", body)
	}
	records := make([]*logs.LogRecord, 101)
	for i := range records {
		records[i] = &logs.LogRecord{EventName: strconv.Itoa(i)}
	}
	binary, err := proto.Marshal(request(records...))
	require.NoError(t, err)
	text, err := protojson.Marshal(request(records...))
	require.NoError(t, err)
	var s seen
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(p.OTLP(binary, false, Limits{Event: 1000, Batch: 100}, s.each)))
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(p.OTLP(text, true, Limits{Event: 1000, Batch: 100}, s.each)))
}

func TestOTLPEncodingIsToldByTheBody(t *testing.T) {
	empty := []byte("\x0a\x02\x12\x00")
	tricky := []byte("\n{" + strings.Repeat(" ", 122) + "}") // also a protobuf of one field
	for _, c := range []struct {
		body []byte
		kind string
		json bool
	}{
		{empty, "application/x-protobuf", false}, {empty, "application/json", false}, {empty, "", false},
		{[]byte(`{}`), "application/x-protobuf", true}, {[]byte("\n {}"), "", true}, {[]byte(" {}"), "application/x-protobuf", true},
		{tricky, "application/json", true}, {tricky, "application/x-protobuf", false}, {tricky, "", false},
		{nil, "application/json", true}, {nil, "application/x-protobuf", false}, {[]byte("x"), "application/json", true}, {[]byte("x"), "", false},
	} {
		require.Equal(t, c.json, OTLPIsJSON(c.body, c.kind), "%q %s", c.body, c.kind)
	}
}

// Records with thousands of parts must cost what they are, not its square.
func TestOTLPCostsNoMoreThanItHolds(t *testing.T) {
	many := make([]*common.AnyValue, 20_000)
	for i := range many {
		many[i] = &common.AnyValue{Value: &common.AnyValue_BytesValue{}}
	}
	long := pair(strings.Repeat("k", 250), pbMapOf(make([]*common.KeyValue, 9_000)...))
	deep := pbText("x")
	for range 5 {
		deep = pbMapOf(pair("a", pbList(deep)))
	}
	for _, record := range []*logs.LogRecord{{EventName: "x", Body: pbList(many...)}, {EventName: "x", Attributes: []*common.KeyValue{long}}, {EventName: "x", Body: deep}} {
		binary, err := proto.Marshal(request(record))
		require.NoError(t, err)
		text, err := protojson.Marshal(request(record))
		require.NoError(t, err)
		for json, body := range map[bool][]byte{true: text, false: binary} {
			var p Records
			require.NoError(t, p.OTLP(body, json, Limits{Event: 10 << 20, Batch: 10}, func(r *Record, wrong *Refusal) error {
				require.Nil(t, wrong)
				rest := 0
				for _, part := range r.Rest {
					rest += len(part)
				}
				require.LessOrEqual(t, rest, len(body)+64)
				require.Less(t, cap(p.scratch), 1<<20)
				return nil
			}))
		}
	}
	var records []*logs.LogRecord // 1 MB of a resource that 1000 records share
	for range 1000 {
		records = append(records, &logs.LogRecord{EventName: "x"})
	}
	r := request(records...)
	for i := range 20_000 {
		r.ResourceLogs[0].Resource.Attributes = append(r.ResourceLogs[0].Resource.Attributes, pair("attribute"+strconv.Itoa(i), pbText("some value of the resource")))
	}
	binary, err := proto.Marshal(r)
	require.NoError(t, err)
	var p Records
	n := 0
	require.NoError(t, p.OTLP(binary, false, Limits{Event: 10 << 20, Batch: 1000}, func(r *Record, wrong *Refusal) error {
		require.Nil(t, wrong)
		require.Len(t, r.Fields, MaxFields)
		require.Equal(t, MaxFields, r.Shared)
		n++
		return nil
	}))
	require.Equal(t, 1000, n)
}

// What the published clients sent, to the letter.
func TestOTLPCaptures(t *testing.T) {
	var p Records
	encodings := map[bool]int{}
	for _, c := range captures(t, "/v1/logs") {
		body := []byte(c.Body)
		if c.Base64 != nil {
			body = c.Base64
		}
		json := OTLPIsJSON(body, "")
		require.NoError(t, p.OTLP(body, json, wide, func(r *Record, wrong *Refusal) error {
			require.Nil(t, wrong)
			require.Equal(t, "page.edited", string(r.Name))
			require.Equal(t, "u-1001", string(r.Actor))
			require.Equal(t, "adoption", string(r.Field("scope.name")))
			require.NotEmpty(t, r.Field("resource.service.name"))
			require.NotEmpty(t, r.Time)
			encodings[json]++
			return nil
		}))
	}
	require.NotZero(t, encodings[true])
	require.NotZero(t, encodings[false])

	text, err := os.ReadFile(filepath.Join(samples(t), "generic", "otlp-logs.proto-repo-example.json"))
	require.NoError(t, err)
	var s seen
	require.NoError(t, p.OTLP(text, true, wide, s.each))
	require.Equal(t, []string{"track (log) id= time=2018-12-13T14:51:00.3Z actor= body=Example log record attributes.string.attribute=some string " +
		"attributes.boolean.attribute=true attributes.int.attribute=10 attributes.double.attribute=637.704 attributes.array.attribute=many attributes.array.attribute=values " +
		"attributes.map.attribute.some.map.key=some value scope.name=my.library scope.attributes.my.scope.attribute=some scope attribute resource.service.name=my.service"}, s.lines)
}

func TestOTLPAnswers(t *testing.T) {
	var answer collector.ExportLogsServiceResponse
	require.NoError(t, proto.Unmarshal(OTLPAnswer(3, "why"), &answer))
	require.EqualValues(t, 3, answer.PartialSuccess.RejectedLogRecords)
	require.Equal(t, "why", answer.PartialSuccess.ErrorMessage)
	require.NoError(t, proto.Unmarshal(OTLPAnswer(0, ""), &answer))
	require.Nil(t, answer.PartialSuccess)
}

func FuzzOTLP(f *testing.F) {
	r := request(&logs.LogRecord{TimeUnixNano: 1772442900000000000, EventName: "doc.opened", Body: pbMapOf(pair("a", pbList(pbWhole(1)))), Attributes: []*common.KeyValue{pair("user.id", pbText("u"))}})
	binary, err := proto.Marshal(r)
	require.NoError(f, err)
	text, err := protojson.Marshal(r)
	require.NoError(f, err)
	f.Add(binary)
	f.Add(text)
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[{"key":"k","value":{"bytesValue":"AA=="}}]}}},[]]}]}]}`))
	var p Records
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, json := range []bool{true, false} {
			n := 0
			err := p.OTLP(body, json, wide, func(r *Record, wrong *Refusal) error {
				plausible(t, r, wrong, len(body))
				n++
				return nil
			})
			var told collector.ExportLogsServiceRequest
			if err != nil || json || proto.Unmarshal(body, &told) != nil {
				continue
			}
			want := 0
			for _, r := range told.ResourceLogs {
				for _, s := range r.ScopeLogs {
					want += len(s.LogRecords)
				}
			}
			require.Equal(t, want, n, "the library finds other records")
		}
	})
}
