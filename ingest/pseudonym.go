package ingest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"uptake/adoption"
)

// Pseudonymiser replaces addresses, ids and names by keyed hashes: HMAC-SHA256 under the company's secret, cut to 16
// bytes. Without the secret nobody can find out by trying which address a hash stands for. Each kind of text is
// hashed under its own prefix, so that an address and an id that read the same do not give the same hash.
// It may be used by several goroutines at once.
type Pseudonymiser struct {
	// Remembering the hashes of people who come again was tried: looking them up costs as much as hashing them.
	macs sync.Pool // *keyed; setting up an HMAC costs as much as using it
}

// keyed is an HMAC with the scratch space for what goes in and comes out.
type keyed struct {
	mac hash.Hash
	in  []byte
	out [sha256.Size]byte
}

// NewPseudonymiser makes hashes under secret (LoadSecret). The same secret must be used for as long as the data lives:
// under another one every address is a stranger.
func NewPseudonymiser(secret []byte) *Pseudonymiser {
	key := append([]byte(nil), secret...)
	return &Pseudonymiser{macs: sync.Pool{New: func() any { return &keyed{mac: hmac.New(sha256.New, key)} }}}
}

// Address is the hash of a mail address, a login or whatever names a person in a tool, normalised as METRICS.md
// (People) has it: trimmed, NFC, lower case.
func (p *Pseudonymiser) Address(s string) adoption.Hash {
	return p.sum("address", NormaliseAddress(s))
}

// ID is the hash of the id that a source gave one of its events.
func (p *Pseudonymiser) ID(source, id string) adoption.Hash { return p.sum("id", source, id) }

// record is the id of an event that came without one: the hash of what it says, in its canonical form. Its prefix
// keeps it apart from ids that a client could have chosen to be the same.
func (p *Pseudonymiser) record(source string, canonical []byte) adoption.Hash {
	return p.sum("record", source, string(canonical))
}

// Text is the hash of s, in hex, for a column that holds text. Kinds do not share hashes.
func (p *Pseudonymiser) Text(kind, s string) string {
	h := p.sum("text", kind, s)
	return hex.EncodeToString(h[:])
}

// sum hashes the parts joined by NUL bytes. The first part is a constant without NUL.
func (p *Pseudonymiser) sum(parts ...string) (h adoption.Hash) {
	k := p.macs.Get().(*keyed)
	defer p.macs.Put(k)
	k.in = k.in[:0]
	for i, part := range parts {
		if i > 0 {
			k.in = append(k.in, 0)
		}
		k.in = append(k.in, part...)
	}
	k.mac.Reset()
	k.mac.Write(k.in)
	copy(h[:], k.mac.Sum(k.out[:0]))
	return h
}

// NormaliseAddress is the form in which an address is hashed: trimmed, NFC, lower case. One person's address from
// two tools, written differently, must give one hash. (The second NFC is for letters that have a composed form in
// lower case only: without it "ΐ" typed in capitals would stay apart.)
func NormaliseAddress(s string) string {
	if isPlain(s) {
		return s
	}
	return norm.NFC.String(strings.ToLower(norm.NFC.String(strings.TrimSpace(s))))
}

// isPlain tells whether s is an address in its normal form already: visible ASCII without capitals, as most are.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
