package dashboard

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// answer sends what was made for a question, under a mark of its bytes: who has them already is told so (304), and gets
// nothing. The mark changes with the data, the rights, the language and the program, for all of them are in the bytes.
func answer(c *gin.Context, status int, media string, body []byte) {
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		mark := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"` // weak: the same answer packed is the same
		c.Header("ETag", mark)
		// Kept by the reader's own browser alone, and asked about each time before it is shown.
		c.Header("Cache-Control", "private, no-cache")
		if hasMark(c.GetHeader("If-None-Match"), mark) {
			c.Status(http.StatusNotModified)
			return
		}
	}
	c.Data(status, media, body)
}

// hasMark tells whether a list of marks holds one (RFC 9110, 13.1.2; weak comparison).
func hasMark(list, mark string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(mark, "W/") {
			return true
		}
	}
	return false
}
