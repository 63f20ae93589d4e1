package dashboard

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/picture"
	"uptake/dashboard/report"
	"uptake/query"
)

// packQuestion is what a report is about: a unit, and the days that value is added up over. Adoption is of the 28 days that
// end with the last of them.
type packQuestion struct {
	filter
	unit     string
	from, to adoption.Day
	letter   bool // paper of the size Letter
}

// packDays is how many days of value a report has where nobody says from when, nor for which period.
const packDays = 365

// readPack reads unit, tool, from or period, to, compare and paper. A period is the fiscal year up to the last day, or the
// quarter of it. InvalidParameter with the field.
func readPack(values url.Values, company *query.Company) (packQuestion, error) {
	today := company.Today()
	q := packQuestion{filter: filter{Tool: values.Get("tool")}, unit: cmp.Or(values.Get("unit"), adoption.Company), to: today - 1}
	if q.Tool == adoption.AllTools {
		q.Tool = ""
	}
	var err error
	for name, day := range map[string]*adoption.Day{"to": &q.to, "from": &q.from} {
		if text := values.Get(name); text != "" {
			if *day, err = adoption.ParseDay(text); err != nil {
				return q, adoption.Invalid(name, err.Error()+".")
			}
		}
	}
	q.to = min(q.to, today)
	if q.To = q.to; values.Get("from") == "" {
		q.from = max(q.to-packDays+1, 0)
	}
	if q.Against, err = query.ParseAgainst(values.Get("compare")); err != nil {
		return q, err
	}
	switch period := values.Get("period"); {
	case period == "":
	case values.Get("from") != "":
		return q, adoption.Invalid("period", "Say either from or period.")
	case period == "year":
		q.from = company.FirstOfYear(q.to)
	case period == "quarter":
		q.from = company.FirstOfQuarter(q.to)
	default:
		return q, adoption.Invalid("period", "Say year or quarter, which are those of the fiscal year.")
	}
	paper := values.Get("paper")
	q.letter = paper == "letter"
	switch {
	case q.from > q.to:
		return q, adoption.Invalid("from", "It lies after to.")
	case !slices.Contains([]string{"", "a4", "letter"}, paper):
		return q, adoption.Invalid("paper", "Say a4 or letter.")
	}
	return q, nil
}

// reports are those that can be made, by the name of their file.
var reports = map[string]func(*reader, context.Context, *query.Company, packQuestion) (*report.Report, error){
	"board-pack": (*reader).boardPack, "campaigns": (*reader).campaignPack,
}

// Reports names the reports that can be made.
func Reports() []string { return slices.Sorted(maps.Keys(reports)) }

// reportFile answers with a report as a PDF.
func (s *Dashboard) reportFile(c *gin.Context) {
	name, isPDF := strings.CutSuffix(c.Param("report"), ".pdf")
	if reports[name] == nil || !isPDF {
		s.notFound(c)
		return
	}
	var out bytes.Buffer
	if err := s.reader(c).writeReport(c.Request.Context(), name, c.Request.URL.Query(), &out); err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "uptake-" + name + ".pdf"}))
	answer(c, http.StatusOK, "application/pdf", out.Bytes())
}

// WriteReport writes a report for who is on no page. values are those of its address: unit, tool, from, to, period, paper, lang.
// told, if not nil, hears how many of its parts are done, of how many, from one goroutine at a time. Nothing is written once
// ctx was cancelled. Errors are InvalidParameter with the field, ctx's own, and those of the questions that it asks.
func WriteReport(ctx context.Context, company func() *query.Company, log *slog.Logger, name string, values url.Values, w io.Writer, told func(done, total int)) error {
	b, err := loadBuilt()
	if err != nil {
		return err
	}
	d := &Dashboard{cfg: Config{Company: company, Log: log}, languages: b.languages}
	in := b.languages.of(cmp.Or(values.Get("lang"), english))
	switch {
	case in == nil:
		return adoption.Invalid("lang", "Uptake speaks "+b.languages.String()+".")
	case reports[name] == nil:
		return adoption.Invalid("report", "There are these reports: "+strings.Join(Reports(), ", ")+".")
	}
	r := d.speaking(in)
	if told != nil {
		r.steps = &steps{tell: told}
	}
	return r.writeReport(ctx, name, values, w)
}

func (d *reader) writeReport(ctx context.Context, name string, values url.Values, w io.Writer) error {
	company := d.cfg.Company()
	q, err := readPack(values, company)
	if err != nil {
		return err
	}
	d.steps.plan(1) // to put it on paper
	r, err := reports[name](d, ctx, company, q)
	if err == nil && errors.Is(ctx.Err(), context.Canceled) {
		err = ctx.Err() // nobody waits any more, and the sections that were given up have nothing to say
	}
	if err != nil {
		return err
	}
	defer d.steps.did()
	return r.Write(w)
}

// packParts are the answers that a pack is made from. The first must be had, for it says whether there is such a unit; a
// section whose answer could not be had says so.
type packParts struct {
	page      *part[*query.UnitPageAnswer]
	year      *part[yearAnswer]
	value     *part[*query.ValueAnswer]
	habits    *part[*query.HabitsAnswer]
	pilots    *part[*query.PilotsAnswer]
	attention *part[*query.AttentionAnswer]
	trust     *part[*query.TrustAnswer]
}

func (d *reader) askPack(ctx context.Context, company *query.Company, q packQuestion) packParts {
	ps := d.parts(ctx)
	p := packParts{
		page: get(ps, "page", func(ctx context.Context) (*query.UnitPageAnswer, error) {
			return askUnit(ctx, company, q.unit, q.filter)
		}),
		year: get(ps, "year", func(ctx context.Context) (yearAnswer, error) { return askYear(ctx, company, q.unit, q.filter) }),
		value: get(ps, "value", func(ctx context.Context) (*query.ValueAnswer, error) {
			return company.Value(ctx, query.ValueQuestion{Unit: q.unit, Tool: q.Tool, From: &q.from, To: &q.to})
		}),
		habits: get(ps, "habits", func(ctx context.Context) (*query.HabitsAnswer, error) {
			return company.Habits(ctx, query.AdoptionQuestion{Unit: q.unit, Tool: q.Tool, From: q.to, To: q.to, Grain: adoption.ByDay})
		}),
		pilots: get(ps, "pilots", company.Pilots),
		attention: get(ps, "attention", func(ctx context.Context) (*query.AttentionAnswer, error) {
			return company.Attention(ctx, query.AttentionQuestion{Unit: q.unit, Tool: q.Tool, To: q.to})
		}),
		trust: get(ps, "trust", company.Trust),
	}
	ps.wait()
	return p
}

// boardPack is what a board reads before it meets.
func (d *reader) boardPack(ctx context.Context, company *query.Company, q packQuestion) (*report.Report, error) {
	p := d.askPack(ctx, company, q)
	if p.page.err != nil {
		return nil, p.page.err
	}
	page := p.page.View
	if page.State == query.StateEmpty {
		return nil, &adoption.Error{Code: adoption.NotFound, Message: d.words.text("pack.empty")}
	}
	head := d.headView(page, q.filter)
	r := d.paper(page, q, "pack.title")
	r.Summary = d.packSummary(head, p)
	r.Sections = []report.Section{d.packAdoption(head, p), d.packUnits(head), d.packEngagement(p), d.packValue(p, q), d.packPilots(p), d.packRisks(head, p), d.packMethod(page, p)}
	return r, nil
}

// paper is a report about a unit, with nothing in it yet. title is the key of its words.
func (d *reader) paper(page *query.UnitPageAnswer, q packQuestion, title string) *report.Report {
	tool := page.Tool.Name
	if page.Tool.ID == adoption.AllTools {
		tool = d.words.text("filter.all_tools")
	}
	return &report.Report{Language: d.language.Tag, Letter: q.letter, Made: page.DataUntil, Title: d.words.text(title, "unit", d.told(page.Unit.Name)),
		About: []string{
			d.words.text("pack.tool", "tool", tool),
			d.words.text("pack.days", "from", d.date(page.Date-query.WindowDays+1), "to", d.date(page.Date), "value_from", d.date(q.from), "value_to", d.date(q.to)),
			d.words.text("filter.until", "time", d.clock(page.DataUntil, page.DataUntil.Location())),
		},
		Foot: d.words.text("pack.foot", "unit", d.told(page.Unit.Name), "date", d.date(page.Date)), Page: d.words.text("pack.page")}
}

// chartBlock is a chart of a page on paper; nothing where there is none, and its reason where it cannot be drawn.
func (d *reader) chartBlock(svg template.HTML) []report.Block {
	if svg == "" {
		return nil
	}
	drawn, err := picture.Read(svg)
	if err != nil {
		d.cfg.Log.Error("a chart could not be put on paper", "error", err)
		return []report.Block{report.Note(d.words.text("part.failed"))}
	}
	return []report.Block{report.Chart{Picture: drawn}}
}
