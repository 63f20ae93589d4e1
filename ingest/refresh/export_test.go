package refresh

import "time"

// SetGrace changes how long superseded rows stay.
func (r *Refresher) SetGrace(d time.Duration) { r.grace = d }

// SetMost changes how many days of figures one refresh computes.
func (r *Refresher) SetMost(days int) { r.most = days }

// SetMovedFrom changes from how many pairs of a person and a tool on figures are moved.
func (r *Refresher) SetMovedFrom(pairs int) { r.movedFrom = pairs }
