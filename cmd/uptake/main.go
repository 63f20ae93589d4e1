// Command uptake tells a company what its collaboration tools are worth. This package wires the other packages
// together and holds nothing else: configuration, commands, start and stop.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"uptake/adoption"
	"uptake/cmd/uptake/config"
)

// Exit codes. Scripts rely on them.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2   // the command line or the configuration is wrong; nothing was done
	exitStopped = 130 // Ctrl-C or SIGTERM stopped it: what was kept is said, and how to go on
)

// Main is the program as a value: a test runs it with arguments, an environment and streams of its own.
type Main struct {
	Args    []string // without the program's name
	Environ []string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer

	Terminal  bool                 // Stderr is read by a person: bars are drawn
	OnServing func(address string) // called when `serve` accepts requests, with http://host:port

	console *console
	log     *slog.Logger
	config  *config.Config
}

func main() {
	if os.Getenv("GOGC") == "" {
		shareMemory()
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		// The first signal asks for an orderly end. With the handler gone, a second one ends the process at once.
		stop()
	})
	m := &Main{
		Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Terminal: term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("TERM") != "dumb",
	}
	os.Exit(m.Run(ctx))
}

// usageError is a command line that cannot be understood. It ends with exit code 2.
type usageError struct {
	message string
	command string // whose usage helps, "" for the list of commands
}

func (e *usageError) Error() string { return e.message }

// Run carries out the command line and returns the exit code. When ctx ends, it stops in an orderly way.
func (m *Main) Run(ctx context.Context) int {
	m.console = &console{w: m.Stderr, terminal: m.Terminal}
	m.log = slog.New(slog.NewTextHandler(m.console, nil))
	err := m.run(ctx)
	var usage *usageError
	var mistakes config.Errors
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		help := "uptake help"
		if usage.command != "" {
			help += " " + usage.command
		}
		m.console.note("uptake: %s\n`%s` tells more.", usage.message, help)
		return exitUsage
	case errors.As(err, &mistakes):
		m.console.note("uptake: the configuration has %s:\n%s", plural(len(mistakes), "mistake"), mistakes)
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		m.console.note("uptake: stopped.%s", kept(err))
		return exitStopped
	}
	m.console.note("uptake: %s", explain(err))
	return exitFailed
}

// stoppedError is work that was stopped in its midst.
type stoppedError struct {
	kept string // what of it is kept, and how to go on
	err  error
}

func (e *stoppedError) Error() string { return e.err.Error() }
func (e *stoppedError) Unwrap() error { return e.err }

// kept is what stopped work says of itself, with a space before it.
func kept(err error) string {
	var stopped *stoppedError
	if errors.As(err, &stopped) {
		return " " + stopped.kept
	}
	return ""
}

// explain is the sentence for the person at the terminal. Here the reader owns the machine: the cause is shown, too.
func explain(err error) string {
	var own *adoption.Error
	if errors.As(err, &own) && own.Err == nil {
		return own.Message
	}
	return err.Error()
}

// loadConfig reads the configuration and sets the log up as it says.
func (m *Main) loadConfig(file string) error {
	c, err := config.Load(file, m.Environ)
	if err != nil {
		return err
	}
	m.config = c
	m.logFrom(c.LogLevel)
	for _, warning := range c.Warnings {
		m.console.note("uptake: %s", warning)
	}
	return nil
}

// logFrom makes the log begin at a level.
func (m *Main) logFrom(level slog.Level) {
	m.log = slog.New(slog.NewTextHandler(m.console, &slog.HandlerOptions{Level: level}))
}

// print writes a line of the command's result.
func (m *Main) print(format string, args ...any) error {
	if _, err := fmt.Fprintf(m.Stdout, format+"\n", args...); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
