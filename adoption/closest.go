package adoption

// Closest is the known word that the written one was probably meant to be, "" when none is near: at most a third of
// its letters differ.
func Closest(written string, known []string) string {
	best, least := "", len(written)/3+1
	for _, word := range known {
		if d := distance(written, word); d <= least && d < len(word) {
			best, least = word, d-1
		}
	}
	return best
}

// distance is Levenshtein's: how many letters must be changed, added or left out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
