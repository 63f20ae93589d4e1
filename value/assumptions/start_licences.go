package assumptions

import (
	"strconv"

	"uptake/adoption"
	"uptake/value/cash"
)

// licencesOf is the licence line of a tool whose yearly price per seat the directory has; ok is false where it has none.
// It is of grade C like all start values: a list price, until somebody has looked into the contract.
func licencesOf(tool adoption.Tool, set adoption.Day) (c Cost, ok bool) {
	price, err := strconv.ParseFloat(tool.Price, 64)
	if err != nil || price <= 0 || price > mostMoney || tool.Currency == "" {
		return Cost{}, false
	}
	monthly := Input{Range: cash.Exactly(price / 12), Unit: Money, Source: "the directory: price per seat and year (tools.csv), a twelfth", Grade: Assumed, Owner: StartOwner, Set: set}
	line := Line{Name: "Licences", Amount: monthly, Per: SeatMonth, Currency: tool.Currency}
	return Cost{Line: line, Class: Cash, Kind: "licences"}, true
}
