package query

import (
	"math"

	"uptake/adoption"
)

// answer is the page in one sentence. It says "rose" or "fell" only where the change is more than chance, over two
// windows without missing data that the same sources fed, and "is steady" only of a change under half a point.
func (b *book) answer(p *Page) Sentence {
	row, _ := b.row(b.date)
	switch p.State {
	case StateEmpty:
		return inWords("empty", say("say.answer.empty"))
	case StateNoData:
		return inWords("nodata", say("say.answer.nodata", "day", b.date))
	case StateHidden:
		return b.hiddenSentence(p, row)
	}
	if row.AdoptionRate == nil {
		return b.nobodySentence(p, row)
	}
	rule, said := b.course28(p, row)
	if n := row.ActiveNotEnabled; n != nil && *n > 0 && *n >= *row.Active28 {
		said = say("say.both", "first", said, "second", say("say.answer.others", "n", Whole(*n)))
	}
	return inWords(rule, said)
}

// what is whose adoption the page is about.
func (b *book) what(p *Page) Said {
	switch {
	case b.tool == adoption.AllTools && b.unit == adoption.Company:
		return say("say.adoption")
	case b.unit == adoption.Company:
		return say("say.adoption_tool", "tool", p.Tool.Name)
	case b.tool == adoption.AllTools:
		return say("say.adoption_unit", "unit", p.Unit.Name)
	}
	return say("say.adoption_tool_unit", "tool", p.Tool.Name, "unit", p.Unit.Name)
}

// course28 says where adoption stands and how it moved on what the page compares it with.
func (b *book) course28(p *Page, row AdoptionRow) (rule string, said Said) {
	now := *row.AdoptionRate
	pairs := []any{"what", b.what(p), "rate", Percent(now), "base", say("say.base", "n", Whole(*row.Active28), "of", ofEnabled(row))}
	if row.Trust.GapDays > 0 {
		return "at_least", say("say.answer.at_least", append(pairs, "days", saidDays(row.Trust.GapDays))...)
	}
	if p.Before == nil || p.Before.AdoptionRate == nil {
		return "alone", say("say.answer.alone"+b.against.suffix(), pairs...)
	}
	then := *p.Before.AdoptionRate
	pairs = append(pairs, "change", Points(now-then), "on", say("say.on."+string(b.against)))
	switch {
	case p.Before.Trust.GapDays > 0 || len(b.newSources(b.before)) > 0:
		return "uncertain", say("say.answer.uncertain", pairs...)
	case math.Round((now-then)*100) == 0:
		return "steady", say("say.answer.steady", pairs...)
	case !differs(now, row.Enabled, then, p.Before.Enabled, wordDoubt):
		return "steady", say("say.answer.chance", pairs...)
	case now > then:
		return "rose", say("say.answer.rose", pairs...)
	}
	return "fell", say("say.answer.fell", pairs...)
}

// nobodySentence is for a unit without anybody who has access.
func (b *book) nobodySentence(p *Page, row AdoptionRow) Sentence {
	who, any := say("say.nobody.tool", "unit", p.Unit.Name, "tool", p.Tool.Name), ""
	if b.tool == adoption.AllTools {
		who, any = say("say.nobody.any", "unit", p.Unit.Name), "_any"
	}
	if b.unit == adoption.Unassigned {
		who = say("say.nobody.unassigned")
	}
	switch n := row.ActiveNotEnabled; {
	case n == nil:
		return inWords("nobody", say("say.nobody_but", "who", who, "but", say("say.nobody.hidden"+any)))
	case *n > 0:
		return inWords("nobody", say("say.nobody_but", "who", who, "but", say("say.nobody.used"+any, "people", saidPeople(*n))))
	}
	return inWords("nobody", say("say.nobody", "who", who))
}

// hiddenSentence says why a unit shows nothing, and where its people are shown.
func (b *book) hiddenSentence(p *Page, row AdoptionRow) Sentence {
	said := say("say.answer.hidden", "unit", p.Unit.Name, "k", Whole(p.MinGroup))
	if row.ShownIn != "" {
		said = say("say.both", "first", said, "second", say("say.answer.shown_in"))
	}
	return inWords("hidden", said)
}

// cautions are what to keep in mind with all figures of the page.
func (b *book) cautions(p *Page) []Sentence {
	list := []Sentence{}
	add := func(rule string, pairs ...any) {
		list = append(list, inWords(rule, say("say.caution."+rule, pairs...)))
	}
	compared := func(rule string, pairs ...any) {
		list = append(list, inWords(rule, say("say.caution."+rule+b.against.suffix(), pairs...)))
	}
	if p.Now == nil || p.State == StateEmpty {
		return list
	}
	if gap := p.Now.Trust.GapDays; gap > 0 {
		add("gap", "days", saidDays(gap))
	}
	if p.Before != nil && p.Before.Trust.GapDays > 0 {
		compared("gap_before", "days", saidDays(p.Before.Trust.GapDays))
	}
	if share := p.Now.Trust.Coverage; share != nil && *share < lowCoverage {
		add("coverage", "share", Percent(*share))
	}
	if names := b.newSources(b.before); len(names) > 0 && p.Before != nil {
		compared("new_source", "sources", Names(names))
	}
	if p.Running {
		add("running", "day", b.date)
	}
	if !p.Settled {
		add("unsettled")
	}
	return list
}
