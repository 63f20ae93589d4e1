package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"uptake/adoption"
	"uptake/cmd/uptake/config"
)

// command is one word of the command line and what it does.
type command struct {
	name    string
	args    string // what follows it, for the usage text
	summary string // one line, in the list of commands
	help    string // the rest of `uptake help NAME`
	stopped string // what is kept when it is stopped in its midst, and how to go on; "" for what is over in a moment
	bare    bool   // works without a configuration, so also with a wrong one
	// prepare declares the command's flags and returns what runs it with the remaining arguments.
	prepare func(m *Main, flags *flag.FlagSet) func(ctx context.Context, args []string) error
}

// commands in the order of the list that `uptake help` prints.
func commands() []command {
	return []command{serveCommand, ingestCommand, importCommand, tokenCommand, userCommand, sourceCommand, deadLettersCommand, demoCommand, pilotCommand, reportCommand, selfCheckCommand, passwordCommand, migrateCommand, versionCommand}
}

// run finds the command, parses its flags, reads the configuration and runs it.
func (m *Main) run(ctx context.Context) error {
	file, args, err := globalFlags(m.Args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		m.console.note("%s", overview())
		return &usageError{message: "a command is missing"}
	}
	name, args := args[0], args[1:]
	if name == "help" {
		return m.help(args)
	}
	c, found := findCommand(name)
	if !found {
		message := fmt.Sprintf("there is no command %q", name)
		if near := adoption.Closest(name, commandNames()); near != "" {
			message += fmt.Sprintf(", did you mean %s?", near)
		}
		return &usageError{message: message}
	}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are printed once, in our words
	flags.StringVar(&file, "config", file, "read the configuration from `FILE` (default ./uptake.yaml, if there)")
	run := c.prepare(m, flags)
	rest, err := parse(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		return m.help([]string{name})
	}
	if err != nil {
		return &usageError{message: name + ": " + err.Error(), command: name}
	}
	if !c.bare {
		if err := m.loadConfig(file); err != nil {
			return err
		}
	}
	err = run(ctx, rest)
	if err != nil && c.stopped != "" {
		err = &stoppedError{c.stopped, err}
	}
	return err
}

// globalFlags takes --config from in front of the command.
func globalFlags(args []string) (file string, rest []string, err error) {
	flags := flag.NewFlagSet("uptake", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&file, "config", "", "")
	version := flags.Bool("version", false, "")
	err = flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return "", []string{"help"}, nil
	case err != nil:
		return "", nil, &usageError{message: err.Error()}
	case *version:
		return file, []string{"version"}, nil
	}
	return file, flags.Args(), nil
}

// parse lets flags stand anywhere among the arguments, up to a "--".
func parse(flags *flag.FlagSet, args []string) (rest []string, err error) {
	var literal []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, literal = args[:i], args[i+1:]
	}
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if args = flags.Args(); len(args) == 0 {
			return append(rest, literal...), nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

func findCommand(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func commandNames() []string {
	names := []string{"help"}
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// overview is the list of commands.
func overview() string {
	var b strings.Builder
	b.WriteString("Uptake tells a company what its collaboration tools are worth.\n\nUsage: uptake [--config FILE] COMMAND\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-12s %s\n", c.name, c.summary)
	}
	fmt.Fprintf(&b, "  %-12s %s\n", "help", "tell more about a command, or about `config`")
	b.WriteString("\nEvery command works alike while a server runs on the data directory and without one.")
	return b.String()
}

// help prints to stdout: here it is the result.
func (m *Main) help(args []string) error {
	if len(args) == 0 {
		return m.print("%s", overview())
	}
	if args[0] == "config" {
		return m.print("%s", configHelp())
	}
	c, found := findCommand(args[0])
	if !found {
		return &usageError{message: fmt.Sprintf("there is no command %q", args[0])}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "uptake %s: %s\n\n%s\n\nFlags:\n", c.name, c.summary, c.help)
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.String("config", "", "read the configuration from `FILE` (default ./uptake.yaml, if there)")
	c.prepare(m, flags)
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(&b, "  %-22s %s\n", strings.TrimSpace("--"+f.Name+" "+value), usage)
	})
	return m.print("%s", strings.TrimSuffix(b.String(), "\n"))
}

func configHelp() string {
	var b strings.Builder
	b.WriteString("Settings stand in uptake.yaml (or the file that --config names), one a line, or in the environment, which wins.\n\n")
	for _, s := range config.Settings {
		fmt.Fprintf(&b, "  %-24s %s\n  %-24s %s", s.Key, s.Doc, "", s.Variable())
		if s.Default != "" {
			fmt.Fprintf(&b, ", default %s", s.Default)
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
