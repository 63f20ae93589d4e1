package dashboard

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// The page names what nobody knows, how often it came, and what to do about it.
func TestTrustNamesWhatNobodyKnows(t *testing.T) {
	r := newRig(t, nil)
	_, body := r.signedIn().get("/trust")
	says(t, body, "What chat-feed tells and nobody knows yet")
	says(t, body, "1,290 × Poll Answered")
	says(t, body, "2,322 events of the last 28 days are kept and stand in no figure")
	says(t, body, "Add one to chat-feed.yaml")
	says(t, body, "uptake source remap chat-feed")
}

// A source that has brought nothing but unknown names says so, and the page's sentence speaks of it.
func TestTrustOfUnknownNamesOnly(t *testing.T) {
	d := emptyRig(t, nil).english()
	source := query.SourceTrust{Source: "it's new", UnknownNames: []query.UnknownName{{Name: "Poll", Events: 1}}, NamesTotal: 3, UnknownEvents: 4}
	view := d.trustView(&query.TrustAnswer{Settled: true, Sources: []query.SourceTrust{source}}, func(id string) string { return id }, adoption.Day(20000))
	require.Equal(t, "No source has gaps, but one tells of things whose names nobody knows yet.", view.Answer)
	require.Equal(t, "Unknown names only", view.Sources[0].State)
	require.Equal(t, "and 2 more names", view.Sources[0].Names.More)
	require.Equal(t, `uptake source remap 'it'\''s new'`, view.Sources[0].Names.Command)
}
