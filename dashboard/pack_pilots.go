package dashboard

import (
	"strings"

	"uptake/dashboard/report"
	"uptake/query"
	"uptake/value/pilot"
)

func (d *reader) packPilots(p packParts) report.Section {
	s := report.Section{Title: d.words.text("pack.pilots")}
	if p.pilots.Failed != "" {
		s.Blocks = []report.Block{report.Note(p.pilots.Failed)}
		return s
	}
	if len(p.pilots.View.Pilots) == 0 {
		s.Blocks = []report.Block{report.Text(d.words.text("pack.no_pilots"))}
		return s
	}
	for _, one := range p.pilots.View.Pilots {
		s.Blocks = append(s.Blocks, report.Sentence(one.Plan.Name), report.Text(d.words.text("pack.pilot", "from", d.date(one.Plan.Start), "to", d.date(one.Plan.End),
			"treated", len(one.Plan.Treated), "comparison", len(one.Plan.Comparison))))
		for _, text := range d.pilotWords(&one) {
			s.Blocks = append(s.Blocks, report.Text(text))
		}
	}
	return s
}

// pilotWords say what came of a pilot, and what speaks against believing it.
func (d *reader) pilotWords(one *query.PilotAnswer) []string {
	j := one.Judgement
	switch w := one.Withdrawn; {
	case w != nil:
		return []string{d.words.text("pilots.withdrawn", "author", w.Author, "time", d.clock(w.At, d.zone())), w.Reason}
	case j == nil:
		return []string{d.words.text("pack.pilot_open")}
	case j.Finding == pilot.NotJudged:
		return []string{strings.TrimSpace(d.finding(one.Plan, j) + " " + d.told(j.Reason))}
	}
	return append([]string{d.finding(one.Plan, j)}, d.doubts(j.Doubts)...)
}

// doubts name what else may explain a difference.
func (d *reader) doubts(all []pilot.Doubt) (texts []string) {
	for _, one := range all {
		texts = append(texts, d.words.text("pilots.doubt."+string(one)))
	}
	return texts
}
