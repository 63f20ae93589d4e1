package assumptions

import (
	"uptake/adoption"
	"uptake/value/cash"
)

// Grade says what stands behind an input.
type Grade string

const (
	Measured Grade = "A" // measured against a control
	Used     Grade = "B" // measured use × a stated assumption
	Assumed  Grade = "C" // an assumption only
)

// Worse tells whether a stands on less than b.
func (g Grade) Worse(b Grade) bool { return g > b }

// The units of measure that an input may have. Which one, follows from its place.
const (
	Share        = "share"          // 0.25 is 25 %
	Minutes      = "minutes"        // an action, or a person and week for the ceiling
	Weeks        = "weeks"          // a year
	Money        = "money"          // in the currency that stands beside it
	MoneyPerHour = "money per hour" // in the company's currency
	Hours        = "hours"
)

// Input is one doubtful amount with what a reader must know to believe it or not.
type Input struct {
	cash.Range
	Unit   string       `json:"unit"`
	Source string       `json:"source"` // who says so, in words
	Grade  Grade        `json:"grade"`
	Owner  string       `json:"owner"` // who answers for it
	Set    adoption.Day `json:"set"`   // the day it was entered
}

// Document is one version of all assumptions of a company. Nothing in it is changed once it is published.
type Document struct {
	Currency string `json:"currency"` // ISO 4217; figures come in it
	// Rates are loaded hourly rates by unit of the company, in the company's currency. "company" is always there; a
	// unit without one has that of the nearest unit above it.
	Rates        map[string]Input `json:"rates"`
	WorkingWeeks Input            `json:"working_weeks"`
	Recapture    Input            `json:"recapture"`     // share of saved time that becomes work
	DiscountRate Input            `json:"discount_rate"` // a year
	RiskBenefits Input            `json:"risk_benefits"` // benefits count × (1 − r) in ROI, NPV and payback
	RiskCosts    Input            `json:"risk_costs"`    // costs count × (1 + r) there
	Horizon      int              `json:"horizon_months"`
	Spread       Spread           `json:"spread"`
	Exchange     []Exchange       `json:"exchange,omitempty"`
	Tools        map[string]Tool  `json:"tools"`
}

// Spread says by which people a shared cost is spread over units.
type Spread string

const (
	ByEnabled   Spread = "enabled"
	ByHeadcount Spread = "headcount"
	ByActive    Spread = "active"
)

// Tool is what is assumed about one tool.
type Tool struct {
	Category    Category                 `json:"category"`
	Attribution Input                    `json:"attribution"`       // share of the effect that is due to the tool
	Minutes     map[adoption.Class]Input `json:"minutes,omitempty"` // saved per counted action; a class that is not there saves none
	// Ceiling is the most that an active person can save in a week by actions of the class contribute, in minutes.
	Ceiling     *Input    `json:"ceiling,omitempty"`
	TimeCounted bool      `json:"time_counted"` // time spent in the tool is a capacity cost
	Costs       []Cost    `json:"costs,omitempty"`
	Benefits    []Benefit `json:"benefits,omitempty"`
}

// Category is what a tool is for. Start values go by it.
type Category string

// Categories lists the categories that have start values.
func Categories() []Category {
	return []Category{"chat", "wiki", "social", "documents", "meetings", "mail"}
}

// Class parts money that leaves or enters an account from working time.
type Class string

const (
	Cash     Class = "cash"
	Capacity Class = "capacity"
)

// Per says what an amount is paid or worked for.
type Per string

const (
	SeatMonth Per = "seat_month"
	Month     Per = "month"
	Year      Per = "year"
	Once      Per = "once"
)

// Line is an amount that is paid, worked or saved again and again, or once.
type Line struct {
	Name string `json:"name"`
	// Amount is money, with a Currency, or hours, which count at the loaded rate and have none.
	Amount   Input  `json:"amount"`
	Per      Per    `json:"per"`
	Currency string `json:"currency,omitempty"`
	// Unit is the unit of the company that the line is for; where it is empty, the line is shared by all.
	Unit string `json:"for_unit,omitempty"`
	// From and To are the first and the last day that the line runs; for an amount paid once, From is the day of it.
	From *adoption.Day `json:"from,omitempty"`
	To   *adoption.Day `json:"to,omitempty"`
}

// Cost is a line that is paid, or worked.
type Cost struct {
	Line
	Class Class    `json:"class"`
	Kind  CostKind `json:"kind"`
	// Renewal is the day on which a licence goes on for another term unless notice was given by Notice.
	Renewal *adoption.Day `json:"renewal,omitempty"`
	Notice  *adoption.Day `json:"notice,omitempty"`
}

// CostKind is what is paid for.
type CostKind string

// CostKinds lists the kinds of cost, those that are usually cash first.
func CostKinds() []CostKind {
	return []CostKind{"licences", "infrastructure", "vendor", "consultants", "it_hours", "support", "integration", "training", "change"}
}

// Benefit is a line of cash that is no longer paid, or comes in, because of the tool.
type Benefit struct {
	Line
	Kind BenefitKind `json:"kind"`
}

// BenefitKind is what falls away.
type BenefitKind string

// BenefitKinds lists the kinds of cash benefit.
func BenefitKinds() []BenefitKind {
	return []BenefitKind{"replaced_tools", "seats_given_back", "travel", "mail_volume", "other"}
}
