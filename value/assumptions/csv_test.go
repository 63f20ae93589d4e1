package assumptions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value/assumptions"
	"uptake/value/cash"
)

const costsHeader = "tool,name,class,kind,per,low,likely,high,unit,source,grade,owner,set,currency,for_unit,from,to,renewal,notice\n"

func TestCostsFromCSV(t *testing.T) {
	costs, err := assumptions.ReadCosts(strings.NewReader("\ufeff" + costsHeader +
		`wiki,"Licences, all",cash,licences,seat_month,,10,,money,contract,B,Purchasing,2026-10-01,USD,,2026-04-01,,2027-03-31,2026-12-31` + "\n" +
		"wiki,Support,capacity,support,month,5,8,20,hours,IT,C,IT,2026-10-01,,,,,,\n" +
		"chat,Course,cash,training,once,900,1000,1500,money,offer,B,HR,2026-10-01,EUR,sales,2026-09-15,,,\n"))
	require.NoError(t, err)
	require.Len(t, costs["wiki"], 2)
	require.Len(t, costs["chat"], 1)
	licences := costs["wiki"][0]
	require.Equal(t, "Licences, all", licences.Name)
	require.Equal(t, cash.Exactly(10), licences.Amount.Range)
	require.Equal(t, day(t, "2026-12-31"), *licences.Notice)
	require.Equal(t, cash.Range{Low: 5, Likely: 8, High: 20}, costs["wiki"][1].Amount.Range)
	require.Equal(t, "sales", costs["chat"][0].Unit)

	doc := good(t)
	_, err = doc.WithCosts(costs)
	require.ErrorContains(t, err, "tools.chat: is not known")
	delete(costs, "chat")
	with, err := doc.WithCosts(costs)
	require.NoError(t, err)
	require.Len(t, with.Tools["wiki"].Costs, 2)
	require.Len(t, doc.Tools["wiki"].Costs, 3, "the document itself stays as it is")
}

func TestCostsThatAreRefusedNameTheirLine(t *testing.T) {
	for _, c := range []struct{ text, problems string }{
		{"", "line 1: there is no header: the file is empty"},
		{"tool,color\n", "line 1, color: is not known here"},
		{"tool,tool\n", "line 1, tool: stands twice"},
		{"tool,name\n", "line 1, likely: is missing"},
		{costsHeader + "wiki,a\n", "line 2: it has not as many fields"},
		{costsHeader + `wiki,"a` + "\n", "line 2: "},
		{costsHeader + "wiki,L,cash,licences,month,,ten,,money,s,B,o,2026-10-01,EUR,,,,,\n", `line 2, likely: "ten" is no number`},
		{costsHeader + "wiki,L,cash,licences,month,,,,money,s,B,o,2026-10-01,EUR,,,,,\n", "line 2, likely"},
		{costsHeader + "wiki,L,cash,licences,month,,10,5,money,s,B,o,2026-10-01,EUR,,,,,\n", "line 2, likely: likely (10) lies above high (5)"},
		{costsHeader + "wiki,L,cash,licences,month,-1,10,,money,s,B,o,2026-10-01,EUR,,,,,\n", "line 2, low: is below 0"},
		{costsHeader + "wiki,L,cash,licences,month,,10,,money,s,B,o,,EUR,,,,,\n", "line 2, set: is missing"},
		{costsHeader + ",L,cash,licences,month,,10,,money,s,B,o,2026-10-01,EUR,,,,,\n", "line 2, tool"},
		{costsHeader + "wiki,L,cash,licences,month,,10,,money,s,B,o,2026-10-01,,,,,,\n\nwiki,M,cash,licences,month,,10,,money,s,B,o,2026-10-01,EUR,,2026-02-30,,,\n",
			"line 2, currency: is missing: a price needs its currency\nline 4, from: "},
		{costsHeader + "wiki,L,cash,licences,month,,10,,money,s,B,o,2026-10-01,EUR,,2026-02-03,2026-02-01,,\n", "line 2, to: the period ends on 2026-02-01, before it begins"},
	} {
		costs, err := assumptions.ReadCosts(strings.NewReader(c.text))
		var problems assumptions.Problems
		require.ErrorAs(t, err, &problems, c.text)
		require.Contains(t, err.Error(), c.problems, c.text)
		require.Nil(t, costs, "nothing half-read")
	}
}
