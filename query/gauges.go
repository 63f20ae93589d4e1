package query

import "uptake/adoption"

// GaugesAnswer is what /metrics publishes: the KPIs of the last closed day, unit × tool, as far as the gate lets them through.
//
//	func (c *Company) Gauges(ctx context.Context) (*GaugesAnswer, error)
type GaugesAnswer struct {
	Date    *adoption.Day // the day they are of; nil where no figures exist
	Rows    []AdoptionRow // suppressed rows are left out: a hidden figure is no sample
	LeftOut int           // unit × tool pairs beyond the bound, smallest units first to go
	Hidden  int           // pairs that the gate holds back
}
