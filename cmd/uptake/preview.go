package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"uptake/ingest"
)

// previewPrinter prints what the events of a payload would become: a table for people, or a line of JSON an event.
type previewPrinter struct {
	m      *Main
	json   bool
	table  *tabwriter.Writer
	events int
	became map[string]int
}

func newPreviewPrinter(m *Main, asJSON bool) *previewPrinter {
	return &previewPrinter{m: m, json: asJSON, table: tabwriter.NewWriter(m.Stdout, 0, 8, 2, ' ', 0), became: map[string]int{}}
}

// tableAtOnce is how many lines the columns are fitted to.
const tableAtOnce = 500

func (p *previewPrinter) event(e *ingest.Previewed) error {
	p.events++
	p.became[e.Became]++
	if p.json {
		if err := json.NewEncoder(p.m.Stdout).Encode(e); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
		return nil
	}
	if p.events == 1 {
		fmt.Fprintln(p.table, "#\tNAME\tBECOMES\tTIME\tTOOL\tACTION\tCLASS\tPERSON\tOBJECT\tMORE")
	}
	fmt.Fprintf(p.table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Index+1, dash(e.Name), e.Became, dash(e.Time), dash(e.Tool), dash(e.Action), dash(string(e.Class)), dash(e.Actor),
		dash(strings.TrimSpace(e.ObjectType+" "+e.Object)), more(e))
	if p.events%tableAtOnce == 0 {
		return p.flush()
	}
	return nil
}

// more is what an event says beside what every event says, or why it is none.
func more(e *ingest.Previewed) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch {
	case e.Field != "":
		add("%s: %s", e.Field, e.Reason)
	case e.Reason != "":
		add("%s", e.Reason)
	}
	if e.Container != "" {
		add("in %s", e.Container)
	}
	if e.Counterparts > 0 {
		add("with %s", plural(e.Counterparts, "other"))
	}
	if e.Quantity != nil {
		add("%d times", *e.Quantity)
	}
	if e.Duration > 0 {
		add("%d s", e.Duration)
	}
	if len(e.Attributes) > 0 {
		add("%s", plural(len(e.Attributes), "attribute"))
	}
	if e.Became == "unknown" {
		add("kept and counted by its name, in no figure")
	}
	return strings.Join(parts, ", ")
}

func (p *previewPrinter) flush() error {
	if err := p.table.Flush(); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// end says how many became what.
func (p *previewPrinter) end() error {
	var counts []string
	for _, became := range []string{"accepted", "unknown", "directory", "ignored", "refused"} {
		if n := p.became[became]; n > 0 {
			counts = append(counts, thousands(n)+" "+became)
		}
	}
	if p.events == 0 {
		counts = []string{"it holds none"}
	}
	if err := p.flush(); err != nil {
		return err
	}
	p.m.console.note("%s: %s. Nothing was stored.", plural(p.events, "event"), strings.Join(counts, ", "))
	return nil
}
