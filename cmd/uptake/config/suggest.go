package config

import (
	"fmt"

	"uptake/adoption"
)

// suggest is ", did you mean X?" for the known word that is closest to the one written, or "".
func suggest(written string, known []string) string {
	if word := adoption.Closest(written, known); word != "" {
		return fmt.Sprintf(", did you mean %s?", word)
	}
	return ""
}
