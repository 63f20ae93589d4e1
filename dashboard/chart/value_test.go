package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// cost is a waterfall from what comes in to what is left: 100 − 160 in one lane, 50 − 20 in the other.
func cost() Waterfall {
	return Waterfall{Meta: meta("w"), Width: 400, LabelWidth: 100, ValueWidth: 80, Steps: []Step{
		{Label: "in", Text: "100", Value: 100}, {Label: "out", Text: "−160", Value: -160}, {Label: "net", Text: "−60", Value: -60, Sum: true, Span: Span{Low: -90, Mid: -60, High: -30}},
		{Label: "worth", Text: "50", Value: 50}, {Label: "work", Text: "−20", Value: -20}, {Label: "net too", Text: "30", Value: 30, Sum: true, Span: Span{Low: -10, Mid: 30, High: 90}},
		{Label: "unknown", Text: "no data", State: NoData, Note: "no exchange rate"},
	}}
}

// estimates is one of each chart of estimates, with every state in it.
func estimates() map[string]string {
	one := 1.0
	words := func(v float64) string { return fmt.Sprint(v) }
	of, against := known(.2, .4, .3, .5), known(.2, .3, .3, .31)
	of[1].State, against[2].State = Hidden, NoData
	charts := map[string]string{
		"range":   string(Range{Meta: meta("r"), Span: Span{Low: -50, Mid: 0, High: 50}, Extent: Extent{-50, 50}, Mark: &one, MarkText: "as assumed", Width: 108, Height: 42}.SVG()),
		"hidden":  string(Range{Meta: meta("rh"), Span: Span{State: Hidden}, Note: "fewer than 5 people", Width: 108, Height: 24}.SVG()),
		"no data": string(Range{Meta: meta("rn"), Span: Span{State: NoData}, Note: "no data", Width: 108, Height: 24}.SVG()),
		"water":   string(cost().SVG()),
		"tornado": string(Tornado{Meta: meta("t"), Base: 10, BaseText: "10", Width: 400, Swings: []Swing{
			{Label: "wide", Text: "0 to 30", LowText: "1", HighText: "3", AtLow: 0, AtHigh: 30}, {Label: "gone", Text: "no payback", LowText: "0", HighText: "4", AtLow: math.NaN(), AtHigh: 15},
			{Label: "one side", Text: "12 to 14", LowText: "5", HighText: "6", AtLow: 12, AtHigh: 14}}}.SVG()),
		"cross": string(Crossing{Meta: meta("c"), From: 0, To: 2, AtFrom: -100, AtTo: 100, Band: Span{Low: .5, Mid: 1, High: 1.5}, BandText: "0.5 to 1.5", Mark: 1, MarkText: "as assumed", Axis: words, Sum: words, Width: 400, Height: 200}.SVG()),
		"never": string(Crossing{Meta: meta("cn"), From: 0, To: 2, AtFrom: -100, AtTo: -100, Band: Span{State: NoData}, Mark: 1, Axis: words, Sum: words, Width: 400, Height: 200}.SVG()),
		"sides": string(Sides{Meta: meta("s"), Of: of, Against: against, OfName: "pilot", AgainstName: "compared", Marks: []Mark{{Index: 2, Label: "begins"}}, Limit: 1, Axis: words, Width: 500, Height: 200, LabelWidth: 80}.SVG()),
		"bare":  string(Sides{Meta: meta("sb"), Axis: words, Width: 500, Height: 200, LabelWidth: 80}.SVG()),
	}
	phone := cost()
	phone.LabelWidth = 0
	charts["phone"] = string(phone.SVG())
	return charts
}

func TestChartsOfEstimatesAreWellFormedAndWithoutInlineStyle(t *testing.T) {
	for name, svg := range estimates() {
		wellFormed(t, name, svg)
	}
}

// By hand: 100 pixels between the pads of 4 stand for 100, so −50 is at 4, 0 at 54, 50 at 104.
func TestARangeIsABandWithATickAndNoBar(t *testing.T) {
	charts := estimates()
	assert.Contains(t, charts["range"], `class="c-span c-across" x="4" y="8" width="100"`)
	assert.Contains(t, charts["range"], `class="c-mid" x1="54"`)
	assert.Contains(t, charts["range"], `class="c-base" x1="54"`)
	assert.Contains(t, charts["range"], `class="c-mark" x1="55"`)
	for _, one := range []string{"range", "water"} {
		assert.NotContains(t, charts[one], `class="c-bar"`, one)
	}
	assert.Contains(t, charts["hidden"], `class="c-hidden"`)
	assert.Contains(t, charts["no data"], "url(#rn-h)")
	assert.Equal(t, "c-above", Span{Low: 1, High: 2}.sign())
	assert.Equal(t, "c-below", Span{Low: -2, High: -1}.sign())
}

// By hand: the scale holds −90 (a sum's P10) to 100, 190 in all, over 400 − 80 − 12 − 104 = 204 pixels from 104 on. So 0 is at
// 104 + 90 ÷ 190 × 204 = 200.6, 100 at the right end, 308, and −60 at 136.2. The second lane begins at zero again.
func TestAWaterfallLeadsToItsSums(t *testing.T) {
	svg := estimates()["water"]
	assert.Contains(t, svg, `class="c-plus" x="200.6" y="14" width="107.4"`, "100 from zero on")
	assert.Contains(t, svg, `class="c-minus" x="136.2" y="54" width="171.8"`, "160 less from where that ended")
	assert.Contains(t, svg, `class="c-span c-below" x="104" y="94"`)
	assert.Contains(t, svg, `class="c-plus" x="200.6" y="134" width="53.7"`, "50 from zero on: what is another kind of money is not added")
	assert.Contains(t, svg, `class="c-span c-across"`)
	assert.Contains(t, svg, "no exchange rate")
	assert.Equal(t, Extent{-90, 100}, cost().extent())
}

// By hand: 0 to 30 over 400 − 152 = 248 pixels from 76 on: the base, 10, is at 158.7.
func TestATornadoGoesAroundItsBase(t *testing.T) {
	svg := estimates()["tornado"]
	assert.Contains(t, svg, `class="c-swing-low" x="76" y="52" width="82.7"`)
	assert.Contains(t, svg, `class="c-swing-high" x="158.7" y="52" width="165.3"`)
	assert.Equal(t, 2, strings.Count(svg, `class="c-swing-low"`), "an end without a figure has no bar")
	assert.Contains(t, svg, `text-anchor="end" x="150.7" y="110">0<`, "and is named on its side of the base")
	assert.Contains(t, svg, `text-anchor="end" x="152.7" y="158">5<`, "of two ends on one side the nearer is named beyond the base")
}

func TestACrossingMarksWhereTheSignChanges(t *testing.T) {
	charts := estimates()
	assert.Contains(t, charts["cross"], `class="c-band" x="150" y="28" width="156"`, "0.5 to 1.5 of 0 to 2 over 312 pixels from 72 on")
	assert.Contains(t, charts["cross"], `d="M72 172L384 28"`)
	assert.NotContains(t, charts["never"], "c-band")
}

func TestSidesAreToldApartAndKeepTheirGaps(t *testing.T) {
	svg := estimates()["sides"]
	assert.Contains(t, svg, "begins")
	assert.Contains(t, svg, `class="c-line c-against"`)
	assert.Less(t, strings.Index(svg, "c-against"), strings.LastIndex(svg, `class="c-line"`), "what it is compared with lies behind")
	assert.Contains(t, svg, "week 0: pilot 0.2, compared 0.2")
	assert.NotContains(t, estimates()["bare"], "c-dot")
}

func TestExtentHoldsZeroAndNumbersOnly(t *testing.T) {
	assert.Equal(t, Extent{0, 5}, Extent{}.With(3, 5, math.NaN(), math.Inf(1)))
	assert.Equal(t, 10.0, Extent{}.at(3, 10, 20), "no extent, no length")
}
