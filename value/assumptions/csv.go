package assumptions

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"uptake/adoption"
	"uptake/value/cash"
)

// Columns are the columns that a file of costs may have, in any order. Those from currency on may be left out.
func Columns() []string {
	return []string{"tool", "name", "class", "kind", "per", "low", "likely", "high", "unit", "source", "grade", "owner", "set",
		"currency", "for_unit", "from", "to", "renewal", "notice"}
}

const neededColumns = 13

// ToolCosts are the lines of a file of costs, by tool.
type ToolCosts map[string][]Cost

// ReadCosts reads cost lines from CSV: a header with the names of Columns, then one line a cost. Where likely alone is
// filled, the amount is without doubt. All that is wrong comes at once, as Problems whose fields are "line 7, currency";
// then nothing is returned.
func ReadCosts(in io.Reader) (ToolCosts, error) {
	var problems Problems
	r := csv.NewReader(in)
	r.TrimLeadingSpace = true
	header, err := r.Read()
	if err != nil {
		problems.add("line 1", "there is no header: %s", csvReason(err))
		return nil, problems
	}
	columns := readHeader(header, &problems)
	costs := ToolCosts{}
	for columns != nil {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			problems.add(csvLine(err), "%s", csvReason(err))
			if errors.Is(err, csv.ErrFieldCount) {
				continue // the next line can be read
			}
			break
		}
		row := costRow{fmt.Sprintf("line %d, ", line), columns, record, &problems}
		row.read(costs)
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	return costs, nil
}

func csvReason(err error) string {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return "the file is empty"
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return "it has not as many fields as the header"
	case errors.As(err, &parse):
		return parse.Err.Error()
	}
	return err.Error()
}

func csvLine(err error) string {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Sprintf("line %d", parse.Line)
	}
	return "the file"
}

// readHeader finds the place of each column; nil where the header cannot be used.
func readHeader(header []string, problems *Problems) map[string]int {
	columns := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !slices.Contains(Columns(), name) {
			problems.add("line 1, "+name, "is not known here; the columns are %s", strings.Join(Columns(), ", "))
		} else if _, twice := columns[name]; twice {
			problems.add("line 1, "+name, "stands twice")
		}
		columns[name] = i
	}
	for _, name := range Columns()[:neededColumns] {
		if _, ok := columns[name]; !ok && name != "low" && name != "high" {
			problems.add("line 1, "+name, "is missing")
		}
	}
	if len(*problems) > 0 {
		return nil
	}
	return columns
}

// costRow is one line of a file of costs.
type costRow struct {
	at       string
	columns  map[string]int
	record   []string
	problems *Problems
}

func (r costRow) text(column string) string {
	if i, ok := r.columns[column]; ok {
		return strings.TrimSpace(r.record[i])
	}
	return ""
}

func (r costRow) read(costs ToolCosts) {
	before := len(*r.problems)
	cost := Cost{Class: Class(r.text("class")), Kind: CostKind(r.text("kind")), Renewal: r.day("renewal"), Notice: r.day("notice")}
	cost.Line = Line{Name: r.text("name"), Per: Per(r.text("per")), Currency: r.text("currency"), Unit: r.text("for_unit"), From: r.day("from"), To: r.day("to")}
	cost.Amount = Input{Range: r.amount(), Unit: r.text("unit"), Source: r.text("source"), Grade: Grade(r.text("grade")), Owner: r.text("owner")}
	if set := r.day("set"); set != nil {
		cost.Amount.Set = *set
	} else if r.text("set") == "" {
		r.problems.add(r.at+"set", "is missing")
	}
	tool := r.text("tool")
	if tool == "" || tool == adoption.AllTools {
		r.problems.add(r.at+"tool", "%q is no tool", tool)
	}
	if len(*r.problems) > before {
		return
	}
	var found Problems
	(&checker{problems: &found}).cost("", cost)
	for _, p := range found { // ".amount.low" is the column low; ".amount", as a whole, is likely
		column := strings.TrimPrefix(strings.TrimPrefix(p.Field, ".amount"), ".")
		if column == "" {
			column = "likely"
		}
		r.problems.add(r.at+column, "%s", p.Reason)
	}
	costs[tool] = append(costs[tool], cost)
}

func (r costRow) amount() cash.Range {
	likely := r.number("likely", 0)
	return cash.Range{Low: r.number("low", likely), Likely: likely, High: r.number("high", likely)}
}

// number reads a decimal; where the field is empty it is otherwise, and likely must not be empty.
func (r costRow) number(column string, otherwise float64) float64 {
	s := r.text(column)
	if s == "" && column != "likely" {
		return otherwise
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.problems.add(r.at+column, "%q is no number (write 1234.50)", s)
	}
	return v
}

func (r costRow) day(column string) *adoption.Day {
	s := r.text(column)
	if s == "" {
		return nil
	}
	day, err := adoption.ParseDay(s)
	if err != nil {
		r.problems.add(r.at+column, "%s", err.Error())
		return nil
	}
	return &day
}

// WithCosts is the document with the cost lines of a file: each tool that the file names has its costs from the file
// alone. A tool that the document does not have is refused with Problems.
func (d *Document) WithCosts(costs ToolCosts) (*Document, error) {
	var problems Problems
	with := *d
	with.Tools = make(map[string]Tool, len(d.Tools))
	for id, tool := range d.Tools {
		if lines, ok := costs[id]; ok {
			tool.Costs = lines
		}
		with.Tools[id] = tool
	}
	for id := range costs {
		if _, ok := d.Tools[id]; !ok {
			problems.add("tools."+id, "is not known; add the tool first")
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Field, b.Field) })
	if err := problems.err(); err != nil {
		return nil, err
	}
	if err := with.Check(); err != nil {
		return nil, err
	}
	return &with, nil
}
