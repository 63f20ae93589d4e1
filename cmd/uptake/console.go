package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// console is where people read along: the log, notes and at most one progress bar, which stays below everything else.
// It may be used by several goroutines at once.
type console struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	bar      string // what stands on the last line now
}

// Write prints whole lines above the bar.
func (c *console) Write(text []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bar == "" {
		return c.w.Write(text)
	}
	_, err := fmt.Fprintf(c.w, "\r\033[K%s%s", text, c.bar)
	return len(text), err
}

// note prints a line.
func (c *console) note(format string, args ...any) {
	_, _ = fmt.Fprintf(c, format+"\n", args...)
}

func (c *console) setBar(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if text == c.bar {
		return
	}
	c.bar = text
	_, _ = fmt.Fprintf(c.w, "\r\033[K%s", text)
}

// progress tells how far one piece of work is: by a bar on a terminal, by a line now and then elsewhere.
type progress struct {
	c     *console
	what  string
	unit  string
	start time.Time

	mu       sync.Mutex
	last     time.Time
	lastTold int64 // percent
}

func (c *console) progress(what, unit string) *progress {
	now := time.Now()
	p := &progress{c: c, what: what, unit: unit, start: now}
	if !c.terminal {
		p.last = now // what takes less than a moment needs no line
	}
	return p
}

// set says how much is done. total 0 means that nobody knows how much there is.
func (p *progress) set(done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, percent := time.Now(), int64(0)
	if total > 0 {
		percent = min(100, 100*done/total)
	}
	if p.c.terminal {
		if now.Sub(p.last) < 80*time.Millisecond && percent < 100 {
			return
		}
		p.last = now
		p.c.setBar(p.line(done, total, percent))
		return
	}
	// In a log file: every tenth of the way, at most one line in two seconds, at least one in ten.
	since := now.Sub(p.last)
	if (percent >= p.lastTold+10 && since > 2*time.Second) || since > 10*time.Second {
		share := ""
		if total > 0 {
			share = fmt.Sprintf(": %d %%", percent)
		}
		p.c.note("%s%s%s%s", p.what, share, p.count(done, total), p.left(percent))
		p.last, p.lastTold = now, percent
	}
}

// end takes the bar away and says in a line what became of the work, unless format is "".
func (p *progress) end(format string, args ...any) {
	if p.c.terminal {
		p.c.setBar("")
	}
	if format != "" {
		p.c.note(format, args...)
	}
}

const barWidth = 24

func (p *progress) line(done, total, percent int64) string {
	if total <= 0 {
		return p.what + p.count(done, total)
	}
	full := int(percent) * barWidth / 100
	return fmt.Sprintf("%s  %s%s %3d %%%s%s", p.what, strings.Repeat("█", full), strings.Repeat("░", barWidth-full), percent, p.count(done, total), p.left(percent))
}

// left is how long the rest takes if it goes on as it has gone, "" while nobody can tell.
func (p *progress) left(percent int64) string {
	elapsed := time.Since(p.start)
	if percent <= 0 || percent >= 100 || elapsed <= 2*time.Second {
		return ""
	}
	return ", " + (elapsed * time.Duration(100-percent) / time.Duration(percent)).Round(time.Second).String() + " left"
}

// count is ", DONE of TOTAL UNIT", or nothing for steps that mean nothing to a reader.
func (p *progress) count(done, total int64) string {
	write := func(n int64) string { return thousands(n) + " " + p.unit }
	switch p.unit {
	case "":
		return ""
	case "bytes":
		write = bytesText
	}
	if total <= 0 {
		return ", " + write(done)
	}
	return ", " + strings.TrimSuffix(write(done), " "+p.unit) + " of " + write(total)
}

// bytesText writes a size for people.
func bytesText(n int64) string {
	for _, unit := range []struct {
		name string
		size int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if n >= unit.size {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(unit.size), unit.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

// thousands writes 1234567 as 1,234,567.
func thousands[N ~int | ~int64](n N) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// plural writes a number with its noun: 1 line, 2 lines.
func plural[N ~int | ~int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}
