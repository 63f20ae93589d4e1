package assumptions

import "strconv"

// number writes an amount as short as it can be read back.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
