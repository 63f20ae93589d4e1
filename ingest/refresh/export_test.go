package refresh

import "time"

// SetGrace changes how long superseded rows stay.
func (r *Refresher) SetGrace(d time.Duration) { r.grace = d }
