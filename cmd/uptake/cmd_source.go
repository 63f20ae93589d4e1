package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"uptake/ingest"
)

var sourceCommand = command{
	name:    "source",
	args:    "list|check|test|remap",
	summary: "see what sources send, and what their events become",
	help: `Usage: uptake source list
       uptake source check
       uptake source test [--source NAME] [--as FORM] [--json] FILE
       uptake source remap NAME [--no-wait]

list shows the sources: tokens, mapping file, last event, unknown names. check reads the mapping
files and tells all mistakes. test shows what the events of a payload would become, one line an
event, and stores nothing; FILE may be - and may be packed with gzip. FORM is segment, posthog,
cloudevents, otlp or events; without it, what the payload looks like. People and things are shown
as the first digits of their hashes. remap gives stored events whose names were unknown the
meaning that a rule has for them by now; it may be repeated.`,
	stopped: "The days that were done stay done: give the same command again for the rest.",
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		c := &sources{m: m}
		flags.StringVar(&c.source, "source", "", "test with the mapping and rights of the source `NAME`; without it the defaults hold")
		flags.StringVar(&c.as, "as", "", "read the payload as `FORM`")
		flags.BoolVar(&c.json, "json", false, "tell of each event as a line of JSON")
		flags.BoolVar(&c.noWait, "no-wait", false, "do not wait until what was remapped is in the figures")
		return c.run
	},
}

// sources is the command with its flags.
type sources struct {
	m            *Main
	source, as   string
	json, noWait bool
}

func (c *sources) run(ctx context.Context, args []string) error {
	word, count := "", len(args)
	if count > 0 {
		word = args[0]
	}
	switch {
	case word == "list" && count == 1:
		return c.m.withSession(ctx, "source", func(s *session) error { return c.list(ctx, s) })
	case word == "check" && count == 1:
		return c.check()
	case word == "test" && count == 2:
		return c.m.withSession(ctx, "source", func(s *session) error { return c.test(ctx, s, args[1]) })
	case word == "remap" && count == 2:
		return c.m.withSession(ctx, "source", func(s *session) error { return c.remap(ctx, s, args[1]) })
	}
	return &usageError{message: "source: say list, check, test FILE or remap NAME", command: "source"}
}

// list prints one line a source.
func (c *sources) list(ctx context.Context, s *session) error {
	var list []sourceState
	if err := s.call(ctx, request{method: http.MethodGet, path: "/control/sources"}, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		c.m.console.note("There are no sources yet. `uptake token create --source NAME` makes the token of one.")
		return nil
	}
	table := tabwriter.NewWriter(c.m.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "SOURCE\tTOKENS\tLAST EVENT\tUNKNOWN NAMES\tUNKNOWN EVENTS\tMAPPING")
	for _, s := range list {
		last, file := "never", "none"
		if s.LastEvent != nil {
			last = s.LastEvent.UTC().Format(time.DateTime)
		}
		if s.Mapping != "" {
			file = s.Mapping
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\n", s.Source, s.Tokens, last, thousands(int64(s.Names)), thousands(int64(s.Events)), file)
	}
	return table.Flush()
}

// check reads the mapping files as a start would.
func (c *sources) check() error {
	set, err := loadMappings(c.m.config)
	if err != nil {
		return err
	}
	dir, _ := c.m.config.MappingsDir()
	names := set.Sources()
	if len(names) == 0 {
		c.m.console.note("There are no mapping files in %s. docs/mapping.md says how to write one.", dir)
		return nil
	}
	for _, name := range names {
		if err := c.m.print("%s: no mistakes", set.Of(name).File()); err != nil {
			return err
		}
	}
	return nil
}

// maxPreview is how much of a payload is read: the door takes less.
const maxPreview = 64 << 20

// test prints what the events of a payload would become.
func (c *sources) test(ctx context.Context, s *session, file string) error {
	body, err := c.payload(file)
	if err != nil {
		return err
	}
	source := c.source
	if source == "" {
		source = "test"
	}
	r := request{method: http.MethodPost, path: "/control/sources/test", query: url.Values{"as": {c.as}}, header: http.Header{sourceHeader: {source}}, body: body}
	response, err := s.do(ctx, r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	out := newPreviewPrinter(c.m, c.json)
	lines := json.NewDecoder(response.Body)
	for {
		var line previewLine
		switch err := lines.Decode(&line); {
		case errors.Is(err, io.EOF):
			return out.end()
		case err != nil:
			return fmt.Errorf("read the answer: %w", err)
		case line.Error != "":
			if out.events > 0 {
				return errors.Join(out.end(), errors.New(line.Error))
			}
			return errors.New(line.Error)
		case line.NoToken:
			if c.source != "" {
				c.m.console.note("There is no token for a source %s, so it cannot send yet. `uptake token create --source NAME` makes one, `uptake source list` names those that there are.", c.source)
			}
			continue
		}
		if err := out.event(&line.Previewed); err != nil {
			return err
		}
	}
}

func (c *sources) payload(file string) ([]byte, error) {
	r, _, closeFile, err := c.m.openFile(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = closeFile() }() // it was only read
	body, err := io.ReadAll(io.LimitReader(r, maxPreview+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if len(body) > maxPreview {
		return nil, fmt.Errorf("%s is too large to be looked at in one go: take a part of it, %s at most", file, bytesText(maxPreview))
	}
	return body, nil
}

// remap has stored events given their meaning, and says what became of which names.
func (c *sources) remap(ctx context.Context, s *session, source string) error {
	response, err := s.do(ctx, request{method: http.MethodPost, path: "/control/sources/remap", header: http.Header{sourceHeader: {source}}})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	bar := c.m.console.progress("Giving stored events of "+source+" their meaning", "days")
	lines := json.NewDecoder(response.Body)
	for {
		var line remapLine
		if err := lines.Decode(&line); err != nil {
			bar.end("")
			return fmt.Errorf("the server has ended in the middle of it; what is done stays done, repeat the command for the rest: %w", err)
		}
		switch {
		case line.Error != "":
			bar.end("")
			return errors.New(line.Error)
		case line.Result == nil:
			bar.set(int64(line.Done), int64(line.Total))
			continue
		}
		bar.end("")
		if err := c.remapped(line.Result); err != nil || c.noWait || line.Result.Days == 0 {
			return err
		}
		return s.settle(ctx)
	}
}

// remapped prints what became of each name.
func (c *sources) remapped(r *ingest.Remapped) error {
	table := tabwriter.NewWriter(c.m.Stdout, 0, 8, 2, ' ', 0)
	if len(r.Names) > 0 {
		fmt.Fprintln(table, "NAME\tEVENTS\tNOW\tTOOL\tACTION\tNOTE")
	}
	for _, f := range r.Names {
		tool := f.Tool
		if f.ToTool != "" {
			tool = f.ToTool
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", f.Name, thousands(int64(f.Events)), f.Now, dash(tool), dash(f.Action), f.Note)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if r.More > 0 {
		c.m.console.note("and %s of further names.", plural(int64(r.More), "event"))
	}
	c.m.console.note("%s known now, %s ignored, %s unknown still.", plural(int64(r.Known), "event"), thousands(int64(r.Ignored)), thousands(int64(r.Left)))
	return nil
}

// dash is text, or a dash for none.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
