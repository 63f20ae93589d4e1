package dashboard

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"uptake/adoption"
	"uptake/dashboard/report"
	"uptake/query"
	"uptake/value/worth"
)

// Each section of the board pack: what it says first, then the figures, then what they rest on.

func (d *reader) packSummary(head headView, p packParts) []report.Block {
	blocks := []report.Block{report.Sentence(head.Answer)}
	if head.Hidden {
		return append(blocks, report.Text(head.Period))
	}
	if p.value.Failed == "" {
		if all, there := valueOfAll(p.value.View); there {
			blocks = append(blocks, report.Sentence(d.valueSentence(all)))
		}
	}
	blocks = append(blocks, d.paperFigures(head.Figures))
	if p.page.View.Against != query.AgainstBefore { // what the changes are measured against, where it is not what is meant anyway
		blocks = append(blocks, report.Text(head.Period))
	}
	for _, caution := range head.Cautions {
		blocks = append(blocks, report.Note(caution.Text))
	}
	if len(head.Decisions) > 0 {
		blocks = append(blocks, report.Text(d.words.text("decisions.title")), d.decisionList(head))
	}
	return blocks
}

func (d *reader) paperFigures(figures []figureView) report.Figures {
	out := report.Figures{}
	for _, f := range figures {
		one := report.Figure{Name: f.Name, Value: f.Value + " " + f.Unit, Change: f.Change, Basis: f.Denominator}
		if f.Missing != "" {
			one.Value = f.Missing
		}
		out = append(out, one)
	}
	return out
}

func (d *reader) decisionList(head headView) report.List {
	list := report.List{}
	for _, one := range head.Decisions {
		list = append(list, one.Text+" "+one.Evidence)
	}
	return list
}

func (d *reader) packAdoption(head headView, p packParts) report.Section {
	s := report.Section{Title: d.words.text("pack.adoption"), Blocks: []report.Block{report.Sentence(head.Answer), report.Text(head.Period)}}
	if p.year.Failed != "" {
		s.Blocks = append(s.Blocks, report.Note(p.year.Failed))
	} else {
		course := d.coursesView(&p.page.View.Page, p.year.View, d.cfg.Company().Today()).Year
		if course.Missing != "" {
			s.Blocks = append(s.Blocks, report.Note(course.Missing))
		}
		s.Blocks = append(s.Blocks, d.chartBlock(course.Wide)...)
		if len(course.Marks) > 0 {
			s.Blocks = append(s.Blocks, report.Note(strings.Join(course.Marks, "\n")))
		}
	}
	s.Blocks = append(s.Blocks, report.Text(d.words.text("tools.head")), d.toolTable(p.page.View))
	return s
}

func (d *reader) toolTable(a *query.UnitPageAnswer) report.Table {
	t := report.Table{Share: []float64{.28, .3, .14, .14, .14}, Right: []bool{false, true, true, true, true}, Head: []string{
		d.words.text("tools.tool"), d.words.text("field.adoption_rate"), d.words.text("tools.active"), d.words.text("tools.not_enabled"), d.words.text("tools.actions")}}
	for _, v := range d.toolViews(a.Unit.ID, a.Tools, filter{}, a.MinGroup) {
		rate := v.Rate
		if v.Missing != "" {
			rate = v.Missing
		}
		t.Rows = append(t.Rows, []string{v.Name, rate, v.Active, v.NotEnabled, v.Actions})
	}
	return t
}

// packUnitsShown bounds the table of units: two pages of a board pack.
const packUnitsShown = 40

func (d *reader) packUnits(head headView) report.Section {
	s := report.Section{Title: d.words.text("pack.units")}
	if len(head.Ranking) == 0 {
		s.Blocks = []report.Block{report.Text(d.words.text("pack.no_units"))}
		return s
	}
	t := report.Table{Share: []float64{.3, .16, .22, .1, .1, .12}, Right: []bool{false, true, true, true, true, false}, Head: []string{d.words.text("ranking.unit"), d.words.text("ranking.people"),
		d.words.text("ranking.rate"), d.words.text("ranking.change"), d.words.text("ranking.gap"), d.words.text("ranking.verdict")}}
	for _, v := range head.Ranking[:min(len(head.Ranking), packUnitsShown)] {
		rate := v.Rate
		if v.Missing != "" {
			rate = v.Missing
		}
		t.Rows = append(t.Rows, []string{d.told(v.Name), v.People, rate, v.Change, v.Gap, v.Verdict})
	}
	s.Blocks = []report.Block{report.Text(head.RankLead), t}
	if n := len(head.Ranking) - packUnitsShown; n > 0 || head.MoreUnits != "" {
		s.Blocks = append(s.Blocks, report.Note(d.words.text("pack.more_units")))
	}
	return s
}

func (d *reader) packEngagement(p packParts) report.Section {
	s := report.Section{Title: d.words.text("pack.engagement")}
	page := p.page.View
	pyramid := d.pyramidView("p", page.Now, page.MinGroup)
	s.Blocks = append(s.Blocks, report.Text(d.words.text("pyramid.lead")))
	if pyramid.Missing != "" {
		s.Blocks = append(s.Blocks, report.Note(pyramid.Missing))
	}
	s.Blocks = append(s.Blocks, d.chartBlock(pyramid.Wide)...)
	s.Blocks = append(s.Blocks, d.habitBlocks(p)...)
	if p.year.Failed == "" {
		life := d.coursesView(&page.Page, p.year.View, d.cfg.Company().Today()).Lifecycle
		s.Blocks = append(s.Blocks, report.Text(d.words.text("lifecycle.lead")))
		if life.Missing != "" {
			s.Blocks = append(s.Blocks, report.Note(life.Missing))
		}
		s.Blocks = append(s.Blocks, d.chartBlock(life.Wide)...)
	}
	return s
}

func (d *reader) habitBlocks(p packParts) []report.Block {
	if p.habits.Failed != "" {
		return []report.Block{report.Note(p.habits.Failed)}
	}
	if len(p.habits.View.Rows) == 0 {
		return nil
	}
	row := p.habits.View.Rows[0]
	if row.Power == nil || row.Habitual == nil || row.Novice == nil || row.Low == nil {
		return []report.Block{report.Note(d.hidden(row.Enabled, p.page.View.MinGroup))}
	}
	return []report.Block{report.Text(d.words.text("pack.habits", "power", count(d.locale, *row.Power), "habitual", count(d.locale, *row.Habitual),
		"novice", count(d.locale, *row.Novice), "low", count(d.locale, *row.Low), "enabled", count(d.locale, row.Enabled)))}
}

// valueOfAll is the row of the unit asked for, of all tools together or of the one asked for.
func valueOfAll(a *query.ValueAnswer) (row query.ValueRow, there bool) {
	i := slices.IndexFunc(a.Rows, func(r query.ValueRow) bool { return r.Unit == a.Unit && r.Tool == a.Tool })
	if i < 0 {
		return row, false
	}
	return a.Rows[i], true
}

// valueSentence says what money came of it and what time, apart. It never adds the two.
func (d *reader) valueSentence(row query.ValueRow) string {
	if row.Why != "" {
		return d.words.text("pack.value_none", "reason", d.told(row.Why))
	}
	return d.words.text("pack.value_sentence", "cash", d.ranged(row.NetCash, row.Currency), "capacity", d.ranged(row.NetCapacity, row.Currency))
}

// ranged writes an amount with its doubt: 1.2 M EUR (0.7 M to 1.8 M). unit "" leaves the unit to the head of a table.
func (d *reader) ranged(f worth.Figure, unit string) string {
	if f.P10 == nil || f.P50 == nil || f.P90 == nil {
		return d.words.text("pack.unknown")
	}
	low, middle, high := d.compact(*f.P10), d.compact(*f.P50), d.compact(*f.P90)
	if unit != "" {
		middle += nbsp + unit
	}
	if low == high {
		return middle // nothing that it rests on is in doubt
	}
	return d.words.text("pack.range", "p50", middle, "p10", low, "p90", high)
}

func (d *reader) packValue(p packParts, q packQuestion) report.Section {
	s := report.Section{Title: d.words.text("pack.value")}
	if p.value.Failed != "" {
		s.Blocks = []report.Block{report.Note(p.value.Failed)}
		return s
	}
	a := p.value.View
	if all, there := valueOfAll(a); there {
		s.Blocks = append(s.Blocks, report.Sentence(d.valueSentence(all)))
	}
	s.Blocks = append(s.Blocks, report.Text(d.words.text("pack.value_lead", "from", d.date(q.from), "to", d.date(q.to), "version", d.versionWords(a.Assumptions.Version, a.Assumptions.Author, a.Assumptions.At))))
	currency := ""
	if len(a.Rows) > 0 {
		currency = a.Rows[0].Currency
	}
	t := report.Table{Share: []float64{.18, .16, .2, .2, .18, .08}, Right: []bool{false, true, true, true, true, false}, Head: []string{d.words.text("tools.tool"), d.words.text("pack.hours"),
		d.in("pack.net_cash", currency), d.in("pack.net_capacity", currency), d.in("pack.npv", currency), d.words.text("pack.grade")}}
	for _, row := range a.Rows {
		if row.Unit != a.Unit {
			continue
		}
		if row.Why != "" {
			t.Rows = append(t.Rows, []string{d.nameOfTool(p.page.View, row.Tool), d.told(row.Why), "", "", "", ""})
			continue
		}
		t.Rows = append(t.Rows, []string{d.nameOfTool(p.page.View, row.Tool), d.ranged(row.Hours, ""), d.ranged(row.NetCash, ""), d.ranged(row.NetCapacity, ""),
			d.ranged(row.NPV, ""), string(row.NetCash.Grade)})
	}
	s.Blocks = append(s.Blocks, t, report.Note(d.words.text("pack.value_note")))
	return with(s, d.assumptionTable(a, d.packNames(p.page.View))...)
}

// with adds blocks to a section.
func with(s report.Section, blocks ...report.Block) report.Section {
	s.Blocks = append(s.Blocks, blocks...)
	return s
}

// nameOfTool is what a tool of the page is called, and "All tools" for all of them.
func (d *reader) nameOfTool(a *query.UnitPageAnswer, tool string) string {
	if tool == adoption.AllTools {
		return d.words.text("filter.all_tools")
	}
	return toolName(a, tool)
}

func toolName(a *query.UnitPageAnswer, tool string) string {
	for _, line := range a.Tools {
		if line.Tool.ID == tool {
			return line.Tool.Name
		}
	}
	return tool
}

// in names a column with the unit of its numbers.
func (d *reader) in(key, unit string) string { return d.words.text(key) + ", " + unit }

// packInputs is how many assumptions a pack names: those that move the figure most.
const packInputs = 12

// packNames are the names of the tools of a pack and of the unit that it is about.
func (d *reader) packNames(a *query.UnitPageAnswer) names {
	n := names{units: map[string]string{a.Unit.ID: d.told(a.Unit.Name)}, tools: map[string]string{}}
	for _, step := range a.Path {
		n.units[step.ID] = d.told(step.Name)
	}
	for _, line := range a.Tools {
		n.tools[line.Tool.ID] = line.Tool.Name
	}
	return n
}

func (d *reader) assumptionTable(a *query.ValueAnswer, n names) []report.Block {
	all, there := valueOfAll(a)
	if !there || len(all.Inputs) == 0 {
		return nil
	}
	inputs := slices.Clone(all.Inputs)
	slices.SortStableFunc(inputs, func(x, y worth.Stated) int { return cmp.Compare(math.Abs(y.Moves), math.Abs(x.Moves)) })
	t := report.Table{Share: []float64{.3, .2, .08, .42}, Right: []bool{false, true, false, false}, Head: []string{d.words.text("pack.input"), d.words.text("pack.input_range"), d.words.text("pack.grade"), d.words.text("open.source")}}
	for _, in := range inputs[:min(len(inputs), packInputs)] {
		t.Rows = append(t.Rows, []string{d.inputName(in.Path, n), d.words.text("pack.input_values", "low", d.figureOf(in.Low), "likely", d.figureOf(in.Likely), "high", d.figureOf(in.High), "unit", d.inputUnit(in.Input.Unit)), string(in.Grade), d.told(in.Source)})
	}
	return []report.Block{report.Text(d.words.text("pack.inputs", "n", len(t.Rows))), t}
}

// figureOf writes an input: as many digits as it needs, three at most.
func (d *reader) figureOf(v float64) string {
	if v == float64(int64(v)) {
		return d.decimal(v, 0)
	}
	return d.significant(v)
}

func (d *reader) packRisks(head headView, p packParts) report.Section {
	s := report.Section{Title: d.words.text("pack.risks")}
	list := report.List{}
	if p.attention.Failed != "" {
		s.Blocks = append(s.Blocks, report.Note(p.attention.Failed))
	} else {
		for _, item := range p.attention.View.Items {
			list = append(list, d.say(item.Said.Sentence)+" "+d.say(item.Said.Words))
		}
	}
	for _, caution := range head.Cautions {
		list = append(list, caution.Text)
	}
	if len(list) == 0 {
		list = report.List{d.words.text("decisions.none")}
	}
	s.Blocks = append(s.Blocks, list)
	if p.trust.Failed != "" {
		return with(s, report.Note(p.trust.Failed))
	}
	t := report.Table{Share: []float64{.3, .25, .15, .3}, Right: []bool{false, false, true, false}, Head: []string{d.words.text("trust.source"), d.words.text("trust.last_event"), d.words.text("trust.rejected"), d.words.text("trust.state")}}
	name := func(tool string) string { return toolName(p.page.View, tool) }
	for i := range p.trust.View.Sources {
		v := d.sourceView("", &p.trust.View.Sources[i], name, p.page.View.DataUntil.Location(), d.cfg.Company().Today())
		t.Rows = append(t.Rows, []string{v.Name, v.LastEvent, v.Rejected, v.State})
	}
	return with(s, report.Text(d.words.text("trust.sources_lead")), t)
}

func (d *reader) packMethod(page *query.UnitPageAnswer, p packParts) report.Section {
	s := report.Section{Title: d.words.text("pack.method"), Blocks: []report.Block{report.Text(d.words.text("pack.method_people", "k", page.MinGroup)), report.Text(d.words.text("pack.method_value"))}}
	t := report.Table{Share: []float64{.22, .39, .39}, Head: []string{d.words.text("pack.figure"), d.words.text("open.formula"), d.words.text("open.worked")}}
	for _, f := range page.Figures {
		t.Rows = append(t.Rows, []string{d.say(f.Said.Name), d.say(f.Said.Formula), d.say(f.Said.Worked)})
	}
	if p.value.Failed == "" {
		if all, there := valueOfAll(p.value.View); there {
			for _, f := range []struct {
				name   string
				figure worth.Figure
			}{{"pack.hours", all.Hours}, {"pack.net_cash", all.NetCash}, {"pack.net_capacity", all.NetCapacity}, {"pack.npv", all.NPV}} {
				t.Rows = append(t.Rows, []string{d.words.text(f.name), d.told(f.figure.Formula), ""})
			}
		}
	}
	return with(s, t, report.Note(page.Timezone))
}
