package ingest

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// outcomesRig is a company with the units sales (of the tree) and desk (that only people name).
func outcomesRig(t *testing.T) (*Outcomes, *directoryRig) {
	t.Helper()
	r := newDirectoryRig(t)
	r.load("units", "unit,parent,name", "sales,,Sales")
	r.load("people", "email,unit,effective_from", "ada@x.de,desk,2026-06-01")
	o := NewOutcomes(r.db, time.UTC)
	o.now = r.now
	return o, r
}

func (r *directoryRig) outcomes() []string {
	return r.dump(`unit, toString(date), metric, toString(value), source]), ' ') FROM outcomes FINAL ORDER BY unit, date, metric`)
}

func TestOutcomesGoInWhollyOrNot(t *testing.T) {
	o, r := outcomesRig(t)
	take := func(source, text string, csv bool) (Result, error) {
		return o.Import(t.Context(), source, strings.NewReader(text), csv)
	}
	result, err := take("crm", "unit,date,metric,value\nsales,2026-06-01,Leads,41\ndesk,2026-06-01,leads,-0.5\ncompany,2026-06-15,leads,1e3\nsales,2026-06-01,leads,42\n", true)
	require.NoError(t, err)
	require.Equal(t, Result{Accepted: 4, Changed: 3, Rejected: []Rejection{}}, result)
	want := []string{"company 2026-06-15 leads 1000 crm", "desk 2026-06-01 leads -0.5 crm", "sales 2026-06-01 leads 42 crm"}
	require.Equal(t, want, r.outcomes(), "of two rows for the same the later holds")

	result, err = take("other", `{"unit":"sales","date":"2026-06-01","metric":"leads","value":42}`, false)
	require.NoError(t, err)
	require.Zero(t, result.Changed, "what is there changes nothing")
	result, err = take("other", "{\"unit\":\"sales\",\"date\":\"2026-06-01\",\"metric\":\"leads\",\"value\":0}\n\n"+
		`{"unit":"sales","date":"2026-06-02","metric":"leads","value":7}`, false)
	require.NoError(t, err)
	require.Equal(t, 2, result.Changed)
	want = []string{want[0], want[1], "sales 2026-06-01 leads 0 other", "sales 2026-06-02 leads 7 other"}
	require.Equal(t, want, r.outcomes(), "the last received holds")

	good := `{"unit":"sales","date":"2026-06-03","metric":"leads","value":1}`
	for text, wrong := range map[string]string{
		`{"unit":"nowhere","date":"2026-06-03","metric":"leads","value":1}`:            `2 unit: there is no unit "nowhere"`,
		`{"unit":"company.rest","date":"2026-06-03","metric":"leads","value":1}`:       `2 unit: "company.rest" is no unit that outcomes can be of`,
		`{"date":"2026-06-03","metric":"leads","value":1}`:                             `2 unit: it is empty`,
		`{"unit":"sales","date":"2026-06-16","metric":"leads","value":1}`:              `2 date: it lies after today, 2026-06-15`,
		`{"unit":"sales","date":"yesterday","metric":"leads","value":1}`:               `2 date: "yesterday" is no date (write YYYY-MM-DD)`,
		`{"unit":"sales","date":"2026-06-03","metric":"","value":1}`:                   `2 metric: it is empty`,
		`{"unit":"sales","date":"2026-06-03","metric":"leads"}`:                        `2 value: it is missing`,
		`{"unit":"sales","date":"2026-06-03","metric":"leads","value":null}`:           `2 value: it is missing`,
		`{"unit":"sales","date":"2026-06-03","metric":"leads","value":"1"}`:            `2 value: unit, date and metric are texts, value is a number`,
		`{"unit":"sales","date":"2026-06-03","metric":"leads","value":2e15}`:           `2 value: it is no number between −10¹⁵ and 10¹⁵`,
		`{"unit":"sales","date":"2026-06-03","metric":"leads","value":1,"colour":"x"}`: `2 colour: there is no such field; the fields are unit, date, metric, value`,
		`{"unit":"sales","date":"2026-06-03","metric":"leads","value":1,"value":2}`:    `2 value: the field is there twice`,
		`7`: `2 : it is no JSON object of unit, date, metric and value`,
	} {
		for _, body := range []string{"[" + good + "," + text + "," + good + "]", good + "\n" + text + "\n" + good} {
			result, err := take("crm", body, false)
			require.Equal(t, adoption.Unprocessable, adoption.CodeOf(err), "%s: %v", body, err)
			require.Equal(t, []string{wrong}, rejected(result), body)
			require.Zero(t, result.Accepted)
		}
	}
	for row, wrong := range map[string]string{
		"nowhere,2026-06-03,leads,1": `3 unit: there is no unit "nowhere"`, "sales,2026-06-03,leads,": "3 value: it is empty",
		"sales,2026-06-03,leads,\"1,5\"": `3 value: "1,5" is no number (write 1234.5)`, "sales,2026-06-03,leads,NaN": "3 value: it is no number between −10¹⁵ and 10¹⁵",
		"sales,,leads,1": "3 date: it is empty", "sales,2026-06-03,leads": "3 : the line has 3 fields, the header has 4",
	} {
		result, err := take("crm", "unit,date,metric,value\nsales,2026-06-03,leads,1\n"+row+"\n", true)
		require.Equal(t, adoption.Unprocessable, adoption.CodeOf(err), row)
		require.Equal(t, []string{wrong}, rejected(result))
	}
	for text, field := range map[string]string{"unit,date,metric\n": "value", "unit,date,metric,value,colour\n": "colour"} {
		_, err := take("crm", text, true)
		require.Equal(t, adoption.Unprocessable, adoption.CodeOf(err))
		require.Equal(t, field, adoption.Public(err).Field)
	}
	for _, text := range []string{"", "[" + good, "[" + good + "] x", "no"} {
		_, err := take("crm", text, false)
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), text)
	}
	require.Equal(t, want, r.outcomes(), "nothing of a refused request is stored")
}

func TestOutcomesAreBounded(t *testing.T) {
	o, r := outcomesRig(t)
	o.most = 3
	many := strings.Repeat(`{"unit":"sales","date":"2026-06-03","metric":"leads","value":1}`+"\n", 3)
	result, err := o.Import(t.Context(), "crm", strings.NewReader(many), false)
	require.NoError(t, err)
	require.Equal(t, 3, result.Accepted)
	_, err = o.Import(t.Context(), "crm", strings.NewReader(many+`{"unit":"sales","date":"2026-06-04","metric":"leads","value":1}`), false)
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(err))
	_, err = o.Import(t.Context(), "crm", strings.NewReader("unit,date,metric,value\n"+strings.Repeat("sales,2026-06-03,leads,1\n", 4)), true)
	require.Equal(t, adoption.TooLarge, adoption.CodeOf(err))

	o.most = MaxOutcomes
	var file strings.Builder
	file.WriteString("unit,date,metric,value\n")
	for i := range MaxMetrics {
		fmt.Fprintf(&file, "sales,2026-06-03,m%d,1\n", i)
	}
	result, err = o.Import(t.Context(), "crm", strings.NewReader(file.String()), true)
	require.Equal(t, adoption.Unprocessable, adoption.CodeOf(err), "with leads it is one too many")
	require.Equal(t, []string{`501 metric: there are 500 metrics already, and no room for "m499"`}, rejected(result))
	require.Equal(t, []string{"sales 2026-06-03 leads 1 crm"}, r.outcomes())
}

// Two senders of different values at once, many times: each request is there wholly, and none is lost.
func TestOutcomesAtOnce(t *testing.T) {
	o, r := outcomesRig(t)
	var all sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		all.Go(func() {
			_, errs[i] = o.Import(t.Context(), "crm", strings.NewReader(fmt.Sprintf("unit,date,metric,value\nsales,2026-06-01,a,%d\nsales,2026-06-01,b,%d\n", i, i)), true)
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	rows := r.outcomes()
	require.Len(t, rows, 2)
	require.Equal(t, strings.Fields(rows[0])[3], strings.Fields(rows[1])[3], "both values come from one request")
}

func TestOutcomesOverHTTP(t *testing.T) {
	r, _, tokens, _ := directoryServer(t)
	r.load("units", "unit,parent,name", "sales,,Sales")
	spool, err := OpenSpool(t.Context(), SpoolConfig{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(spool.Close)
	known, err := OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, known.Close()) })
	for name, kind := range map[string]TokenKind{"source": SourceToken, "reader": ReaderToken, "editor": EditorToken} {
		tokens[name], err = known.Create(t.Context(), Grant{Name: name, Kind: kind})
		require.NoError(t, err)
	}
	o := NewOutcomes(r.db, time.UTC)
	o.now = r.now
	server := httptest.NewServer(OutcomesHandler(o, known, slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	const row = `{"unit":"sales","date":"2026-06-03","metric":"leads","value":1}`
	for _, c := range []struct {
		method, token, media, body string
		status                     int
		want                       string
	}{
		{"POST", "source", "application/json", row, 202, `{"accepted":1,"changed":1,"rejected":[],"rejected_total":0}`},
		{"POST", "source", "application/x-ndjson", row + "\n" + row, 202, `{"accepted":2,"changed":0,"rejected":[],"rejected_total":0}`},
		{"POST", "source", "text/csv", "unit;date;metric;value\nsales;2026-06-03;leads;2\n", 202, `{"accepted":1,"changed":1,"rejected":[],"rejected_total":0}`},
		{"POST", "source", "application/json", `[` + row + `,{"unit":"x","date":"2026-06-03","metric":"leads","value":1}]`, 422,
			`{"error":{"code":"unprocessable","message":"Rows that are wrong: 1. Nothing was imported: outcomes go in all together or not at all."},"accepted":0,"changed":0,` +
				`"rejected":[{"line":2,"field":"unit","reason":"there is no unit \"x\""}],"rejected_total":1}`},
		{"POST", "source", "text/csv; charset=latin1", row, 415, "Content-Type"},
		{"POST", "none", "application/json", row, 401, "unauthorized"},
		{"POST", "reader", "application/json", row, 403, "forbidden"},
		{"POST", "editor", "application/json", row, 403, "forbidden"},
		{"GET", "source", "", "", 405, "method_not_allowed"},
	} {
		q, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+OutcomesPath, strings.NewReader(c.body))
		require.NoError(t, err)
		q.Header.Set("Content-Type", c.media)
		q.Header.Set("Authorization", "Bearer "+tokens[c.token])
		response, err := http.DefaultClient.Do(q)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, c.status, response.StatusCode, "%+v: %s", c, text)
		if strings.HasPrefix(c.want, "{") {
			require.JSONEq(t, c.want, string(text))
		} else {
			require.Contains(t, string(text), c.want)
		}
	}
}
