// Package sheet takes a table out of a page, for who wants to calculate with it: as CSV or as a workbook. What is saved is
// what is shown, no more digits and no more rows, so a file can tell nothing that the page does not.
package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ErrNone is that a page has no such table.
var ErrNone = errors.New("there is no such table on the page")

// Table is a table of a page: a row of names, then rows with a cell for each.
type Table struct {
	Head []string
	Rows [][]Cell
}

// Cell is what stands in one place. Number is set where the whole text is a number; a share is a number of 0..1.
type Cell struct {
	Text     string
	Number   *float64
	Share    bool
	Decimals int // shown after the mark; of a share, those of its percentage
}

// Marks are the signs that a language writes numbers with.
type Marks struct {
	Decimal, Thousands string // 1,234.5
	Thousand, Million  string // the units of large numbers: k, M
}

// Read finds the table with an id in a page whose numbers are written with marks. ErrNone where there is none.
func Read(page []byte, id string, marks Marks) (*Table, error) {
	root, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	node := find(root, func(n *html.Node) bool { return n.DataAtom == atom.Table && attribute(n, "id") == id })
	if node == nil {
		return nil, ErrNone
	}
	t, pattern := &Table{}, marks.number()
	for row := range all(node, atom.Tr) {
		var cells []Cell
		for n := row.FirstChild; n != nil; n = n.NextSibling {
			if n.DataAtom != atom.Th && n.DataAtom != atom.Td {
				continue
			}
			cells = append(cells, cellOf(words(n), marks, pattern))
			wide, _ := strconv.Atoi(attribute(n, "colspan"))
			cells = append(cells, make([]Cell, max(min(wide, 100)-1, 0))...)
		}
		if row.Parent.DataAtom == atom.Thead && t.Head == nil {
			for _, c := range cells {
				t.Head = append(t.Head, c.Text)
			}
			continue
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, nil
}

// words is the text of a node as it reads: what is drawn (a picture's own words) left out, parts apart.
func words(n *html.Node) string {
	var parts []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Data == "svg" {
			return
		}
		if n.Type == html.TextNode {
			parts = append(parts, strings.FieldsFunc(n.Data, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' })...)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(parts, " ")
}

// cellOf reads a text that is a number: 1,234 · −0.5 · +4.7 · 63.6 % · 12.4 M.
func cellOf(text string, marks Marks, pattern *regexp.Regexp) Cell {
	c := Cell{Text: strings.ReplaceAll(text, "\u00a0", " ")}
	found := pattern.FindStringSubmatch(c.Text)
	if found == nil {
		return c
	}
	sign, whole, fraction, unit := found[1], found[2], found[3], found[4]
	v, err := strconv.ParseFloat(strings.ReplaceAll(whole, marks.Thousands, "")+"."+fraction+"0", 64)
	if err != nil {
		return c
	}
	if sign == "\u2212" || sign == "-" {
		v = -v
	}
	switch unit {
	case "%":
		v, c.Share, c.Decimals = v/100, true, len(fraction)
	case marks.Thousand:
		v *= 1e3
	case marks.Million:
		v *= 1e6
	default:
		c.Decimals = len(fraction)
	}
	c.Number = &v
	return c
}

// number matches a number as the pages write it: its sign, whole part, fraction and unit.
func (m Marks) number() *regexp.Regexp {
	q := regexp.QuoteMeta
	return regexp.MustCompile(`^([-+\x{2212}±]?)(\d{1,3}(?:` + q(m.Thousands) + `\d{3})+|\d+)(?:` + q(m.Decimal) + `(\d+))?(?: (%|` + q(m.Thousand) + `|` + q(m.Million) + `))?$`)
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	if is(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := find(c, is); found != nil {
			return found
		}
	}
	return nil
}

// all goes through the elements of a kind under n, in their order.
func all(n *html.Node, kind atom.Atom) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		find(n, func(n *html.Node) bool { return n.DataAtom == kind && !yield(n) })
	}
}

func attribute(n *html.Node, name string) string {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return n.Attr[i].Val
}
