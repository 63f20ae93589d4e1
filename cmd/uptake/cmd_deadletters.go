package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"uptake/ingest"
)

var deadLettersCommand = command{
	name:    "dead-letters",
	args:    "list|show|replay|drop|refused",
	summary: "look at what could never be loaded, load it again or drop it",
	help: `Usage: uptake dead-letters list
       uptake dead-letters show NUMBER
       uptake dead-letters replay NUMBER|--all [--no-wait]
       uptake dead-letters drop NUMBER|--all [--yes]
       uptake dead-letters refused

An event that ClickHouse refuses, and a message of the spool that is none, is put with the dead
letters, with the reason. Remove the cause, then replay: what is loaded twice counts once, and
an old event does not replace what came after it. What is dropped is gone for good.

What the door refused was never accepted, and is not kept: refused lists which events of which
source that were, of the last 28 days, and why, as their clients were told.`,
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		c := &deadLetters{m: m}
		flags.BoolVar(&c.all, "all", false, "replay or drop all there are")
		flags.BoolVar(&c.yes, "yes", false, "drop without being asked")
		flags.BoolVar(&c.noWait, "no-wait", false, "do not wait until what is replayed is in the figures")
		return c.run
	},
}

// deadLetters is the command with its flags.
type deadLetters struct {
	m                *Main
	all, yes, noWait bool
}

func (c *deadLetters) run(ctx context.Context, args []string) error {
	wrong := &usageError{message: "dead-letters: say list, show NUMBER, replay NUMBER, replay --all, drop NUMBER, drop --all or refused", command: "dead-letters"}
	if len(args) == 0 {
		return wrong
	}
	word, which := args[0], url.Values{}
	switch {
	case c.all && len(args) == 1 && (word == "replay" || word == "drop"):
		which.Set("all", "true")
	case !c.all && len(args) == 2:
		number, err := strconv.ParseUint(args[1], 10, 64)
		if err != nil {
			return &usageError{message: fmt.Sprintf("dead-letters: %q is no number; `uptake dead-letters list` shows them", args[1]), command: "dead-letters"}
		}
		which.Set("number", fmt.Sprint(number))
	case word != "list" && word != "refused" || len(args) != 1 || c.all:
		return wrong
	}
	work := map[string]func(context.Context, *session, url.Values) error{"list": c.list, "show": c.show, "replay": c.replay, "drop": c.drop, "refused": c.refused}[word]
	if work == nil || (word == "list" || word == "refused") && len(which) > 0 {
		return wrong
	}
	if word == "drop" && !c.yes {
		if err := c.confirm(which); err != nil {
			return err
		}
	}
	return c.m.withSession(ctx, "dead-letters", func(s *session) error { return work(ctx, s, which) })
}

// list prints one line a letter, oldest first.
func (c *deadLetters) list(ctx context.Context, s *session, _ url.Values) error {
	table := tabwriter.NewWriter(c.m.Stdout, 0, 8, 2, ' ', 0)
	for from, first := uint64(0), true; first || from > 0; first = false {
		var list ingest.DeadLetterList
		if err := s.call(ctx, request{method: http.MethodGet, path: "/control/dead-letters", query: url.Values{"from": {fmt.Sprint(from)}}}, &list); err != nil {
			return err
		}
		if first && len(list.Letters) == 0 {
			c.m.console.note("There are no dead letters: everything acknowledged was loaded, or waits for it.")
			return nil
		}
		if first {
			fmt.Fprintln(table, "NUMBER\tTIME\tEVENTS\tSOURCES\tSIZE\tREASON")
		}
		for _, l := range list.Letters {
			fmt.Fprintf(table, "%d\t%s\t%d\t%s\t%s\t%s\n", l.Number, l.Time.Format(time.DateTime), l.Events, strings.Join(l.Sources, ", "), bytesText(int64(l.Bytes)), l.Reason)
		}
		from = list.Next
	}
	return table.Flush()
}

// refused prints one line a refused event, newest first.
func (c *deadLetters) refused(ctx context.Context, s *session, _ url.Values) error {
	var list []ingest.RefusedEvents
	if err := s.call(ctx, request{method: http.MethodGet, path: "/control/dead-letters/refused"}, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		c.m.console.note("Nothing was refused in the last 28 days.")
		return nil
	}
	table := tabwriter.NewWriter(c.m.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "TIME\tSOURCE\tFIELD\tREASON\tID")
	for _, of := range list {
		for _, e := range of.Events {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", of.Time.Format(time.DateTime), of.Source, e.Field, e.Reason, e.ID)
		}
		if of.More > 0 {
			fmt.Fprintf(table, "%s\t%s\tand %s more\n", of.Time.Format(time.DateTime), of.Source, plural(int64(of.More), "event"))
		}
	}
	return table.Flush()
}

// show prints a letter and its events, one field a line.
func (c *deadLetters) show(ctx context.Context, s *session, which url.Values) error {
	var letter ingest.LetterContent
	if err := s.call(ctx, request{method: http.MethodGet, path: "/control/dead-letters/letter", query: which}, &letter); err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.m.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintf(table, "number\t%d\ntime\t%s\nsize\t%s\nreason\t%s\nevents\t%d\n", letter.Number, letter.Time.Format(time.DateTime+" UTC"), bytesText(int64(letter.Bytes)), letter.Reason, letter.Events)
	if letter.Note {
		fmt.Fprintln(table, "holds\tno events, but what else the door told the database, such as counts of refused events")
	}
	for i := range letter.Content {
		fmt.Fprintln(table)
		for _, field := range eventFields(&letter.Content[i]) {
			if field.text != "" {
				fmt.Fprintf(table, "%s\t%s\n", field.name, field.text)
			}
		}
	}
	if left := letter.Events - len(letter.Content); left > 0 {
		fmt.Fprintf(table, "\nand %s more\n", plural(int64(left), "event"))
	}
	return table.Flush()
}

// replay has letters loaded again and waits for what becomes of them.
func (c *deadLetters) replay(ctx context.Context, s *session, which url.Values) error {
	var back ingest.Replayed
	if err := s.call(ctx, request{method: http.MethodPost, path: "/control/dead-letters/replay", query: which, once: true}, &back); err != nil {
		return err
	}
	c.m.console.note("%s of %s went back to be loaded.", plural(int64(back.Events), "event"), plural(int64(back.Letters), "dead letter"))
	if back.Kept > 0 {
		c.m.console.note("%s cannot be read and stay: `uptake dead-letters drop` drops them.", plural(int64(back.Kept), "dead letter"))
	}
	if c.noWait || back.Letters == 0 {
		return nil
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	var list ingest.DeadLetterList
	if err := s.call(ctx, request{method: http.MethodGet, path: "/control/dead-letters"}, &list); err != nil {
		return err
	}
	if left := int64(list.Total) - int64(back.Kept); left > 0 {
		c.m.console.note("%s could not be loaded: `uptake dead-letters list` says why.", plural(left, "dead letter"))
	}
	return nil
}

// drop takes letters away for good.
func (c *deadLetters) drop(ctx context.Context, s *session, which url.Values) error {
	var gone struct{ Dropped uint64 }
	if err := s.call(ctx, request{method: http.MethodDelete, path: "/control/dead-letters", query: which, once: true}, &gone); err != nil {
		return err
	}
	c.m.console.note("%s dropped.", plural(int64(gone.Dropped), "dead letter"))
	return nil
}

// confirm asks whoever sits at the terminal. A script says --yes.
func (c *deadLetters) confirm(which url.Values) error {
	what := "dead letter " + which.Get("number")
	if c.all {
		what = "all dead letters"
	}
	if !c.m.Terminal {
		return &usageError{message: "dead-letters: what is dropped is gone for good; add --yes to drop " + what, command: "dead-letters"}
	}
	c.m.console.note("What is dropped is gone for good. Write yes to drop %s:", what)
	line, _ := bufio.NewReader(c.m.Stdin).ReadString('\n')
	if strings.TrimSpace(strings.ToLower(line)) != "yes" {
		return &usageError{message: "nothing was dropped", command: "dead-letters"}
	}
	return nil
}
