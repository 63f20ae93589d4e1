// Package adoption is the domain of Uptake: events, people, units, tools, days and errors. It knows no
// database, no protocol and no page, and imports only the standard library.
package adoption

import (
	"encoding/hex"
	"fmt"
	"time"
)

// Hash stands for an address or an id: the first 16 bytes of its HMAC-SHA256 under the company's secret.
type Hash [16]byte

// MarshalText writes a hash as 32 hex digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads what MarshalText wrote, and nothing else.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 2*len(h) {
		return fmt.Errorf("a hash has %d hex digits, not %d", 2*len(h), len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// Person is a member of the directory or an unknown actor: a random number, tied to hashes by the table identity.
type Person uint64

// Event is one checked and pseudonymous use of a tool, as it is spooled and stored.
// Its identity is (Source, ID, UTC day of Time); of several with one identity the highest Received wins.
type Event struct {
	Source       string
	ID           Hash
	Time         time.Time // UTC, to the millisecond
	DateOnly     bool      // the record bore a date without a time: it counts on that date in every zone
	Tool         string
	Actor        Hash
	Action       string
	Class        Class
	Object       string // hashed, or passed by the allow-list
	ObjectType   string
	Container    string // hashed, or passed by the allow-list
	Counterparts []Hash
	Duration     uint32 // seconds
	Quantity     uint64 // how many such actions the record stands for
	Attributes   map[string]string
	Received     uint64 // nanoseconds since 1970, strictly rising in the order of acceptance
}

// Day is the day of the event in the reporting zone.
func (e *Event) Day(zone *time.Location) Day {
	if e.DateOnly {
		return DayOf(e.Time, time.UTC)
	}
	return DayOf(e.Time, zone)
}
