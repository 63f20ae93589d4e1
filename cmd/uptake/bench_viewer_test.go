package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"testing"
	"time"

	"uptake/adoption"
)

// question is an address of the API as viewers ask for it: of a unit, with a tool.
type question struct {
	name string
	aim  time.Duration // p95, asked by all viewers at once
	path func(v *viewer) string
}

// viewer asks one question after the other over connections of its own, always for another unit and tool.
type viewer struct {
	b      *testing.B
	k      *bank
	server *server
	client *http.Client
	random *rand.Rand
	size   int64 // bytes of the last answer, unpacked
	given  int   // answers that the program gave up, or could not give while figures were being computed
}

func (k *bank) viewer(b *testing.B, s *server, n int) *viewer {
	return &viewer{b: b, k: k, server: s, client: &http.Client{Transport: &http.Transport{}}, random: rand.New(rand.NewPCG(uint64(n), 1))}
}

// unit is any unit; of ten questions one is about the company and two about one of its large parts.
func (v *viewer) unit() string {
	switch n := v.random.IntN(10); {
	case n == 0:
		return adoption.Company
	case n < 3:
		return fmt.Sprintf("unit-%03d", v.random.IntN(20))
	default:
		return fmt.Sprintf("unit-%03d", 20+v.random.IntN(380))
	}
}

func (v *viewer) tool() string {
	return []string{"all", "chat", "wiki", "files", "meetings", "board", "mail"}[v.random.IntN(7)]
}

// about writes an address: a unit and tool by chance, the last so many days, and what else is asked.
func (v *viewer) about(route string, days int, more string) string {
	from := v.k.Last - adoption.Day(days) + 1
	return fmt.Sprintf("/api/v1/%s?unit=%s&tool=%s&from=%s&to=%s%s", route, url.QueryEscape(v.unit()), v.tool(), from, v.k.Last, more)
}

const aim = 100 * time.Millisecond

// questions are what viewers ask: every answer of the API, most of them for any unit and in several spans.
var questions = []question{
	{"adoption, overview", aim / 2, func(v *viewer) string {
		return "/api/v1/adoption?children=1&from=" + v.k.Last.String() + "&to=" + v.k.Last.String()
	}},
	{"adoption, overview, 28 days", aim / 2, func(v *viewer) string { return "/api/v1/adoption?to=" + v.k.Last.String() }},
	{"adoption, 28 days", aim, func(v *viewer) string { return v.about("adoption", 28, "&children=1") }},
	{"adoption, a year by week", aim, func(v *viewer) string { return v.about("adoption", v.k.Days, "&children=1&grain=week") }},
	{"lifecycle, 13 weeks", aim, func(v *viewer) string { return v.about("lifecycle", min(91, v.k.Days), "&children=1&grain=week") }},
	{"retention, 13 weeks", aim, func(v *viewer) string { return v.about("retention", min(91, v.k.Days), "") }},
	{"pyramid, a year by week", aim, func(v *viewer) string { return v.about("pyramid", v.k.Days, "&children=1&grain=week") }},
	{"habits, a year by month", aim, func(v *viewer) string { return v.about("habits", v.k.Days, "&children=1&grain=month") }},
	{"depth, a year by month", aim, func(v *viewer) string { return v.about("depth", v.k.Days, "&children=1&grain=month") }},
	{"concentration, a year by month", aim, func(v *viewer) string { return v.about("concentration", v.k.Days, "&children=1&grain=month") }},
	{"first-use, a year by week", aim, func(v *viewer) string { return v.about("first-use", v.k.Days, "&children=1&grain=week") }},
	{"diffusion", aim, func(v *viewer) string {
		return fmt.Sprintf("/api/v1/diffusion?unit=%s&tool=%s&to=%s&children=1", v.unit(), v.tool(), v.k.Last)
	}},
	{"collaboration, 28 days", aim, func(v *viewer) string { return v.about("collaboration", min(28, v.k.Days), "&children=1") }},
	{"collaboration, a year", aim, func(v *viewer) string { return v.about("collaboration", v.k.Days, "&children=1") }},
	{"compare, unit with unit", aim, func(v *viewer) string {
		return v.about("compare", 28, fmt.Sprintf("&against=unit:unit-%03d", 100+v.random.IntN(290)))
	}},
	{"compare, 28 days before", aim, func(v *viewer) string { return v.about("compare", 28, "&against=previous") }},
	{"by, 26 weeks", aim, func(v *viewer) string {
		attribute := []string{"location", "role", "hire_cohort"}[v.random.IntN(3)]
		from := v.k.Last - adoption.Day(min(182, v.k.Days)) + 1
		return fmt.Sprintf("/api/v1/by?attribute=%s&tool=%s&from=%s&to=%s", attribute, v.tool(), from, v.k.Last)
	}},
	{"seats", aim, func(v *viewer) string {
		return fmt.Sprintf("/api/v1/seats?unit=%s&to=%s&children=1", v.unit(), v.k.Last)
	}},
	{"attention", aim, func(v *viewer) string { return fmt.Sprintf("/api/v1/attention?unit=%s&to=%s", v.unit(), v.k.Last) }},
	{"trust", aim, func(*viewer) string { return "/api/v1/trust" }},
	{"units", aim, func(*viewer) string { return "/api/v1/units" }},
}

// ask asks a question and reads the answer to its end. What is not answered is told, and counts with the time that it took.
func (v *viewer) ask(q question) time.Duration {
	path := q.path(v)
	began := time.Now()
	status, body, err := v.get(path)
	took := time.Since(began)
	v.size = int64(len(body))
	switch {
	case err != nil:
		v.b.Errorf("%s: %v", path, err)
	case status == http.StatusServiceUnavailable:
		v.given++
		v.b.Logf("%s after %s: %s", path, took.Round(time.Millisecond), body)
	case status != http.StatusOK:
		v.b.Errorf("%s: %d %s", path, status, body)
	}
	return took
}

func (v *viewer) get(path string) (status int, body []byte, err error) {
	request, err := http.NewRequest(http.MethodGet, v.server.url+path, nil)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+v.k.Reader)
	response, err := v.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}
