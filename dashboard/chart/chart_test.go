package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func meta(id string) Meta { return Meta{ID: id, Title: `Rate of "R&D" <b>`, Desc: "by week"} }

func known(values ...float64) []Point {
	points := make([]Point, len(values))
	for i, v := range values {
		points[i] = Point{Label: fmt.Sprintf("week %d", i), Text: fmt.Sprint(v), Value: v}
	}
	return points
}

// every is one of each chart with every state in it.
func every() map[string]string {
	points := known(.2, .4, .3, .5, .6)
	points[1].State = NoData
	points[3].State = Hidden
	points[4].Running = true
	previous := .5
	return map[string]string{
		"spark":   string(Spark{Meta: meta("s"), Points: points, Max: 1, Width: 100, Height: 30}.SVG()),
		"empty":   string(Spark{Meta: meta("e"), Width: 100, Height: 30}.SVG()),
		"trend":   string(Trend{Meta: meta("t"), Points: points, Limit: 1, Gaps: []Gap{{From: 2, To: 2}}, Marks: []Mark{{Index: 1, Label: "1, 2"}}, Ticks: []Tick{{Index: 0, Label: "Jan"}}, Axis: func(v float64) string { return fmt.Sprint(v) }, RunningLabel: "running", Width: 600, Height: 200}.SVG()),
		"plan":    string(Trend{Meta: meta("pl"), Points: known(.2, .4, .3, .5, .6), Limit: 1, Axis: func(v float64) string { return fmt.Sprint(v) }, Plans: plans(), Width: 600, Height: 200}.SVG()),
		"goal":    string(Goal{Meta: meta("g"), Goal: .6, Now: &previous, Expected: &Span{Low: .4, Mid: .5, High: .7}, Extent: Extent{High: 1}, GoalText: "Goal <60 %>", Width: 208, Height: 46}.SVG()),
		"bar":     string(Bar{Meta: meta("b"), Point: points[0], Previous: &previous, Max: 1, Width: 100, Height: 20}.SVG()),
		"hidden":  string(Bar{Meta: meta("bh"), Point: points[3], Max: 1, Note: "fewer than 5 people", Width: 160, Height: 20}.SVG()),
		"no data": string(Bar{Meta: meta("bn"), Point: points[1], Max: 1, Note: "no data", Width: 160, Height: 20}.SVG()),
		"pyramid": string(Pyramid{Meta: meta("p"), Parts: points[:3], Whole: 1, Quiet: 2, Width: 300, LabelWidth: 80, ValueWidth: 60}.SVG()),
		"columns": string(Columns{Meta: meta("c"), Columns: []Column{{Label: "w1", Up: []float64{3, 2, 1}, Down: 2}, {Label: "w2", State: NoData}, {Label: "w3", Up: []float64{1, 0, 0}, Running: true}},
			Names: []string{"stayed", "back", "new", "lost"}, Width: 300, Height: 160, LabelWidth: 80}.SVG()),
	}
}

func TestChartsAreWellFormedNamedAndWithoutInlineStyle(t *testing.T) {
	for name, svg := range every() {
		wellFormed(t, name, svg)
	}
}

func wellFormed(t *testing.T, name, svg string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err, name)
	}
	assert.Contains(t, svg, "<title id=", name)
	assert.Contains(t, svg, "aria-labelledby=", name)
	assert.Contains(t, svg, "R&amp;D", name)
	assert.NotContains(t, svg, "style=", name)
	assert.NotContains(t, svg, "NaN", name)
	assert.NotContains(t, svg, "Inf", name)
}

func TestNotation(t *testing.T) {
	charts := every()
	assert.Contains(t, charts["hidden"], `class="c-hidden"`)
	assert.Contains(t, charts["hidden"], "fewer than 5 people")
	assert.NotContains(t, charts["hidden"], `class="c-bar"`)
	assert.Contains(t, charts["no data"], "url(#bn-h)")
	assert.Contains(t, charts["bar"], `class="c-prev"`)
	assert.Less(t, strings.Index(charts["bar"], "c-prev"), strings.Index(charts["bar"], "c-bar"), "the period before lies behind")
	assert.Contains(t, charts["trend"], "url(#t-h)", "days without data are hatched")
	assert.Regexp(t, `class="c-mark"[^>]*/><text class="c-axis" text-anchor="middle"[^>]*>1, 2</text>`, charts["trend"], "what was done has its mark")
	assert.Contains(t, charts["columns"], "c-running")
}

// plans is one that figures lead to, and one that lies beyond the axis.
func plans() []Plan {
	return []Plan{{At: 8, Value: .8, Label: "target 80 %", Text: `80 % "soon"`, Expected: &Span{Low: .5, Mid: .6, High: .7}},
		{At: 8, Beyond: true, Value: .8, Label: "target later", Expected: &Span{Low: .5, Mid: .6, High: .7}}}
}

// Worked out by hand: the axis goes on to place 8, from 56 to 600 − 72 = 528, so the last point, at place 4, is at 292. The top
// is 0.8, at 28, and zero is at 172: 0.6 is at 172 − 144 × 0.6 ÷ 0.8 = 64, 0.7 at 46, 0.5 at 82.
func TestPlansAreOutlines(t *testing.T) {
	svg := every()["plan"]
	for _, want := range []string{`<rect class="c-plan" x="518" y="28" width="20" height="144"/>`, `<path class="c-ahead" d="M292 64L528 64"/>`,
		`<rect class="c-unknown" fill="url(#pl-h)" x="523" y="46" width="10" height="36"/>`, `<rect class="c-outline" x="523" y="46" width="10" height="36"/>`,
		`<line class="c-mid" x1="521" y1="64" x2="535" y2="64"/>`, `<circle class="c-dot" cx="292" cy="64" r="4"/>`,
		`x="528" y="22">target 80 %<`, `x="528" y="5">target later<`} { // no label lies on another
		require.Contains(t, svg, want)
	}
	require.Equal(t, 1, strings.Count(svg, "c-ahead"), "nothing leads beyond the axis")
	require.Equal(t, 2, strings.Count(svg, `class="c-plan"`))

	// From 4 to 204 is a share of 1: the goal of 0.6 ends at 124, what is reached at 104, and 0.4 to 0.7 is 84 to 144.
	svg = every()["goal"]
	for _, want := range []string{`<rect class="c-plan" x="4" y="2" width="120" height="24"/>`, `<rect class="c-bar" x="4" y="11" width="100" height="6"/>`, `<rect class="c-outline" x="84" y="6" width="60" height="16"/>`, "Goal &lt;60 %&gt;"} {
		require.Contains(t, svg, want)
	}
	now := -20.0
	svg = string(Goal{Meta: meta("g"), Goal: -50, Now: &now, Extent: Extent{}.With(-50, 50), Width: 208, Height: 46}.SVG())
	require.Contains(t, svg, `<rect class="c-plan" x="4" y="2" width="100" height="24"/>`, "what is wanted may lie below zero")
	require.Contains(t, svg, `<rect class="c-bar" x="64" y="11" width="40" height="6"/>`)
}

func TestGapsAreGapsInLines(t *testing.T) {
	points := known(.1, .2, .3, .4, .5)
	points[2].State = NoData
	svg := string(Spark{Meta: meta("s"), Points: points, Max: 1, Width: 104, Height: 30}.SVG())
	assert.Equal(t, 2, strings.Count(svg, `class="c-line"`), "one line before the gap and one after it")

	points[1].State = NoData
	svg = string(Spark{Meta: meta("s"), Points: points, Max: 1, Width: 104, Height: 30}.SVG())
	assert.Equal(t, 1, strings.Count(svg, `class="c-line-lone"`), "a value alone is a dot")

	points[4].Running = true
	svg = string(Spark{Meta: meta("s"), Points: points, Max: 1, Width: 104, Height: 30}.SVG())
	assert.Contains(t, svg, `class="c-line c-running"`)
	assert.Contains(t, svg, `class="c-open"`)
}

func TestLengthsStartAtZeroAndAreTrue(t *testing.T) {
	svg := string(Bar{Meta: meta("b"), Point: Point{Value: .25}, Max: 1, Width: 200, Height: 20}.SVG())
	assert.Contains(t, svg, `class="c-bar" x="0" y="6" width="50"`)
	svg = string(Bar{Meta: meta("b"), Point: Point{Value: 0}, Max: 1, Width: 200, Height: 20}.SVG())
	assert.Contains(t, svg, `class="c-bar" x="0" y="6" width="0"`, "zero is a zero")
	svg = string(Bar{Meta: meta("b"), Point: Point{Value: 3}, Max: 1, Width: 200, Height: 20}.SVG())
	assert.Contains(t, svg, `width="200" height="8"`, "no bar leaves its track")
}

func TestTopOfAnAxis(t *testing.T) {
	for _, c := range []struct{ values, limit, top, step float64 }{
		{.62, 1, .8, .2}, {.97, 1, 1, .25}, {.05, 1, .06, .02}, {0, 1, 1, .25}, {0, 0, 1, .25}, {190, 0, 200, 50}, {38.2, 100, 40, 10}, {7, 0, 8, 2}, {130_000, 0, 150_000, 50_000},
	} {
		top, step := Top(c.values, c.limit)
		assert.InDelta(t, c.top, top, 1e-9, "top for %v", c.values)
		assert.InDelta(t, c.step, step, 1e-9, "step for %v", c.values)
	}
}

// The same groups are always at the same places: the largest on top, beside it the one it exchanges most with.
func TestNetworkIsLaidOutTheSameEveryTime(t *testing.T) {
	c := Network{Meta: Meta{ID: "n", Title: "Who with whom"}, Width: 400, Height: 300, Side: 100,
		Groups: []Group{{Label: "Legal", Value: 1}, {Label: "A name that is too long to stand", Value: 9}, {Label: "Sales", Value: 4}},
		Ties:   []Tie{{A: 1, B: 0, Value: 1}, {A: 1, B: 2, Value: 8, Strong: true, Text: "a < b"}}}
	require.Equal(t, []int{1, 2, 0}, c.order())
	svg := string(c.SVG())
	require.Equal(t, svg, string(c.SVG()))
	for _, want := range []string{`<circle class="c-group" cx="200" cy="40" r="18"/>`, `class="c-tie c-strong" stroke-width="10"`, "a &lt; b", "A name tha…"} {
		require.Contains(t, svg, want)
	}
	require.NotContains(t, svg, "style=")
	require.NotContains(t, string(Network{Groups: []Group{{}}}.SVG()), "NaN")
}

// Three points from 56 to 528 lie 236 apart: half of that to each side of the first and the last would cover the names of the axis
// on the left (the plot begins at 48) and the last value on the right (it ends at 532).
func TestAGapStaysOffTheAxis(t *testing.T) {
	svg := string(Trend{Meta: meta("g"), Points: known(.2, .4, .3), Limit: 1, Gaps: []Gap{{From: 0, To: 0}, {From: 2, To: 2}}, Axis: func(v float64) string { return fmt.Sprint(v) }, Width: 600, Height: 200}.SVG())
	assert.Regexp(t, `class="c-unknown"[^>]* x="48" y="28" width="126"`, svg, "56 + 118 − 48")
	assert.Regexp(t, `class="c-unknown"[^>]* x="410" y="28" width="122"`, svg, "532 − (528 − 118)")
}
