package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// healthz says that the process answers at all; whoever runs it restarts it when this stops.
func (d *Dashboard) healthz(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "up"})
}

// readyz is 200 as long as events are accepted, for then it is worth sending some. What else is amiss stands in the
// body: figures that lag are no reason to turn senders away. So does the longer piece of work under way, null for none.
func (d *Dashboard) readyz(c *gin.Context) {
	ready := d.cfg.Ready()
	if ready.Degraded == nil {
		ready.Degraded = []string{}
	}
	code := http.StatusOK
	if !ready.Accepting {
		code = http.StatusServiceUnavailable
	}
	answer := struct {
		Readiness
		Working *Work `json:"working"`
	}{Readiness: ready}
	if work := d.cfg.Working(); work.Total > 0 {
		answer.Working = &work
	}
	c.JSON(code, answer)
}
