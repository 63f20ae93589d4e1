package assumptions

import (
	_ "embed"
	"fmt"
	"maps"
	"sync"

	"github.com/goccy/go-yaml"

	"uptake/adoption"
	"uptake/value/cash"
)

//go:embed start.yaml
var startText []byte

// StartOwner stands as the owner of start values until a person takes them over.
const StartOwner = "start values of Uptake"

// startInput is an amount in start.yaml; unit, grade and owner follow from its place.
type startInput struct {
	Low    float64 `yaml:"low"`
	Likely float64 `yaml:"likely"`
	High   float64 `yaml:"high"`
	Source string  `yaml:"source"`
}

func (s startInput) input(unit string, set adoption.Day) Input {
	return Input{Range: cash.Range{Low: s.Low, Likely: s.Likely, High: s.High}, Unit: unit, Source: s.Source, Grade: Assumed, Owner: StartOwner, Set: set}
}

type startFile struct {
	Company struct {
		Horizon      int        `yaml:"horizon_months"`
		Spread       Spread     `yaml:"spread"`
		Rate         startInput `yaml:"rate"`
		WorkingWeeks startInput `yaml:"working_weeks"`
		Recapture    startInput `yaml:"recapture"`
		DiscountRate startInput `yaml:"discount_rate"`
		RiskBenefits startInput `yaml:"risk_benefits"`
		RiskCosts    startInput `yaml:"risk_costs"`
		Attribution  startInput `yaml:"attribution"`
	} `yaml:"company"`
	Categories map[Category]struct {
		Minutes map[adoption.Class]startInput `yaml:"minutes"`
		Ceiling *startInput                   `yaml:"ceiling"`
	} `yaml:"categories"`
}

var start = sync.OnceValue(func() (f startFile) {
	if err := yaml.UnmarshalWithOptions(startText, &f, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("assumptions: start.yaml: %s", err)) // part of the program; its test reads it
	}
	return f
})

// Start is the document that a company begins with: start values only, no tool, all of grade C.
func Start(currency string, set adoption.Day) *Document {
	c := start().Company
	return &Document{
		Currency: currency, Horizon: c.Horizon, Spread: c.Spread, Tools: map[string]Tool{},
		Rates:        map[string]Input{adoption.Company: c.Rate.input(MoneyPerHour, set)},
		WorkingWeeks: c.WorkingWeeks.input(Weeks, set), Recapture: c.Recapture.input(Share, set), DiscountRate: c.DiscountRate.input(Share, set),
		RiskBenefits: c.RiskBenefits.input(Share, set), RiskCosts: c.RiskCosts.input(Share, set),
	}
}

// StartTool is what a new tool of a category begins with, of grade C; ok is false for a category without start values.
func StartTool(category Category, set adoption.Day) (t Tool, ok bool) {
	values, ok := start().Categories[category]
	if !ok {
		return Tool{}, false
	}
	t = Tool{Category: category, Attribution: start().Company.Attribution.input(Share, set), Minutes: map[adoption.Class]Input{}}
	for class, s := range values.Minutes {
		t.Minutes[class] = s.input(Minutes, set)
	}
	if values.Ceiling != nil {
		ceiling := values.Ceiling.input(Minutes, set)
		t.Ceiling = &ceiling
	}
	return t, true
}

// WithNewTools is the document with start values for the tools of a company that it does not have yet, and their
// licences where seats and a price are known. A category that has no start values, and none at all, is taken as the
// one that saves nothing: mail. The document itself stays as it is.
func (d *Document) WithNewTools(tools []adoption.Tool, set adoption.Day) *Document {
	with := *d
	with.Tools = maps.Clone(d.Tools)
	if with.Tools == nil {
		with.Tools = map[string]Tool{}
	}
	for _, tool := range tools {
		if _, has := with.Tools[tool.ID]; has {
			continue
		}
		t, known := StartTool(Category(tool.Category), set)
		if !known {
			t, _ = StartTool(uncredited, set)
		}
		if licences, ok := licencesOf(tool, set); ok {
			t.Costs = []Cost{licences}
		}
		with.Tools[tool.ID] = t
	}
	return &with
}

// uncredited is the category whose actions save nothing.
const uncredited Category = "mail"
