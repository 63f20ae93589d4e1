package query

import (
	"fmt"
	"math"

	"uptake/adoption"
)

// answer is the page in one sentence. It says "rose" or "fell" only where the change is more than chance, over two
// windows without missing data that the same sources fed, and "is steady" only of a change under half a point.
func (b *book) answer(p *Page) Sentence {
	row, _ := b.row(b.date)
	what := "Adoption"
	if b.tool != adoption.AllTools {
		what += " of " + p.Tool.Name
	}
	if b.unit != adoption.Company {
		what += " in " + p.Unit.Name
	}
	switch p.State {
	case StateEmpty:
		return Sentence{"empty", "No event has arrived yet. As soon as the first source is connected, adoption is shown here."}
	case StateNoData:
		return Sentence{"nodata", fmt.Sprintf("There are no figures for %s.", date(b.date))}
	case StateHidden:
		return b.hiddenSentence(p, row)
	}
	if row.AdoptionRate == nil {
		return b.nobodySentence(p, row)
	}
	sentence := b.course28(p, row, what)
	if n := row.ActiveNotEnabled; n != nil && *n > 0 && *n >= *row.Active28 {
		sentence.Text += fmt.Sprintf(" %s more used it without recorded access.", number(float64(*n)))
	}
	return sentence
}

// course28 says where adoption stands and how it moved on the 28 days before.
func (b *book) course28(p *Page, row AdoptionRow, what string) Sentence {
	now := *row.AdoptionRate
	base := fmt.Sprintf("%s %s active in the last 28 days", ofActive(row), wasWere(*row.Active28))
	if row.Trust.GapDays > 0 {
		return Sentence{"at_least", fmt.Sprintf("%s is at least %s: %s, and data is missing for %s.", what, percent(now), base, counted(float64(row.Trust.GapDays), "day", "days"))}
	}
	if p.Before == nil || p.Before.AdoptionRate == nil {
		return Sentence{"alone", fmt.Sprintf("%s is %s: %s. There is no full period before it to compare with.", what, percent(now), base)}
	}
	then := *p.Before.AdoptionRate
	step := fmt.Sprintf("(%s on the 28 days before)", points(now-then))
	switch {
	case p.Before.Trust.GapDays > 0 || len(b.newSources()) > 0:
		return Sentence{"uncertain", fmt.Sprintf("%s is %s %s: %s. The two periods were not fed by the same data.", what, percent(now), step, base)}
	case math.Round((now-then)*100) == 0:
		return Sentence{"steady", fmt.Sprintf("%s is steady at %s %s: %s.", what, percent(now), step, base)}
	case !differs(now, row.Enabled, then, p.Before.Enabled, wordDoubt):
		return Sentence{"steady", fmt.Sprintf("%s is %s %s: %s. The change may be chance.", what, percent(now), step, base)}
	case now > then:
		return Sentence{"rose", fmt.Sprintf("%s rose to %s %s: %s.", what, percent(now), step, base)}
	}
	return Sentence{"fell", fmt.Sprintf("%s fell to %s %s: %s.", what, percent(now), step, base)}
}

// nobodySentence is for a unit without anybody who has access.
func (b *book) nobodySentence(p *Page, row AdoptionRow) Sentence {
	text, tool := "Nobody in "+p.Unit.Name+" has access to "+p.Tool.Name, "it"
	if b.tool == adoption.AllTools {
		text, tool = "Nobody in "+p.Unit.Name+" has access to any tool", "some"
	}
	if b.unit == adoption.Unassigned {
		text = "These people are in no unit of the directory"
	}
	switch n := row.ActiveNotEnabled; {
	case n == nil:
		text += "; how many used " + tool + " all the same is not shown, to protect small groups"
	case *n > 0:
		text += fmt.Sprintf("; %s used %s all the same in the last 28 days", people(*n), tool)
	}
	return Sentence{"nobody", text + "."}
}

func ofActive(row AdoptionRow) string {
	return number(float64(*row.Active28)) + " " + ofEnabled(row)
}

func wasWere(n uint64) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// hiddenSentence says why a unit shows nothing, and where its people are shown.
func (b *book) hiddenSentence(p *Page, row AdoptionRow) Sentence {
	text := fmt.Sprintf("The figures of %s are not shown: it has fewer than %d people with access, or would reveal a group that has.", p.Unit.Name, p.MinGroup)
	if row.ShownIn != "" {
		text += " Its people are shown together with others who are too few to be shown alone."
	}
	return Sentence{"hidden", text}
}

// cautions are what to keep in mind with all figures of the page.
func (b *book) cautions(p *Page) []Sentence {
	list := []Sentence{}
	add := func(rule, format string, args ...any) {
		list = append(list, Sentence{rule, fmt.Sprintf(format, args...)})
	}
	if p.Now == nil || p.State == StateEmpty {
		return list
	}
	if gap := p.Now.Trust.GapDays; gap > 0 {
		add("gap", "Data is missing for %s of the 28: counts may be too low.", counted(float64(gap), "day", "days"))
	}
	if p.Before != nil && p.Before.Trust.GapDays > 0 {
		add("gap_before", "Data is missing for %s of the 28 days before: changes may be overstated.", counted(float64(p.Before.Trust.GapDays), "day", "days"))
	}
	if share := p.Now.Trust.Coverage; share != nil && *share < lowCoverage {
		add("coverage", "Only %s of the active people are found in the directory; the others are in no rate.", percent(*share))
	}
	if names := b.newSources(); len(names) > 0 && p.Before != nil {
		add("new_source", "Data of %s starts inside the periods compared, so a part of the change is new data.", enumerate(names))
	}
	if p.Running {
		add("running", "%s is not over yet.", date(b.date))
	}
	if !p.Settled {
		add("unsettled", "New data is being worked in; figures may still change.")
	}
	return list
}
