package demo

import (
	"strconv"
	"strings"

	"uptake/adoption"
)

// maxFile is how long a directory file of the demo may grow before the next begins. An import holds its file's rows in
// memory, several times their text.
const maxFile = 6 << 20

// A file is a directory file of the company, as a personnel office would send it.
type file struct {
	kind string
	text string
}

// files are the directory in the order in which it is imported. yield ends them by returning false.
func (c *company) files(yield func(file) bool) {
	_ = c.unitsFile(yield) && c.toolsFile(yield) && c.peopleFiles(yield) && c.licenceFiles(yield)
}

func (c *company) unitsFile(yield func(file) bool) bool {
	w := newWriter("units", "unit,parent,name,legacy_entity", yield)
	for _, u := range c.units {
		w.line(u.id, u.parent, `"`+u.name+`"`, u.entity)
	}
	return w.flush()
}

// toolsFile lists the tools. Of the wiki it says what it is, and nothing of seats or a price: nobody has bought it.
func (c *company) toolsFile(yield func(file) bool) bool {
	w := newWriter("tools", "tool,name,category,vendor,seats,price,currency", yield)
	for i, t := range tools {
		if t.price == "" {
			w.line(t.id, t.name, t.category, "", "", "", "")
			continue
		}
		w.line(t.id, t.name, t.category, t.vendor, strconv.Itoa(int(t.spare*float64(c.assigned(i)))), t.price, "EUR")
	}
	return w.flush()
}

// assigned is how many people have a licence at the end of the year.
func (c *company) assigned(t int) (n int) {
	for i := range c.people {
		if p := &c.people[i]; p.unit != nowhere && p.left == never {
			if _, ok := c.allowed(&c.units[p.unit], t); ok {
				n++
			}
		}
	}
	return n
}

func (c *company) peopleFiles(yield func(file) bool) bool {
	w := newWriter("people", "email,unit,effective_from,location,role,hired_on,left_on", yield)
	for i := range c.people {
		p := &c.people[i]
		if p.unit == nowhere {
			continue
		}
		location := c.units[p.unit].entity + " house" // the halves still sit apart
		from := c.since(p.joined)
		hired := from
		if p.joined == always {
			hired = from - adoption.Day(200+37*(p.number%110)) // up to eleven years ago
		}
		left := ""
		if p.left != never {
			left = c.day(int(p.left)).String()
		}
		w.line(p.address(), c.units[p.unit].id, from.String(), location, c.units[p.unit].title(p.number), hired.String(), left)
		if p.moved != never {
			w.line(p.address(), c.units[p.second].id, c.day(int(p.moved)).String(), location, c.units[p.second].title(p.number), hired.String(), left)
		}
	}
	return w.flush()
}

// licenceFiles gives access by unit. Of two in five leavers nobody has taken the licences back.
func (c *company) licenceFiles(yield func(file) bool) bool {
	w := newWriter("licences", "email,tool,from,to", yield)
	for i := range c.people {
		p := &c.people[i]
		if p.unit == nowhere {
			continue
		}
		to := ""
		if p.left != never && p.number%5 > 1 {
			to = c.day(int(p.left)).String()
		}
		for t := range tools {
			since, ok := c.allowed(&c.units[p.unit], t)
			if !ok || since > p.left {
				continue
			}
			w.line(p.address(), tools[t].id, c.since(max(since, p.joined)).String(), to)
		}
	}
	return w.flush()
}

// since is the date of a day of the year; what was so always began with the month before the year.
func (c *company) since(day int16) adoption.Day {
	if day == always {
		return (c.first - 31).FirstOfMonth()
	}
	return c.day(int(day))
}

// writer collects lines under a header and yields a file whenever it has grown long.
type writer struct {
	kind, header string
	text         strings.Builder
	yield        func(file) bool
	ended        bool
}

func newWriter(kind, header string, yield func(file) bool) *writer {
	return &writer{kind: kind, header: header, yield: yield}
}

func (w *writer) line(fields ...string) {
	if w.text.Len() == 0 {
		w.text.WriteString(w.header + "\n")
	}
	for i, f := range fields {
		if i > 0 {
			w.text.WriteByte(',')
		}
		w.text.WriteString(f)
	}
	w.text.WriteByte('\n')
	if w.text.Len() > maxFile {
		w.flush()
	}
}

// flush yields what has been collected; false when no more is wanted.
func (w *writer) flush() bool {
	if w.text.Len() > 0 && !w.ended {
		w.ended = !w.yield(file{w.kind, w.text.String()})
		w.text.Reset()
	}
	return !w.ended
}
