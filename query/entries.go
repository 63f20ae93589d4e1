package query

import (
	"context"
	"encoding/json"
	"fmt"

	"uptake/value/ledger"
)

// Amendment is what everything that is entered into the ledger bears beside itself.
type Amendment struct {
	Based  uint64 `json:"based"`  // the revision that is changed; 0 for something new
	Reason string `json:"reason"` // why, in the author's words
}

// Signature says who wrote what the ledger holds, as it stands.
type Signature struct {
	Revision uint64 `json:"revision"`
	Author   string `json:"author"`
	Reason   string `json:"reason"`
}

func signatureOf(r ledger.Record) Signature { return Signature{r.Revision, r.Author, r.Reason} }

// enter writes a body into the ledger. Errors are those of Append: InvalidParameter, or Conflict where somebody else has
// written since.
func (c *Company) enter(ctx context.Context, kind ledger.Kind, id, author string, a Amendment, body any) (ledger.Record, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("write the %s %q: %w", kind, id, err)
	}
	return c.Ledger().Append(ctx, ledger.Entry{Kind: kind, ID: id, Based: a.Based, Author: author, Reason: a.Reason, Body: text})
}

// readEntry reads what the ledger holds of a record.
func readEntry(r ledger.Record, into any) error {
	if err := json.Unmarshal(r.Body, into); err != nil {
		return fmt.Errorf("read the %s %q from the ledger: %w", r.Kind, r.ID, err)
	}
	return nil
}

// entries reads the newest revision of every record of a kind, by id.
func entries[T any](ctx context.Context, c *Company, kind ledger.Kind, read func(ledger.Record) (T, error)) ([]T, error) {
	records, err := c.Ledger().List(ctx, kind)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(records))
	for i, r := range records {
		if all[i], err = read(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}
