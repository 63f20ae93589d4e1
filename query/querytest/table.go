// Package querytest holds what tests of answers share: a table of expected rows that a reader can check by hand, and
// the sums that every answer has to satisfy (reconcile.go). It works on answers as JSON, so that the same test can ask
// package query itself or the API over HTTP.
package querytest

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// Row is a row of an answer as its JSON has it: numbers are float64.
type Row map[string]any

// Rows reads a list of an answer, such as "rows" or "figures".
func Rows(t testing.TB, answer []byte, list string) []Row {
	t.Helper()
	var whole map[string]json.RawMessage
	var rows []Row
	if err := json.Unmarshal(answer, &whole); err != nil {
		t.Fatalf("the answer is no JSON object: %v", err)
	}
	if err := json.Unmarshal(whole[list], &rows); err != nil {
		t.Fatalf("the answer has no list %q: %v", list, err)
	}
	return rows
}

// Table demands that rows are those of a table, in its order and no others. The table's first line names fields of
// the rows, each further one is a row: words separated by blanks, numbers as 3 or 2/3 (compared to nine digits),
// "-" for null, "." for an empty text. Fields that the table does not name may be anything.
func Table(t testing.TB, table string, rows []Row) {
	t.Helper()
	var fields []string
	var want [][]string
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case fields == nil:
			fields = words
		default:
			want = append(want, words)
		}
	}
	if len(rows) != len(want) {
		t.Errorf("%d rows, %d are expected:\n%s", len(rows), len(want), write(fields, rows))
		return
	}
	for i, words := range want {
		if len(words) != len(fields) {
			t.Fatalf("line %q of the table has %d words, its header %d", strings.Join(words, " "), len(words), len(fields))
		}
		for at, field := range fields {
			value, there := rows[i][field]
			if !there {
				t.Fatalf("rows have no field %q", field)
			}
			if !same(words[at], value) {
				t.Errorf("row %d, %s: is %v, should be %s, in\n%s", i+1, field, text(value), words[at], write(fields, rows))
			}
		}
	}
}

// same tells whether a word of a table stands for a value.
func same(word string, value any) bool {
	switch v := value.(type) {
	case nil:
		return word == "-"
	case float64:
		want, err := number(word)
		return err == nil && math.Abs(want-v) <= 1e-9*max(1, math.Abs(want))
	default:
		return word == text(value)
	}
}

// number reads 3, 0.5 or 2/3.
func number(word string) (float64, error) {
	part, whole, is := strings.Cut(word, "/")
	n, err := strconv.ParseFloat(part, 64)
	if err != nil || !is {
		return n, err
	}
	d, err := strconv.ParseFloat(whole, 64)
	return n / d, err
}

func text(value any) string {
	switch value {
	case nil:
		return "-"
	case "":
		return "."
	}
	return fmt.Sprint(value)
}

// write writes rows as a table would.
func write(fields []string, rows []Row) string {
	lines := []string{strings.Join(fields, " ")}
	for _, row := range rows {
		words := make([]string, len(fields))
		for i, field := range fields {
			words[i] = text(row[field])
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}
