package ingest

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"uptake/adoption"
)

var toolsColumns = []column{{"tool", true}, {"name", true}, {"category", true},
	{"vendor", false}, {"seats", false}, {"price", false}, {"currency", false}}

var (
	// What Decimal(18, 4) holds.
	priceShape    = regexp.MustCompile(`^[0-9]{1,14}(\.[0-9]{1,4})?$`)
	currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)
)

// product is a tool as the table holds it.
type product struct {
	adoption.Tool
	price decimal.Decimal
}

func (p product) equal(q product) bool {
	same := p.price.Equal(q.price)
	p.Price, q.Price = "", ""
	return same && p.Tool == q.Tool
}

func readTool(r *record) (product, *flaw) {
	f := fields{r: r}
	p := product{Tool: adoption.Tool{
		ID:       f.tool("tool"),
		Name:     f.text("name", maxName, true),
		Category: strings.ToLower(f.text("category", maxTool, true)),
		Vendor:   f.text("vendor", maxName, false),
		Seats:    f.seats("seats"),
		Price:    f.price("price"),
		Currency: strings.ToUpper(f.text("currency", maxTool, false)),
	}}
	if p.Price != "" && p.Currency == "" {
		f.fail("currency", "a price needs its currency, such as EUR")
	}
	if p.Currency != "" && !currencyShape.MatchString(p.Currency) {
		f.fail("currency", "it is no currency of three letters, such as EUR")
	}
	if f.wrong != nil {
		return product{}, f.wrong
	}
	if p.Price != "" {
		p.price = decimal.RequireFromString(p.Price)
	}
	return p, nil
}

// seats is a number of seats, 0 where the column is empty.
func (f *fields) seats(column string) uint32 {
	text := f.r.get(column)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		f.fail(column, "it is no whole number from 0 to 4294967295")
	}
	return uint32(n)
}

// price is a decimal number with a point, empty where the column is. A file with semicolons comes from where the
// decimal sign is a comma; in one with commas, 12,500 could be either, and is refused.
func (f *fields) price(column string) string {
	text := f.r.get(column)
	if f.r.comma == ';' {
		text = strings.Replace(text, ",", ".", 1)
	}
	if text != "" && !priceShape.MatchString(text) {
		f.fail(column, "it is no price such as 96 or 96.50 (from 0, with a point and at most 4 decimals)")
	}
	return text
}

// importTools stores what is said about tools. It touches nothing: no figure is computed from it.
func (d *Directory) importTools(ctx context.Context, text string, strict bool) (Result, error) {
	lines, bad, err := parseSheet(text, toolsColumns, readTool)
	if err != nil {
		return Result{}, err
	}
	if err := bad.refuse(strict); err != nil {
		return bad.result(0, 0), err
	}
	release := d.toucher.Exclusive()
	defer release()

	stored, newest, err := d.storedTools(ctx)
	if err != nil {
		return Result{}, err
	}
	changes := map[string]product{}
	for _, l := range lines {
		changes[l.row.ID] = l.row
	}
	for id, p := range changes {
		if was, ok := stored[id]; ok && was.equal(p) {
			delete(changes, id)
		}
	}
	if err := d.storeTools(ctx, changes, d.newVersion(newest)); err != nil {
		return Result{}, err
	}
	return bad.result(len(lines), len(changes)), nil
}

func (d *Directory) storedTools(ctx context.Context) (map[string]product, uint64, error) {
	rows, err := d.db.Query(ctx, `SELECT tool, name, category, vendor, seats, price, currency, version FROM tools FINAL`)
	if err != nil {
		return nil, 0, fmt.Errorf("read the tools: %w", err)
	}
	defer rows.Close()
	stored := map[string]product{}
	var newest uint64
	for rows.Next() {
		var p product
		var version uint64
		if err := rows.Scan(&p.ID, &p.Name, &p.Category, &p.Vendor, &p.Seats, &p.price, &p.Currency, &version); err != nil {
			return nil, 0, fmt.Errorf("read the tools: %w", err)
		}
		newest = max(newest, version)
		stored[p.ID] = p
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read the tools: %w", err)
	}
	return stored, newest, nil
}

func (d *Directory) storeTools(ctx context.Context, changes map[string]product, version uint64) error {
	if len(changes) == 0 {
		return nil
	}
	in, err := d.insert(ctx, `INSERT INTO tools (tool, name, category, vendor, seats, price, currency, version)`)
	if err != nil {
		return err
	}
	defer in.close()
	for _, p := range changes {
		if err := in.row(p.ID, p.Name, p.Category, p.Vendor, p.Seats, p.price, p.Currency, version); err != nil {
			return err
		}
	}
	return in.send()
}
