package dashboard

import (
	"bytes"
	"context"
	"html/template"
	"mime"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/picture"
	"uptake/dashboard/report"
	"uptake/query"
)

// packQuestion is what a board pack is about: a unit, and the days that value is added up over. Adoption is of the 28 days
// that end with the last of them.
type packQuestion struct {
	filter
	unit     string
	from, to adoption.Day
	letter   bool // paper of the size Letter
}

// packDays is how many days of value a pack has where nobody says from when.
const packDays = 365

// readPack reads unit, tool, from, to and paper.
func readPack(c *gin.Context, today adoption.Day) (q packQuestion, err error) {
	if q.filter, err = readFilter(c, today); err != nil {
		return q, err
	}
	if q.unit = c.Query("unit"); q.unit == "" {
		q.unit = adoption.Company
	}
	if q.to = q.To; q.to == 0 {
		q.to = today - 1
	}
	q.from = max(q.to-packDays+1, 0)
	if text := c.Query("from"); text != "" {
		if q.from, err = adoption.ParseDay(text); err != nil {
			return q, adoption.Invalid("from", err.Error()+".")
		}
	}
	if q.from > q.to {
		return q, adoption.Invalid("from", "It lies after to.")
	}
	switch paper := c.Query("paper"); paper {
	case "", "a4":
	case "letter":
		q.letter = true
	default:
		return q, adoption.Invalid("paper", "Say a4 or letter.")
	}
	return q, nil
}

// boardPack answers with the pages that a board reads, as a PDF.
func (s *Dashboard) boardPack(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	q, err := readPack(c, company.Today())
	if err != nil {
		d.fail(c, err)
		return
	}
	pack, err := d.pack(c.Request.Context(), company, q)
	if err != nil {
		d.fail(c, err)
		return
	}
	d.sendReport(c, pack, "uptake-board-pack-"+q.to.String()+".pdf")
}

// sendReport answers with a report as a file.
func (d *reader) sendReport(c *gin.Context, r *report.Report, name string) {
	var out bytes.Buffer
	if err := r.Write(&out); err != nil {
		d.fail(c, err)
		return
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, "application/pdf", out.Bytes())
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

// pack writes the board pack.
func (d *reader) pack(ctx context.Context, company *query.Company, q packQuestion) (*report.Report, error) {
	p := d.askPack(ctx, company, q)
	if p.page.err != nil {
		return nil, p.page.err
	}
	page := p.page.View
	if page.State == query.StateEmpty {
		return nil, &adoption.Error{Code: adoption.NotFound, Message: d.words.text("pack.empty")}
	}
	head := d.headView(page, q.filter)
	r := &report.Report{Language: d.language.Tag, Letter: q.letter, Made: time.Unix(0, 0).UTC(), Title: d.words.text("pack.title", "unit", page.Unit.Name),
		About: []string{
			d.words.text("pack.tool", "tool", page.Tool.Name),
			d.words.text("pack.days", "from", d.date(page.Date-query.WindowDays+1), "to", d.date(page.Date), "value_from", d.date(q.from), "value_to", d.date(q.to)),
			d.words.text("filter.until", "time", d.clock(page.DataUntil, page.DataUntil.Location())),
		},
		Foot: d.words.text("pack.foot", "unit", page.Unit.Name, "date", d.date(page.Date)), Page: d.words.text("pack.page")}
	r.Made = page.DataUntil
	r.Summary = d.packSummary(head, p)
	r.Sections = []report.Section{d.packAdoption(head, p), d.packUnits(head), d.packEngagement(p), d.packValue(p, q), d.packPilots(p), d.packRisks(head, p), d.packMethod(page, p)}
	return r, nil
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
