package dashboard

import (
	"context"
	"html/template"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// collaborationView is how much the units of the company, or of one unit, interact.
type collaborationView struct {
	Failed       string
	Path         []link // back to the unit, where it is not the company
	Of           string // whose units these are
	Answer       string // one sentence
	Period       string
	Left         string // tools that are left out, in words
	Missing      string // why there is nothing below; "" where there is something
	Hidden       bool
	Wide, Narrow template.HTML
	Heads        []string
	Lines        []matrixLine
	More         string // units that the matrix leaves out, in words
	Units        []exchangeView
	Bridges      []string
	Silos        []string
}

// matrixLine is what the people of one unit address to those of each.
type matrixLine struct {
	Name, Href string
	Cells      []matrixCell
}

type matrixCell struct{ Text, Class string }

// exchangeView is one unit's interactions.
type exchangeView struct {
	Name, Href, Internal, Sent, Received, Across, Index, Missing string
	Hidden                                                       bool
	Bar                                                          template.HTML
}

// matrixShown bounds the matrix and the network: more cannot be read.
const matrixShown = 14

func (s *Dashboard) collaborationPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	f, err := d.readFilter(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	from, to := f.days(company.Today() - 1)
	q := query.CollaborationQuestion{Unit: f.whose(), Tool: f.Tool, From: from, To: to, Children: true}
	ps := d.parts(c.Request.Context())
	answer := get(ps, "collaboration", func(ctx context.Context) (*query.CollaborationAnswer, error) { return company.Collaboration(ctx, q) })
	tools := get(ps, "tools", company.Tools)
	ps.wait()
	if answer.err != nil && adoption.CodeOf(answer.err) != adoption.Internal {
		d.fail(c, answer.err)
		return
	}
	p := d.pageOf(c, d.words.text("collaboration.title"), "collaboration")
	view := collaborationView{Failed: answer.Failed}
	if answer.Failed == "" {
		view = d.collaborationView(answer.View, f)
		p.Filter = d.filterBar(c, f, tools.View, to)
		p.Filter.Until = d.words.text("filter.until", "time", d.clock(answer.View.DataUntil, answer.View.DataUntil.Location()))
		p.Filter.keep("compare", string(f.Against))
	}
	d.render(c, http.StatusOK, "collaboration.html", p, view)
}

func (d *reader) collaborationView(a *query.CollaborationAnswer, f filter) collaborationView {
	v := collaborationView{Period: d.words.text("collaboration.period", "from", d.date(a.From), "to", d.date(a.To)), Answer: d.words.text("collaboration.none")}
	if a.ToolsLeftOut > 0 {
		v.Left = d.words.text("collaboration.left_out", "n", count(d.locale, a.ToolsLeftOut))
	}
	if len(a.Rows) == 0 {
		v.Missing = d.words.text("missing.no_data")
		return v
	}
	head := a.Rows[0]
	if head.Unit != adoption.Company {
		v.Of, v.Path = head.UnitName, []link{{head.UnitName, f.unitAddress(head.Unit)}}
	}
	switch {
	case head.Suppressed:
		v.Answer = d.words.text("collaboration.hidden")
		v.Missing, v.Hidden = d.hidden(head.Enabled, a.MinGroup), true
		return v
	case a.CrossUnit != nil:
		v.Answer = d.words.text("collaboration.answer", "share", d.percent(*a.CrossUnit, 0))
	case head.Internal != nil && *head.Internal+*head.Sent+*head.Received > 0:
		v.Answer = d.words.text("collaboration.one", "n", count(d.locale, *head.Internal))
	default:
		v.Missing = d.words.text("collaboration.nothing")
		return v
	}
	for i, row := range a.Rows[1:] {
		v.Units = append(v.Units, d.exchangeView(row, f, a.MinGroup, "e-"+strconv.Itoa(i)))
	}
	d.matrix(&v, a, f)
	d.ties(&v, a)
	return v
}

func (d *reader) exchangeView(row query.CollaborationRow, f filter, minGroup int, id string) exchangeView {
	v := exchangeView{Name: row.UnitName, Href: f.unitAddress(row.Unit)}
	switch {
	case row.Suppressed || row.Internal == nil:
		v.Missing, v.Hidden = d.hidden(row.Enabled, minGroup), true
		return v
	case row.EIIndex == nil:
		v.Missing = d.words.text("collaboration.nothing")
		return v
	}
	across := (1 + *row.EIIndex) / 2 // external ÷ all, from its definition
	v.Internal, v.Sent, v.Received = count(d.locale, *row.Internal), count(d.locale, *row.Sent), count(d.locale, *row.Received)
	v.Across, v.Index = d.percent(across, 0), d.signed(*row.EIIndex, 2)
	v.Bar = chart.Bar{Meta: chart.Meta{ID: id, Title: d.words.text("collaboration.bar", "unit", row.UnitName, "share", v.Across)}, Point: chart.Point{Value: across}, Max: 1, Width: 128, Height: 20}.SVG()
	return v
}

// matrix is the table of who addresses whom, and its picture. A cell is shaded by its share of the line.
func (d *reader) matrix(v *collaborationView, a *query.CollaborationAnswer, f filter) {
	names := map[string]string{}
	for _, row := range a.Rows {
		names[row.Unit] = row.UnitName
	}
	shown := min(len(a.Matrix.Units), matrixShown)
	if more := len(a.Matrix.Units) - shown; more > 0 {
		v.More = d.words.text("collaboration.more", "n", count(d.locale, more))
	}
	wide := chart.Network{Meta: chart.Meta{ID: "n", Title: d.words.text("collaboration.network"), Desc: d.words.text("collaboration.network_desc")}}
	bridges := map[[2]string]bool{}
	for _, b := range a.Bridges {
		bridges[[2]string{b.Unit, b.With}], bridges[[2]string{b.With, b.Unit}] = true, true
	}
	for i, unit := range a.Matrix.Units[:shown] {
		line := matrixLine{Name: names[unit], Href: f.unitAddress(unit)}
		v.Heads = append(v.Heads, names[unit])
		total := uint64(0)
		for _, n := range a.Matrix.Interactions[i] {
			total += n
		}
		for j, n := range a.Matrix.Interactions[i][:shown] {
			line.Cells = append(line.Cells, matrixCell{count(d.locale, n), shade(n, total)})
			if j < i {
				both := n + a.Matrix.Interactions[j][i]
				with := a.Matrix.Units[j]
				wide.Ties = append(wide.Ties, chart.Tie{A: j, B: i, Value: float64(both), Strong: bridges[[2]string{unit, with}],
					Text: d.words.text("collaboration.tie", "unit", names[with], "with", names[unit], "n", count(d.locale, both))})
			}
		}
		v.Lines = append(v.Lines, line)
		inside := a.Matrix.Interactions[i][i]
		wide.Groups = append(wide.Groups, chart.Group{Label: names[unit], Value: float64(inside), Text: d.words.text("collaboration.inside", "unit", names[unit], "n", count(d.locale, inside))})
	}
	if shown < 2 {
		return
	}
	wide.Width, wide.Height, wide.Side = 1120, 480, 280
	v.Wide = wide.SVG()
	wide.ID, wide.Width, wide.Height, wide.Side = "nn", 358, 380, 116
	v.Narrow = wide.SVG()
}

// shade is the class of a share of a line, in five steps.
func shade(n, total uint64) string {
	if total == 0 || n == 0 {
		return "s0"
	}
	return "s" + strconv.Itoa(1+min(int(5*n/total), 4))
}

// ties says in words who exchanges more than expected, and who keeps to themselves.
func (d *reader) ties(v *collaborationView, a *query.CollaborationAnswer) {
	for _, b := range a.Bridges {
		v.Bridges = append(v.Bridges, d.words.text("collaboration.bridge", "unit", b.UnitName, "with", b.WithName, "ratio", d.decimal(b.Ratio, 1), "n", count(d.locale, b.Interactions)))
	}
	for _, s := range a.Silos {
		v.Silos = append(v.Silos, d.words.text("collaboration.silo", "unit", s.UnitName, "share", d.percent((1-s.EIIndex)/2, 0), "n", count(d.locale, s.Interactions)))
	}
}
