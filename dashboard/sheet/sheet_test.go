package sheet

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

const page = `<html><body><table id="other"><tr><td>x</td></tr></table>
<table id="units"><thead><tr><th>Unit</th><th>People</th><th>Rate</th><th>Change</th></tr></thead>
<tbody>
<tr><th><a href="/u">Sales</a><span class="sub">Hamburg</span></th><td>1,234</td><td><svg><title>bar 64 %</title></svg><b>63.6&nbsp;%</b></td><td>−0.5</td></tr>
<tr><th>=HYPERLINK("evil")</th><td>12.4&nbsp;M</td><td colspan="2">fewer than 5 people</td></tr>
</tbody></table></body></html>`

var english = Marks{Decimal: ".", Thousands: ",", Thousand: "k", Million: "M"}

func TestATableIsReadAsItIsShown(t *testing.T) {
	table, err := Read([]byte(page), "units", english)
	require.NoError(t, err)
	assert.Equal(t, []string{"Unit", "People", "Rate", "Change"}, table.Head)
	var out bytes.Buffer
	require.NoError(t, table.CSV(&out))
	assert.Equal(t, "Unit,People,Rate,Change\nSales Hamburg,1234,0.636,-0.5\n\"'=HYPERLINK(\"\"evil\"\")\",12400000,fewer than 5 people,\n", out.String())
	_, err = Read([]byte(page), "nothing", english)
	require.ErrorIs(t, err, ErrNone)
}

func TestNumbersOfALanguage(t *testing.T) {
	german := Marks{Decimal: ",", Thousands: ".", Thousand: "Tsd.", Million: "Mio."}
	for text, want := range map[string]float64{"1.234,5": 1234.5, "+4,7": 4.7, "63,6\u00a0%": 0.636, "\u22122": -2, "±0,0": 0, "1,2\u00a0Mio.": 1.2e6} {
		c := cellOf(text, german, german.number())
		require.NotNil(t, c.Number, text)
		assert.InDelta(t, want, *c.Number, 1e-12, text)
	}
	for _, text := range []string{"", "22 Nov 2026", "1.2.", "5 people", "%", "-", "no data"} {
		if c := cellOf(text, english, english.number()); c.Number != nil {
			t.Errorf("%q is no number, but %v", text, *c.Number)
		}
	}
}

func TestAWorkbookHoldsNumbersAndNoFormula(t *testing.T) {
	table, err := Read([]byte(page), "units", english)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, table.XLSX(&out, "Units", "26 Oct to 22 Nov 2026"))
	book, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	defer book.Close()
	for cell, want := range map[string]string{"A1": "Units", "A2": "26 Oct to 22 Nov 2026", "A4": "Unit", "A5": "Sales Hamburg", "B5": "1,234", "C5": "63.6%", "D5": "-0.5", "A6": `=HYPERLINK("evil")`, "B6": "12,400,000"} {
		got, err := book.GetCellValue("Uptake", cell)
		require.NoError(t, err)
		assert.Equal(t, want, got, cell)
	}
	formula, err := book.GetCellFormula("Uptake", "A6")
	require.NoError(t, err)
	assert.Empty(t, formula)
	raw, err := book.GetCellValue("Uptake", "C5", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	assert.Equal(t, "0.636", raw)
}
