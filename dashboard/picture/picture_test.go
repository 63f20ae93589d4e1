package picture

import (
	"bytes"
	"html/template"
	"image/png"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/dashboard/chart"
)

// trend is a chart whose places can be worked out by hand: 200 wide, from x = 56 (left 48 and 8) to 128 (72 to the right are for
// labels); 100 high, zero at y = 72, the highest value that can be, 1, at y = 28.
var trend = chart.Trend{Meta: chart.Meta{ID: "t", Title: "Adoption & more"}, Limit: 1, Width: 200, Height: 100,
	Axis:   func(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) },
	Points: []chart.Point{{Label: "a", Value: 0, Text: "0"}, {Label: "b", Value: 1, Text: "100 %"}, {Label: "c", State: chart.NoData, Text: "no data"}},
	Gaps:   []chart.Gap{{From: 2, To: 2, Label: "gap"}}}

func TestAChartIsReadAsItIsDrawn(t *testing.T) {
	p, err := Read(trend.SVG())
	require.NoError(t, err)
	assert.Equal(t, "Adoption & more", p.Title)
	assert.Equal(t, [2]float64{200, 100}, [2]float64{p.Width, p.Height})
	var course, labels, hatched int
	for _, s := range p.Shapes {
		switch {
		case s.Kind == Path:
			course++
			assert.Equal(t, []Point{{56, 72}, {92, 28}}, s.Points) // the second of three places is half way
			assert.Equal(t, ink, s.Pen.Stroke)
		case s.Kind == Text && s.Text == "100 %":
			labels++
			assert.True(t, s.Pen.Bold)
		case s.Hatched:
			hatched++
		}
		assert.NotContains(t, s.Text, "no data", "what a pointer is told is not on paper")
	}
	assert.Equal(t, [3]int{1, 1, 1}, [3]int{course, labels, hatched})
}

// The dots that are dark are where the course is, at twice the size: (56, 72) and the margin of 16 make (144, 176).
func TestADotOfThePictureIsWhereTheChartHasIt(t *testing.T) {
	p, err := Read(trend.SVG())
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, p.PNG(&out, 2))
	img, err := png.Decode(&out)
	require.NoError(t, err)
	assert.Equal(t, [2]int{464, 264}, [2]int{img.Bounds().Dx(), img.Bounds().Dy()})
	dark := func(x, y int) bool { r, _, _, _ := img.At(x, y).RGBA(); return r < 0x4000 }
	assert.True(t, dark(144+36, 176-44), "half way of the course")
	assert.False(t, dark(144+36, 176-20), "below it")
	assert.False(t, dark(2, 2), "the margin")
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	for _, svg := range []string{
		`<svg class="chart x" width="1" height="1"><image/></svg>`,
		`<svg class="chart x" width="1" height="1"><line class="c-new" x1="0"/></svg>`,
		`<svg class="chart x" width="1" height="1"><path class="c-line" d="M1 2C3 4 5 6 7 8"/></svg>`,
		`<svg class="chart x" width="1" height="1">`, ``,
	} {
		_, err := Read(template.HTML(svg))
		assert.Error(t, err, svg)
	}
}

// A class that chart gives to anything has a pen here, and the pens' colours are those of the style sheet.
func TestEveryClassHasAPen(t *testing.T) {
	files, err := os.ReadDir("../chart")
	require.NoError(t, err)
	classes := regexp.MustCompile(`c-[a-z]+(-[a-z0-9]+)*`)
	found := 0
	for _, file := range files {
		source, err := os.ReadFile("../chart/" + file.Name())
		require.NoError(t, err)
		for _, class := range classes.FindAllString(string(source), -1) {
			_, shape := shapePens[class]
			_, text := textPens[class]
			found++
			assert.True(t, shape || text || class == "c-hit" || class == "c-hatch" || class == "c-part", "%s in %s", class, file.Name())
		}
	}
	assert.Greater(t, found, 30)
	sheet, err := os.ReadFile("../web/assets/app.css")
	require.NoError(t, err)
	for token, colour := range map[string]any{"ink": ink, "ink-2": ink2, "ink-3": ink3, "line": line, "track": track, "previous": previous, "accent": accent, "part-3": accent2, "bad": bad, "edge": edge} {
		given := regexp.MustCompile(`--` + token + `: #([0-9a-f]{6});`).FindSubmatch(sheet)
		require.NotNil(t, given, token)
		v, err := strconv.ParseUint(string(given[1]), 16, 32)
		require.NoError(t, err)
		assert.Equal(t, rgb(uint32(v)), colour, token)
	}
}

// Ten long, drawn 3 and left out 2: from 0 to 3 and from 5 to 8.
func TestDashes(t *testing.T) {
	assert.Equal(t, [][]Point{{{0, 0}, {3, 0}}, {{5, 0}, {8, 0}}}, dashed([]Point{{0, 0}, {10, 0}}, []float64{3, 2}))
	assert.Equal(t, [][]Point{{{0, 0}, {2, 0}, {2, 1}}}, dashed([]Point{{0, 0}, {2, 0}, {2, 5}}, []float64{3, 9}))
}

// A hatched square of 10: every line runs from the left or lower edge to the upper or right one, at 45°.
func TestHatching(t *testing.T) {
	lines := Shape{Kind: Rect, Hatched: true, Points: []Point{{0, 0}, {10, 10}}}.Hatching()
	require.NotEmpty(t, lines)
	for _, l := range lines {
		assert.InDelta(t, l[1].X-l[0].X, l[0].Y-l[1].Y, 1e-9)
		for _, p := range l {
			assert.True(t, p.X > -1e-9 && p.X < 10+1e-9 && p.Y > -1e-9 && p.Y < 10+1e-9, "%v", p)
		}
	}
}
