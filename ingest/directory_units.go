package ingest

import (
	"context"
	"fmt"

	"uptake/adoption"
)

var unitsColumns = []column{{"unit", true}, {"parent", true}, {"name", true}, {"legacy_entity", false}}

func readUnit(r *record) (adoption.Unit, *flaw) {
	f := fields{r: r}
	u := adoption.Unit{
		ID:           f.unit("unit", false),
		Parent:       adoption.Company,
		Name:         f.text("name", maxName, true),
		LegacyEntity: f.text("legacy_entity", maxName, false),
	}
	if r.get("parent") != "" {
		u.Parent = f.unit("parent", true)
	}
	if u.Parent == u.ID {
		f.fail("parent", "a unit cannot be its own parent")
	}
	return u, f.wrong
}

// importUnits stores the tree. It touches nothing: figures are kept by the unit in which people are placed directly,
// and the tree is laid over them when a question is answered.
func (d *Directory) importUnits(ctx context.Context, text string, strict bool) (Result, error) {
	lines, bad, err := parseSheet(text, unitsColumns, readUnit)
	if err != nil {
		return Result{}, err
	}
	release := d.toucher.Exclusive()
	defer release()

	stored, newest, err := d.storedUnits(ctx)
	if err != nil {
		return Result{}, err
	}
	tree := newTree(stored, lines)
	misplaced := tree.prune()
	for _, m := range misplaced {
		bad.add(m.line, m.wrong)
	}
	if err := bad.refuse(strict); err != nil {
		return bad.result(0, 0), err
	}
	var changes []adoption.Unit
	for _, u := range tree.incoming() {
		if was, ok := stored[u.ID]; !ok || was != u {
			changes = append(changes, u)
		}
	}
	if err := d.storeUnits(ctx, changes, d.newVersion(newest)); err != nil {
		return Result{}, err
	}
	return bad.result(len(lines)-len(misplaced), len(changes)), nil
}

func (d *Directory) storedUnits(ctx context.Context) (map[string]adoption.Unit, uint64, error) {
	rows, err := d.db.Query(ctx, `SELECT unit, parent, name, legacy_entity, version FROM units FINAL`)
	if err != nil {
		return nil, 0, fmt.Errorf("read the units: %w", err)
	}
	defer rows.Close()
	stored := map[string]adoption.Unit{}
	var newest uint64
	for rows.Next() {
		var u adoption.Unit
		var version uint64
		if err := rows.Scan(&u.ID, &u.Parent, &u.Name, &u.LegacyEntity, &version); err != nil {
			return nil, 0, fmt.Errorf("read the units: %w", err)
		}
		newest = max(newest, version)
		stored[u.ID] = u
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read the units: %w", err)
	}
	return stored, newest, nil
}

func (d *Directory) storeUnits(ctx context.Context, changes []adoption.Unit, version uint64) error {
	if len(changes) == 0 {
		return nil
	}
	in, err := d.insert(ctx, `INSERT INTO units (unit, parent, name, legacy_entity, version)`)
	if err != nil {
		return err
	}
	defer in.close()
	for _, u := range changes {
		if err := in.row(u.ID, u.Parent, u.Name, u.LegacyEntity, version); err != nil {
			return err
		}
	}
	return in.send()
}
