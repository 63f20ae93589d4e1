package query

import (
	"time"

	"uptake/adoption"
)

// OverviewQuestion asks for the company's page.
type OverviewQuestion struct {
	Tool    string       // "" is all tools
	To      adoption.Day // last day of the period shown; 0 is the last closed day (yesterday)
	Against Against      // "" is AgainstBefore
}

// UnitQuestion asks for the page of one unit: any id that Adoption answers for.
type UnitQuestion struct {
	Unit    string
	Tool    string       // "" is all tools
	To      adoption.Day // 0 is the last closed day
	Against Against      // "" is AgainstBefore
}

// OverviewAnswer is the company's page.
type OverviewAnswer struct {
	Page
}

// UnitPageAnswer is the page of one unit.
type UnitPageAnswer struct {
	Page
	Path  []UnitRef  `json:"path"`  // from the company down to the unit's parent
	Tools []ToolLine `json:"tools"` // the unit's figures per tool on Date, most used first
}

// State says what a page can show.
type State string

const (
	StateReady  State = "ready"  // figures are there
	StateEmpty  State = "empty"  // no event has arrived yet: show how to connect the first source
	StateNoData State = "nodata" // nothing is known of this unit and tool on this day
	StateHidden State = "hidden" // fewer than MinGroup people
)

// Page is what the overview and a unit's page have in common, in the order of UI.md: the answer, at most five
// figures, one ranking, at most three things that need a decision. All of it passed the gate.
type Page struct {
	State    State   `json:"state"`
	Unit     UnitRef `json:"unit"`
	Tool     ToolRef `json:"tool"`
	Demo     string  `json:"demo,omitempty"`
	Timezone string  `json:"timezone"`
	MinGroup int     `json:"min_group"`

	Date      adoption.Day `json:"date"`     // the window of 28 days shown ends with this day
	Previous  adoption.Day `json:"previous"` // the window it is compared with ends with this day: Date − 28, or Date − 364
	Against   Against      `json:"against"`  // which of the two
	Running   bool         `json:"running"`  // Date is today, not over yet
	DataUntil time.Time    `json:"data_until"`
	Settled   bool         `json:"settled"`

	Answer    Sentence        `json:"answer"`
	Figures   []Figure        `json:"figures"`   // at most five
	Ranking   []Ranked        `json:"ranking"`   // children, worst gap first; hidden and unknown ones last
	Attention []AttentionItem `json:"attention"` // what needs a decision, at most three
	Cautions  []Sentence      `json:"cautions"`  // what to keep in mind with all figures: gaps, coverage

	Now    *AdoptionRow  `json:"now"`    // the unit's row on Date; nil where there is none
	Before *AdoptionRow  `json:"before"` // its row on Previous
	Weeks  []AdoptionRow `json:"weeks"`  // its rows at the 13 weekly points of the trend, oldest first
}

// Sentence is plain words made from the data by a rule.
type Sentence struct {
	Rule string `json:"rule"` // which rule spoke, for tests and styles. An answer: "rose", "fell", "steady" (no change, or none that could not be chance),
	// "uncertain" (not the same data), "at_least" (data is missing), "alone" (nothing to compare with), "nobody", "hidden", "nodata", "empty"
	Text string `json:"text"`
	Said Said   `json:"-"` // the same, for other languages
}

// UnitRef names a unit.
type UnitRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ToolRef names a tool. ID "all" is all tools together.
type ToolRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Measure is the unit that a value is in.
type Measure string

const (
	Share  Measure = "share"  // 0..1, written as per cent; its changes are percentage points
	People Measure = "people" // a count of people
	Score  Measure = "score"  // 0..100
)

// Figure is one number with everything needed to open it.
type Figure struct {
	Key      string   `json:"key"`  // field of AdoptionRow: "adoption_rate", "active_28", "engagement_score", "stickiness", "active_not_enabled"
	Name     string   `json:"name"` // in words
	Measure  Measure  `json:"measure"`
	Value    *float64 `json:"value"` // nil: see Missing
	Previous *float64 `json:"previous"`
	Change   *float64 `json:"change"`  // Value − Previous, in Measure; nil where either is missing
	Missing  Missing  `json:"missing"` // why Value is nil; "" where it is there
	Gone     Missing  `json:"gone"`    // why Previous is nil; "" where it is there
	Better   int      `json:"better"`  // +1 where more is better, −1 where less is, 0 where neither
	Trend    []Point  `json:"trend"`   // 13 weekly points, oldest first, the last one on Date

	Denominator string    `json:"denominator"` // "of 310 people with access"; "" for a count without one
	DataUntil   time.Time `json:"data_until"`
	Grade       string    `json:"grade"`   // "" for what is counted, not estimated
	Formula     string    `json:"formula"` // in words
	Worked      string    `json:"worked"`  // the formula with its numbers put in; "" where Value is nil
	Sources     []string  `json:"sources"` // the feeds it is made from

	Said FigureSaid `json:"-"` // Name, Denominator, Formula and Worked, for other languages
}

// FigureSaid are the words of a figure; one that is not said has no key.
type FigureSaid struct{ Name, Denominator, Formula, Worked Said }

// Missing says why there is no value.
type Missing string

const (
	MissingHidden  Missing = "hidden"  // fewer than MinGroup people, or it would reveal such a group
	MissingNoData  Missing = "no data" // the day lies outside the days that figures exist for
	MissingNothing Missing = "nobody"  // nobody to divide by: no people with access, or none active
)

// Point is a value of a trend.
type Point struct {
	Date    adoption.Day `json:"date"`
	Value   *float64     `json:"value"`
	Missing Missing      `json:"missing"`
}

// Ranked is one line of the ranking.
type Ranked struct {
	Unit     UnitRef  `json:"unit"`
	HasPage  bool     `json:"has_page"` // it has figures worth opening
	Rate     *float64 `json:"rate"`
	Change   *float64 `json:"change"` // of the rate, against Previous
	Active   *uint64  `json:"active"`
	Enabled  uint64   `json:"enabled"`
	Head     uint64   `json:"headcount"`
	Gap      *float64 `json:"gap"` // people missing to the rate of the unit whose page it is: enabled × (its rate − rate); below 0: so many ahead
	Missing  Missing  `json:"missing"`
	ShownIn  string   `json:"shown_in,omitempty"`
	Trend    []Point  `json:"trend"`
	Verdict  Verdict  `json:"verdict"`
	GapWords string   `json:"gap_words"` // "12 people to the company's rate"
}

// Verdict is one word about a unit in the ranking.
type Verdict string

const (
	Ahead   Verdict = "ahead"
	Behind  Verdict = "behind"
	Rising  Verdict = "rising"
	Falling Verdict = "falling"
	Stalled Verdict = "stalled"
	Typical Verdict = "typical"
	Hidden  Verdict = "hidden"
	Unknown Verdict = "unknown"
)

// ToolLine is one tool on a unit's page.
type ToolLine struct {
	Tool ToolRef     `json:"tool"`
	Row  AdoptionRow `json:"row"`
}
