package ingest

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"uptake/adoption"
)

// identities are the persons that the hashes of a file stand for.
type identities struct {
	known   map[adoption.Hash]adoption.Person
	missing map[adoption.Hash]adoption.Person // drawn for this import, not stored yet
	newest  uint64                            // the highest version in the table
}

// person is who a hash of the file stands for.
func (i *identities) person(h adoption.Hash) adoption.Person {
	if p, ok := i.known[h]; ok {
		return p
	}
	return i.missing[h]
}

// identify finds the persons of hashes and draws a random number for each hash that has none. Of the whole table,
// which also holds everybody who was ever seen in an event, only the hashes asked for are kept in memory.
// The caller holds Exclusive.
func (d *Directory) identify(ctx context.Context, hashes map[adoption.Hash]struct{}) (*identities, error) {
	found := &identities{known: make(map[adoption.Hash]adoption.Person, len(hashes)), missing: map[adoption.Hash]adoption.Person{}}
	rows, err := d.db.Query(ctx, `SELECT hash, person, version FROM identity FINAL`)
	if err != nil {
		return nil, fmt.Errorf("read the identities: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var person, version uint64
		if err := rows.Scan(&text, &person, &version); err != nil {
			return nil, fmt.Errorf("read the identities: %w", err)
		}
		found.newest = max(found.newest, version)
		hash := adoption.Hash([]byte(text))
		if _, wanted := hashes[hash]; wanted {
			found.known[hash] = adoption.Person(person)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the identities: %w", err)
	}
	for hash := range hashes {
		if _, ok := found.known[hash]; !ok {
			found.missing[hash] = newPerson()
		}
	}
	return found, nil
}

// newPerson draws a person's number. Of a billion people two would share one with a probability of 3 %, of a
// million with one of 3 in a hundred million.
func newPerson() adoption.Person {
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails: it ends the program instead
	return adoption.Person(binary.LittleEndian.Uint64(b[:]))
}

// storeIdentities makes the new ones durable. It comes before the rows that speak of them: a row of a person whom
// no address leads to could never be corrected.
func (d *Directory) storeIdentities(ctx context.Context, i *identities) error {
	if len(i.missing) == 0 {
		return nil
	}
	version := d.newVersion(i.newest)
	in, err := d.insert(ctx, `INSERT INTO identity (hash, person, version)`)
	if err != nil {
		return err
	}
	defer in.close()
	for hash, person := range i.missing {
		if err := in.row(string(hash[:]), uint64(person), version); err != nil {
			return err
		}
	}
	return in.send()
}
