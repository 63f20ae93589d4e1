package dashboard

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/picture"
	"uptake/dashboard/sheet"
)

// What a page shows can be saved: each of its tables as CSV and as a workbook, each of its charts as a picture. The
// address of the page with save=ID.KIND does it, so a file is made from what its reader sees, with the same rights.

// pictureScale is how many dots of a saved picture stand for one of the page: sharp on a slide.
const pictureScale = 2

// saveMark stands in a page where its links for saving belong; only render knows the page's address.
const saveMark = "\x00save "

// saves is the template function that offers a table, and the chart with it where there is one, for saving: its id, or both.
func saves(ids ...string) template.HTML {
	return template.HTML(saveMark + strings.Join(ids, " ") + "\x00") //nolint:gosec // ids are written in templates
}

var saveMarks = regexp.MustCompile("\x00save ([A-Za-z0-9 -]+)\x00")

// linked puts the links for saving into a page.
func (d *reader) linked(page []byte, address *url.URL) []byte {
	return saveMarks.ReplaceAllFunc(page, func(mark []byte) []byte {
		ids := strings.Fields(string(saveMarks.FindSubmatch(mark)[1]))
		kinds := [][2]string{{ids[0] + ".csv", "CSV"}, {ids[0] + ".xlsx", "XLSX"}}
		if len(ids) > 1 {
			kinds = append(kinds, [2]string{ids[1] + ".png", "PNG"})
		}
		var out strings.Builder
		fmt.Fprintf(&out, `<p class="saves"><span>%s</span>`, template.HTMLEscapeString(d.words.text("save.as")))
		for _, kind := range kinds {
			query := address.Query()
			query.Set("save", kind[0])
			fmt.Fprintf(&out, ` <a href="?%s" download>%s</a>`, template.HTMLEscapeString(query.Encode()), kind[1])
		}
		out.WriteString("</p>")
		return []byte(out.String())
	})
}

// save answers with a part of the page as a file. What the page does not have is NotFound, another kind InvalidParameter.
func (d *reader) save(c *gin.Context, page []byte, p page, name string) {
	id, kind, _ := strings.Cut(name, ".")
	var out bytes.Buffer
	var err error
	var media string
	switch kind {
	case "csv", "xlsx":
		var table *sheet.Table
		if table, err = sheet.Read(page, id, sheet.Marks{Decimal: d.Decimal, Thousands: d.Thousands, Thousand: d.Thousand, Million: d.Million}); err != nil {
			break
		}
		if kind == "csv" {
			media, err = "text/csv; charset=utf-8", table.CSV(&out)
		} else {
			media, err = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", table.XLSX(&out, p.Title, p.until())
		}
	case "png":
		svg := pictureOf(page, id)
		if svg == "" {
			err = sheet.ErrNone
			break
		}
		var drawn *picture.Picture
		if drawn, err = picture.Read(svg); err == nil {
			media, err = "image/png", drawn.PNG(&out, pictureScale)
		}
	default:
		err = adoption.Invalid("save", d.words.text("save.kinds"))
	}
	switch {
	case errors.Is(err, sheet.ErrNone):
		d.fail(c, &adoption.Error{Code: adoption.NotFound, Field: "save", Message: d.words.text("save.none")})
	case err != nil:
		d.fail(c, err)
	default:
		c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "uptake-" + id + "." + kind}))
		c.Data(http.StatusOK, media, out.Bytes())
	}
}

// until is the days that a page is about, and until when its data goes, in words; "" where it has no such choice.
func (p page) until() string {
	if p.Filter == nil {
		return ""
	}
	return p.Filter.Days + " · " + p.Filter.Until
}

// pictureOf cuts the chart with an id out of a page.
func pictureOf(page []byte, id string) template.HTML {
	const begin, end = "<svg", "</svg>"
	for rest := string(page); ; {
		i := strings.Index(rest, begin)
		if i < 0 {
			return ""
		}
		rest = rest[i:]
		j := strings.Index(rest, end)
		if j < 0 {
			return ""
		}
		svg := rest[:j+len(end)]
		if head, _, _ := strings.Cut(svg, ">"); strings.Contains(head, `aria-labelledby="`+template.HTMLEscapeString(id)+`-t"`) {
			return template.HTML(svg) //nolint:gosec // a part of our own page
		}
		rest = rest[j:]
	}
}
