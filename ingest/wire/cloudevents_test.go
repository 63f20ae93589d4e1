package wire

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestStructuredCloudEvents(t *testing.T) {
	var p Records
	for body, want := range map[string]string{
		`{"specversion":"1.0","type":"page.edited","source":"/wiki","id":"e-1","time":"2026-03-02T09:15:00Z","subject":"page/42","data":{"actor":"u-1","page":{"id":7}},"tenant":"x"}`: "" +
			"track page.edited id=/wiki|e-1 time=2026-03-02T09:15:00Z actor=u-1 source=/wiki subject=page/42 data.actor=u-1 data.page.id=7 tenant=x",
		`{"id":"e","source":"s","type":"t","specversion":"1.0","userid":"u-2","data":"text"}`:                 "track t id=s|e time= actor=u-2 source=s userid=u-2 data=text",
		`{"data":{"actor":"u-1"},"actor":"u-2","id":"e","source":"s","type":"t","specversion":"1.0"}`:         "track t id=s|e time= actor=u-1 data.actor=u-1 actor=u-2 source=s",
		`{"data":{"actor":{"id":1}},"authid":"u-3","id":"e","source":"s","type":"t","specversion":"1.1"}`:     "track t id=s|e time= actor=u-3 data.actor.id=1 authid=u-3 source=s",
		`{"id":"e","source":"s","type":"t","specversion":"1.0","data_base64":"AAEC","data":null,"time":null}`: "track t id=s|e time= actor= source=s",
		`{"id":"e","source":"s","type":"t","specversion":"0.3"}`:                                              "refused s|e specversion: " + ceVersion.Reason,
		`{"id":"e","source":"s","specversion":"1.0"}`:                                                         "refused s|e type: It is missing.",
		`{"id":"e","type":"t","specversion":"1.0"}`:                                                           "refused |e source: It is missing.",
		`{"source":"s","type":"t","specversion":"1.0"}`:                                                       "refused  id: It is missing.",
		"{\"id\":\"\xff\",\"specversion\":\"1.0\"}":                                                           "refused  : " + NotUTF8.Reason,
	} {
		require.True(t, IsCloudEvent([]byte(body)))
		var s seen
		require.NoError(t, s.each(p.CloudEvent([]byte(body))))
		require.Equal(t, want, strings.ReplaceAll(s.lines[0], "\x00", "|"), body)
	}
	for _, body := range []string{goodNative, `{"attributes":{"specversion":"1.0"}}`, `{"object":"\"specversion\""}`, `[{"specversion":"1.0"}]`, "7", `{"specversion":null}`} {
		require.False(t, IsCloudEvent([]byte(body)), body)
	}
}

const goodNative = `{"id":"e1","time":"2026-11-20T08:30:00.123Z","tool":"wiki","actor":"p1@example.com","action":"edit"}`

func TestBinaryCloudEvents(t *testing.T) {
	var p Records
	full := func() http.Header {
		return http.Header{"Ce-Specversion": {"1.0"}, "Ce-Id": {"e"}, "Ce-Source": {"/s"}, "Ce-Type": {"t"}, "Content-Type": {"application/json"}}
	}
	for _, c := range []struct{ name, value, body, want string }{
		{"Ce-Subject", "page/42", `{"actor":"u-1"}`, "track t id=/s|e time= actor=u-1 source=/s subject=page/42 datacontenttype=application/json data.actor=u-1"},
		{"Ce-Subject", "Euro%20%E2%82%AC%20%F0%9F%98%80%25", "", "track t id=/s|e time= actor= source=/s subject=Euro € 😀% datacontenttype=application/json"},
		{"Ce-Subject", `"quoted %22it%22"`, "", `track t id=/s|e time= actor= source=/s subject=quoted "it" datacontenttype=application/json`},
		{"Ce-Subject", "100 % sure", "", "track t id=/s|e time= actor= source=/s subject=100 % sure datacontenttype=application/json"},
		{"Ce-Subject", "%ff", "", "refused  : " + NotUTF8.Reason},
		{"Ce-Userid", "u-2", "[1,2]", "track t id=/s|e time= actor=u-2 source=/s userid=u-2 datacontenttype=application/json data=1 data=2"},
		{"Content-Type", "text/plain", `{"actor":"u-1"}`, "track t id=/s|e time= actor=u-1 source=/s datacontenttype=text/plain data.actor=u-1"},
		{"Content-Type", "image/png", "\x89PNG\xff", "track t id=/s|e time= actor= source=/s datacontenttype=image/png"},
		{"Content-Type", "text/xml", "<a/>", "track t id=/s|e time= actor= source=/s datacontenttype=text/xml"},
		{"Content-Type", "application/vnd.x+json", `{"actor":`, "refused /s|e data: " + ceData.Reason},
		{"Content-Type", "application/json", `"text"`, "track t id=/s|e time= actor= source=/s datacontenttype=application/json"},
		{"Content-Type", "application/json", nested(MaxDepth + 1), "refused /s|e : " + TooDeep.Reason},
		{"Content-Type", "application/json", "{\"a\":\"\xff\"}", "refused /s|e : " + NotUTF8.Reason},
		{"Ce-Id", "", "", "refused  id: It is missing."},
		{"Ce-Specversion", "0.3", "", "refused /s|e specversion: " + ceVersion.Reason},
	} {
		header := full()
		header.Set(c.name, c.value)
		r, wrong, err := p.BinaryCloudEvent(header, []byte(c.body), wide)
		require.NoError(t, err)
		var s seen
		require.NoError(t, s.each(r, wrong))
		require.Equal(t, c.want, strings.ReplaceAll(s.lines[0], "\x00", "|"), c.name+c.value+c.body)
	}
	_, _, err := p.BinaryCloudEvent(full(), []byte(strings.Repeat(" ", wide.Event+1)), wide)
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(err))
	require.True(t, IsBinaryCloudEvent(full()))
	require.False(t, IsBinaryCloudEvent(nil))
}

func TestCloudEventsCaptures(t *testing.T) {
	var p Records
	binary := 0
	for _, c := range captures(t, "/ingest/cloudevents") {
		header := http.Header{}
		for _, h := range c.Headers {
			header.Add(h[0], h[1])
		}
		var r *Record
		var wrong *Refusal
		if IsBinaryCloudEvent(header) {
			binary++
			var err error
			r, wrong, err = p.BinaryCloudEvent(header, []byte(c.Body), wide)
			require.NoError(t, err)
		} else {
			require.True(t, IsCloudEvent([]byte(c.Body)))
			r, wrong = p.CloudEvent([]byte(c.Body))
		}
		require.Nil(t, wrong)
		require.Equal(t, "/tools/wiki\x00e-1", string(r.ID))
		require.Equal(t, "u-1001", string(r.Actor))
		require.Equal(t, "com.example.wiki.page.edited", string(r.Name))
		require.Equal(t, "page/42", string(r.Field("subject")))
		require.Equal(t, "finance", string(r.Field("data.bu")))
	}
	require.NotZero(t, binary)

	text, err := os.ReadFile(filepath.Join(samples(t), "generic", "cloudevents-batch.json"))
	require.NoError(t, err)
	n := 0
	require.NoError(t, Split(text, wide, func(value []byte, wrong *Refusal) error {
		require.Nil(t, wrong)
		require.True(t, IsCloudEvent(value))
		_, wrong = p.CloudEvent(value)
		require.Nil(t, wrong)
		n++
		return nil
	}))
	require.Equal(t, 2, n)
}

func FuzzCloudEvents(f *testing.F) {
	f.Add([]byte(`[{"specversion":"1.0","type":"a.b","source":"/x","id":"1","time":"2026-04-05T17:31:00Z","ext":5,"data_base64":"AA=="},`+goodNative+`]`), "1.0", "e%20", "text/plain")
	f.Add([]byte(`{"specversion":"1.0","id":"\u0000","source":"s","type":"t","data":{"actor":["x"]}}`), "1", "\"%C3%A9\"", "application/json")
	f.Add([]byte("{\"specversion\":\"1.0\",\n\"data\":{}}"), "", "", "")
	var p Records
	f.Fuzz(func(t *testing.T, body []byte, version, id, kind string) {
		_ = Split(body, wide, func(value []byte, wrong *Refusal) error {
			if wrong == nil && IsCloudEvent(value) {
				r, wrong := p.CloudEvent(value)
				plausible(t, r, wrong, len(value))
			}
			return nil
		})
		r, wrong, err := p.BinaryCloudEvent(http.Header{"Ce-Specversion": {version}, "Ce-Id": {id}, "Ce-Type": {id}, "Ce-Source": {version}, "Content-Type": {kind}}, body, wide)
		if err == nil {
			plausible(t, r, wrong, len(body)+len(id)+len(version)+len(kind))
		}
	})
}
