package adoption

// Names with a meaning of their own; no unit or tool of a company may bear them.
const (
	Company    = "company"    // the root of all units
	Unassigned = "unassigned" // child of the company: people without membership
	External   = "external"   // guests, outside the company
	AllTools   = "all"        // all tools together

	DirectSuffix = ".direct" // UNIT.direct: people placed directly in a unit that has children
	RestSuffix   = ".rest"   // UNIT.rest: the hidden children of a unit, as one group
)

// Unit is a business unit. Parent is Company for a unit at the top.
type Unit struct {
	ID, Parent, Name, LegacyEntity string
}

// Tool is one product. Seats and Price are zero and Currency empty where nobody has entered them.
type Tool struct {
	ID, Name, Category, Vendor string
	Seats                      uint32
	Price                      string // decimal, per seat and year, in Currency
	Currency                   string // ISO 4217
}
