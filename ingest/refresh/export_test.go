package refresh

import "time"

// SetGrace changes how long superseded rows stay.
func (r *Refresher) SetGrace(d time.Duration) { r.grace = d }

// SetMost changes how many days of figures one refresh computes.
func (r *Refresher) SetMost(days int) { r.most = days }
