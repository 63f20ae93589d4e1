package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/ledger"
)

// AssumptionsQuestion asks for one version of the assumptions, for a draft, or for the difference of two.
type AssumptionsQuestion struct {
	Version *uint64 // nil: the newest that was published; 0: start values alone
	Against *uint64 // nil: no comparison; 0: with start values
	Draft   string  // whose draft, in place of a version; "" for none
}

// ParseAssumptions reads version, against and draft.
func ParseAssumptions(values url.Values, _ adoption.Day) (q AssumptionsQuestion, err error) {
	err = parameters{{"version", numberInto(&q.Version)}, {"against", numberInto(&q.Against)}, {"draft", textInto(&q.Draft)}}.read(values)
	if err == nil && q.Draft != "" && q.Version != nil {
		return q, adoption.Invalid("draft", "A draft is no version. Ask for one of the two.")
	}
	return q, err
}

func numberInto(into **uint64) func(string) error {
	return func(s string) error {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no number of a version", s)
		}
		*into = &n
		return nil
	}
}

// Version is one version that was published. Nothing of it ever changes.
type Version struct {
	Version uint64    `json:"version"` // 1, 2, …
	At      time.Time `json:"at"`
	Author  string    `json:"author"`
	Reason  string    `json:"reason"`
}

// AssumptionsAnswer is one version of the assumptions, or a draft.
type AssumptionsAnswer struct {
	Version   uint64                `json:"version"`   // of a draft, the one it was begun from; 0: nothing was published, these are start values
	Published *Version              `json:"published"` // nil for start values and for a draft
	Draft     *Version              `json:"draft"`     // who saved the draft and when; its Version counts how often it was saved; nil for a version
	Document  *assumptions.Document `json:"document"`
	NewTools  []string              `json:"new_tools"` // tools that the version does not have; they stand in the document with their start values
	Versions  []Version             `json:"versions"`  // all that were published, the newest first
	Against   *uint64               `json:"against"`
	Changes   []assumptions.Change  `json:"changes"` // from against to the document; none without against
}

// AssumptionsEntry publishes a version, or saves a draft.
type AssumptionsEntry struct {
	Draft    bool            `json:"draft"`   // save it as the author's draft and publish nothing
	Version  uint64          `json:"version"` // the version that it was begun from
	Based    uint64          `json:"based"`   // of a draft: how often it had been saved, 0 for the first time
	Reason   string          `json:"reason"`  // of a version: why, in the author's words
	Document json.RawMessage `json:"document"`
	Costs    string          `json:"costs"` // CSV of cost lines, which take the place of those of the tools that it names
}

// draftBody is what the ledger keeps of a draft.
type draftBody struct {
	Version  uint64          `json:"version"`
	Document json.RawMessage `json:"document"`
}

// Assumptions answers with a version or a draft. NotFound for one that there is not.
func (c *Company) Assumptions(ctx context.Context, q AssumptionsQuestion) (*AssumptionsAnswer, error) {
	a := &AssumptionsAnswer{Against: q.Against, NewTools: []string{}, Versions: []Version{}, Changes: []assumptions.Change{}}
	history, err := c.Ledger().History(ctx, ledger.Assumptions, ledger.Published)
	if err != nil {
		return nil, err
	}
	for _, r := range history {
		a.Versions = append(a.Versions, versionOf(r))
	}
	if q.Draft != "" {
		err = c.answerDraft(ctx, q.Draft, a)
	} else {
		err = c.answerVersion(ctx, q.Version, a)
	}
	if err != nil {
		return nil, err
	}
	tools, err := c.toolList(ctx)
	if err != nil {
		return nil, err
	}
	if q.Against != nil {
		if err := c.compareAssumptions(ctx, *q.Against, a, tools); err != nil {
			return nil, err
		}
	}
	a.withNewTools(tools, c.Today())
	return a, nil
}

// compareAssumptions says what changed from another version. Start values are compared with those of the tools in them.
func (c *Company) compareAssumptions(ctx context.Context, against uint64, a *AssumptionsAnswer, tools []adoption.Tool) error {
	other, _, err := c.assumed(ctx, against)
	if err != nil {
		return renamed(err, "version", "against")
	}
	if against == 0 {
		other = other.WithNewTools(tools, c.Today())
	}
	if changes := assumptions.Diff(other, a.Document); changes != nil {
		a.Changes = changes
	}
	return nil
}

func versionOf(r ledger.Record) Version { return Version{r.Revision, r.At, r.Author, r.Reason} }

// renamed is an error of the ledger about one of its fields, under the name that the field has in the question.
func renamed(err error, from, to string) error {
	var e *adoption.Error
	if !errors.As(err, &e) || e.Field != from {
		return err
	}
	about := *e
	about.Field = to
	return &about
}

func (c *Company) answerVersion(ctx context.Context, version *uint64, a *AssumptionsAnswer) (err error) {
	if version == nil && len(a.Versions) > 0 {
		version = &a.Versions[0].Version
	}
	if version != nil {
		a.Version = *version
	}
	a.Document, a.Published, err = c.assumed(ctx, a.Version)
	return err
}

func (c *Company) answerDraft(ctx context.Context, author string, a *AssumptionsAnswer) error {
	r, err := c.Ledger().Latest(ctx, ledger.Draft, author)
	if err != nil {
		return renamed(err, "id", "draft")
	}
	var body draftBody
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return fmt.Errorf("read the draft of %q: %w", author, err)
	}
	saved := versionOf(r)
	a.Version, a.Draft = body.Version, &saved
	a.Document, err = readDocument(body.Document)
	return err
}

// readDocument reads what the ledger holds. What was good when it was written is good for ever: the rules may become
// stricter, the documents do not change.
func readDocument(text []byte) (*assumptions.Document, error) {
	doc := &assumptions.Document{}
	if err := json.Unmarshal(text, doc); err != nil {
		return nil, fmt.Errorf("read assumptions from the ledger: %w", err)
	}
	return doc, nil
}

// assumed is the document of a version; that of 0 are start values. NotFound, with the field version, where there is none.
func (c *Company) assumed(ctx context.Context, version uint64) (*assumptions.Document, *Version, error) {
	if version == 0 {
		doc, err := c.startValues(ctx)
		return doc, nil, err
	}
	r, err := c.Ledger().At(ctx, ledger.Assumptions, ledger.Published, version)
	if adoption.CodeOf(err) == adoption.NotFound {
		return nil, nil, &adoption.Error{Code: adoption.NotFound, Field: "version", Message: fmt.Sprintf("There is no version %d of the assumptions.", version)}
	}
	if err != nil {
		return nil, nil, err
	}
	doc, err := readDocument(r.Body)
	published := versionOf(r)
	return doc, &published, err
}

// startValues are those of a company that has published nothing, in the currency that most of its tools are paid in.
func (c *Company) startValues(ctx context.Context) (*assumptions.Document, error) {
	tools, err := c.toolList(ctx)
	if err != nil {
		return nil, err
	}
	currency, most, counts := "EUR", 0, map[string]int{}
	for _, t := range tools {
		if t.Currency == "" {
			continue
		}
		if counts[t.Currency]++; counts[t.Currency] > most {
			currency, most = t.Currency, counts[t.Currency]
		}
	}
	return assumptions.Start(currency, c.Today()), nil
}

// toolList are the tools of the directory and those that events or licences name.
func (c *Company) toolList(ctx context.Context) (tools []adoption.Tool, err error) {
	err = c.consistently(ctx, func(snap *snapshot) error {
		for _, t := range snap.tools {
			tools = append(tools, t.Tool)
		}
		return nil
	})
	return tools, err
}

// withNewTools gives tools that a version does not have their start values.
func (a *AssumptionsAnswer) withNewTools(tools []adoption.Tool, today adoption.Day) {
	for _, t := range tools {
		if _, has := a.Document.Tools[t.ID]; !has {
			a.NewTools = append(a.NewTools, t.ID)
		}
	}
	a.Document = a.Document.WithNewTools(tools, today)
}

// EnterAssumptions publishes a version, or saves the author's draft, and answers with it. InvalidParameter with the field
// for a document that is not good, with all that is wrong in the message, and for a version without a reason; Conflict
// where somebody has published since, or the draft was saved elsewhere. Then nothing is written.
func (c *Company) EnterAssumptions(ctx context.Context, author string, e AssumptionsEntry) (*AssumptionsAnswer, error) {
	doc, err := e.read()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write assumptions: %w", err)
	}
	if e.Draft {
		return c.saveDraft(ctx, author, e, text)
	}
	if e.Reason == "" {
		return nil, adoption.Invalid("reason", "Say why this version is published: whoever reads its figures will ask.")
	}
	r, err := c.Ledger().Append(ctx, ledger.Entry{Kind: ledger.Assumptions, ID: ledger.Published, Based: e.Version, Author: author, Reason: e.Reason, Body: text})
	if err != nil {
		return nil, overtaken(err, e.Version)
	}
	return c.Assumptions(ctx, AssumptionsQuestion{Version: &r.Revision})
}

// read is the document with the lines of the file of costs.
func (e AssumptionsEntry) read() (*assumptions.Document, error) {
	doc, err := assumptions.Read(e.Document)
	if err != nil || e.Costs == "" {
		return doc, err
	}
	costs, err := assumptions.ReadCosts(strings.NewReader(e.Costs))
	if err != nil {
		return nil, err
	}
	return doc.WithCosts(costs)
}

// overtaken says who has published since, in words of versions.
func overtaken(err error, begun uint64) error {
	var since *ledger.Overtaken
	if !errors.As(err, &since) {
		return renamed(err, "based", "version")
	}
	newest := since.Newest
	return &adoption.Error{Code: adoption.Conflict, Field: "version", Err: err, Message: fmt.Sprintf(
		"%s published version %d on %s, and you began from version %d. Nothing of yours was published: compare the two, and publish from there.",
		newest.Author, newest.Revision, newest.At.Format("2006-01-02 at 15:04:05 UTC"), begun)}
}

func (c *Company) saveDraft(ctx context.Context, author string, e AssumptionsEntry, document []byte) (*AssumptionsAnswer, error) {
	if _, _, err := c.assumed(ctx, e.Version); err != nil {
		return nil, err
	}
	body, err := json.Marshal(draftBody{e.Version, document})
	if err != nil {
		return nil, fmt.Errorf("write a draft: %w", err)
	}
	if _, err := c.Ledger().Append(ctx, ledger.Entry{Kind: ledger.Draft, ID: author, Based: e.Based, Author: author, Reason: e.Reason, Body: body}); err != nil {
		return nil, err
	}
	return c.Assumptions(ctx, AssumptionsQuestion{Draft: author})
}
