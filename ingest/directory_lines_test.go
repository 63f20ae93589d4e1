package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestWrongLinesAreNamed(t *testing.T) {
	r := newDirectoryRig(t)
	long := func(n int) string { return strings.Repeat("x", n) }
	for kind, c := range map[string]struct {
		header string
		lines  map[string]string // a line and what is wrong with it, "" for nothing
	}{
		"people": {peopleHeader, map[string]string{
			"a@x.de,sales,2026-01-01,,,,":                                "",
			"mmk1532,sales,2026-01-01,,,,":                               "",
			"José Ñandú,Häuser 7,2026-01-01,,Zürich,,":                   "",
			"a@x.de,company,2026-01-01,,,,":                              "",
			long(512) + ",sales,2026-01-01,,,,":                          "",
			"a@x.de," + long(128) + ",2026-01-01,,,,":                    "",
			",sales,2026-01-01,,,,":                                      "email: it is empty",
			long(513) + ",sales,2026-01-01,,,,":                          "email: it is longer than 512 bytes",
			"a\x00@x.de,sales,2026-01-01,,,,":                            "email: it has characters that cannot be printed",
			"a@x.de,,2026-01-01,,,,":                                     "unit: it is empty",
			"a@x.de," + long(129) + ",2026-01-01,,,,":                    "unit: it is longer than 128 bytes",
			"a@x.de,unassigned,2026-01-01,,,,":                           `unit: "unassigned" is a name with a meaning of its own in Uptake; give the unit another id`,
			"a@x.de,external,2026-01-01,,,,":                             `unit: "external" is a name with a meaning of its own in Uptake; give the unit another id`,
			"a@x.de,sales.direct,2026-01-01,,,,":                         `unit: "sales.direct" is a name with a meaning of its own in Uptake; give the unit another id`,
			"a@x.de,sales.rest,2026-01-01,,,,":                           `unit: "sales.rest" is a name with a meaning of its own in Uptake; give the unit another id`,
			"a@x.de,sales,,,,,":                                          "effective_from: it is empty",
			"a@x.de,sales,01.02.2026,,,,":                                `effective_from: "01.02.2026" is no date (write YYYY-MM-DD)`,
			"a@x.de,sales,2026-02-30,,,,":                                `effective_from: "2026-02-30" is no date (write YYYY-MM-DD)`,
			"a@x.de,sales,1969-12-31,,,,":                                `effective_from: "1969-12-31" lies outside 1970-01-01 to 2149-06-06`,
			"a@x.de,sales,2026-01-02,2026-01-01,,,":                      "effective_to: it lies before effective_from",
			"a@x.de,sales,2026-01-02,2026-01-02,,,":                      "",
			"a@x.de,sales,2026-01-02,soon,,,":                            `effective_to: "soon" is no date (write YYYY-MM-DD)`,
			"a@x.de,sales,2026-01-01,,,2025-05-02,2025-05-01":            "left_on: it lies before hired_on",
			"a@x.de,sales,2026-01-01,,,2025-05-02,2025-05-02":            "",
			"a@x.de,sales,2026-01-01,,,,2025-05-01":                      "",
			"a@x.de,sales,2026-01-01,,,9999-12-31,":                      `hired_on: "9999-12-31" lies outside 1970-01-01 to 2149-06-06`,
			"a@x.de,sales,2026-01-01,," + long(257) + ",,":               "location: it is longer than 256 bytes",
			"a@x.de,sales,2026-01-01":                                    ": the line has 3 fields, the header has 7",
			"a@x.de,sales\u00a0north,2026-01-01,,,,":                     "unit: it has characters that cannot be printed",
			"a@x.de,sales,2026-01-01,,Sankt\u00a0Augustin,,":             "",
			"a@x.de,\"sales,2026-01-01,,,,":                              ": a quote is opened and never closed",
			"M\xfcller@x.de,sales,2026-01-01,,,,":                        ": the line is not valid UTF-8; save the file as CSV UTF-8",
			"\"a@x.de\",\"sales, north\",\"2026-01-01\",\"\",\"\",\"\",": "",
		}},
		"licences": {"email,tool,from,to", map[string]string{
			"a@x.de,chat,2026-01-01,":                "",
			"a@x.de,chat,2026-01-01,2026-01-01":      "",
			"a@x.de,,2026-01-01,":                    "tool: it is empty",
			"a@x.de,ALL,2026-01-01,":                 `tool: "all" means all tools together; give the tool another id`,
			"a@x.de," + long(65) + ",2026-01-01,":    "tool: it is longer than 64 bytes",
			"a@x.de,chat,,":                          "from: it is empty",
			"a@x.de,chat,2026-01-02,2026-01-01":      "to: it lies before from",
			"a@x.de,chat,2026-01-02,2026-01-01,more": ": the line has 5 fields, the header has 4",
		}},
		"tools": {"tool,name,category,vendor,seats,price,currency", map[string]string{
			"chat,Chat,Chat,,,,":                   "",
			"chat,Chat,Chat,Acme,0,0,EUR":          "",
			"chat,Chat,Chat,,4294967295,96.5,usd":  "",
			"chat,Chat,Chat,,,,CHF":                "",
			"chat,,Chat,,,,":                       "name: it is empty",
			"chat,Chat,,,,,":                       "category: it is empty",
			"chat,Chat,Chat,,4294967296,,":         "seats: it is no whole number from 0 to 4294967295",
			"chat,Chat,Chat,,-1,,":                 "seats: it is no whole number from 0 to 4294967295",
			"chat,Chat,Chat,,1.5,,":                "seats: it is no whole number from 0 to 4294967295",
			"chat,Chat,Chat,,,96,":                 "currency: a price needs its currency, such as EUR",
			"chat,Chat,Chat,,,96,€":                "currency: it is no currency of three letters, such as EUR",
			"chat,Chat,Chat,,,96,EURO":             "currency: it is no currency of three letters, such as EUR",
			"chat,Chat,Chat,,,-96,EUR":             "price: it is no price such as 96 or 96.50 (from 0, with a point and at most 4 decimals)",
			"chat,Chat,Chat,,,1e3,EUR":             "price: it is no price such as 96 or 96.50 (from 0, with a point and at most 4 decimals)",
			"chat,Chat,Chat,,,\"12,500\",EUR":      "price: it is no price such as 96 or 96.50 (from 0, with a point and at most 4 decimals)",
			"chat,Chat,Chat,,,0.00001,EUR":         "price: it is no price such as 96 or 96.50 (from 0, with a point and at most 4 decimals)",
			"chat,Chat,Chat,,,999999999999999,EUR": "price: it is no price such as 96 or 96.50 (from 0, with a point and at most 4 decimals)",
		}},
		"units": {"unit,parent,name,legacy_entity", map[string]string{
			"sales,,Sales,A":        "",
			"sales,company,Sales,A": "",
			"all,,All,":             `unit: "all" is a name with a meaning of its own in Uptake; give the unit another id`,
			"company,,Company,":     `unit: "company" is a name with a meaning of its own in Uptake; give the unit another id`,
			"x,unassigned,X,":       `parent: "unassigned" is a name with a meaning of its own in Uptake; give the unit another id`,
			"x,x,X,":                "parent: a unit cannot be its own parent",
			"x,,,":                  "name: it is empty",
			"x,nowhere,X,":          `parent: the unit "nowhere" is neither in this file nor known from before; add a line for it`,
		}},
	} {
		for text, wrong := range c.lines {
			want := []string{}
			accepted := 1
			if wrong != "" {
				want, accepted = append(want, "3 "+wrong), 0
			}
			result := r.load(kind, c.header, "", text)
			assert.Equal(t, want, rejected(result), "%s: %s", kind, text)
			assert.Equal(t, accepted, result.Accepted, "%s: %s", kind, text)
		}
	}
}

func TestABadLineKeepsTheGoodOnes(t *testing.T) {
	r := newDirectoryRig(t)
	result := r.load("people", "email;unit;effective_from;location\r", "a@x.de;sales;2026-06-01;Bonn, Beuel\r", "\r",
		"b@x.de;sales;1.6.2026;\r", "\"c@x.de;sales;2026-06-01;\r", "d@x.de;\"sa\nles\";2026-06-01;\r", "e@x.de;it;2026-06-01;\r")
	assert.Equal(t, []string{
		`4 effective_from: "1.6.2026" is no date (write YYYY-MM-DD)`,
		"5 : there is text behind a closing quote",
		"6 unit: it has characters that cannot be printed"}, rejected(result))
	assert.Equal(t, 2, result.Accepted)
	assert.Equal(t, []string{"Bonn, Beuel", ""}, r.dump(`location]), '') FROM people ORDER BY unit DESC`))
}

func TestOnlyTheFirstThousandWrongLinesAreListed(t *testing.T) {
	r := newDirectoryRig(t)
	lines := []string{"unit,parent,name"}
	for i := range 700 {
		lines = append(lines, fmt.Sprintf("u%d,nowhere,U", i), ",,")
		lines = append(lines, "x,,")
	}
	result := r.load("units", lines...)
	assert.Equal(t, 1400, result.RejectedTotal)
	require.Len(t, result.Rejected, maxListed)
	for i, x := range result.Rejected {
		if i > 0 && x.Line <= result.Rejected[i-1].Line {
			t.Fatalf("line %d after line %d", x.Line, result.Rejected[i-1].Line)
		}
	}
}

func TestPricesOfACommaCountry(t *testing.T) {
	r := newDirectoryRig(t)
	result := r.load("tools", "tool;name;category;price;currency", "chat;Chat;Chat;96,50;EUR", "wiki;Wiki;Wiki;1.096,50;EUR")
	assert.Equal(t, 1, result.Accepted)
	assert.Equal(t, []string{"chat 96.5 chat"}, r.dump(`tool, ' ', toString(price), ' ', category]), '') FROM tools`))
}

func TestImportRefusesWhatIsNoDirectoryFile(t *testing.T) {
	r := newDirectoryRig(t)
	for name, c := range map[string]struct {
		kind, text string
		code       adoption.Code
		field      string
	}{
		"unknown kind":   {"robots", "a,b\n", adoption.NotFound, ""},
		"missing column": {"people", "email,unit\n", adoption.Unprocessable, "effective_from"},
		"unknown column": {"people", "email,unit,effective_from,salary\n", adoption.Unprocessable, "salary"},
		"too large":      {"people", "email,unit,effective_from\n" + strings.Repeat(" ", MaxDirectoryBytes), adoption.TooLarge, ""},
		"broken gzip":    {"people", "\x1f\x8bnot a gzip at all", adoption.InvalidParameter, ""},
	} {
		result, err := r.Import(t.Context(), c.kind, strings.NewReader(c.text), false)
		var e *adoption.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, c.code, e.Code, name)
		assert.Equal(t, c.field, e.Field, name)
		assert.NotNil(t, result.Rejected, name)
	}
}
