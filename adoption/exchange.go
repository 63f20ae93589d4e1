package adoption

// ExpectedExchange is how much each unit would be expected to send to each other one if every unit sent and received as
// much as it did, and preferred nobody: the model of quasi-independence, in which what i sends to j is aᵢ·bⱼ for i ≠ j,
// with all sums of rows and columns as observed (Goodman 1968, "The analysis of cross-classified data: independence,
// quasi-independence, and interactions in contingency tables with or without missing entries", JASA 63(324)).
// flows[i][j] is what i sent to j; what a unit sends to itself, flows[i][i], is left out: most exchange stays inside a
// unit, so that beside it any exchange with others would look small. The expected flows[i][i] are 0.
//
// It is fitted by scaling rows and columns in turn (Deming & Stephan 1940, "On a least squares adjustment of a sampled
// frequency table when the expected marginal totals are known", Annals of Mathematical Statistics 11(4)).
func ExpectedExchange(flows [][]uint64) [][]float64 {
	const (
		rounds = 1_000
		enough = 1e-10 // of a factor
	)
	sent, received := exchangeSums(flows)
	a, b := make([]float64, len(flows)), make([]float64, len(flows))
	for i := range flows {
		a[i], b[i] = sent[i], received[i]
	}
	for range rounds {
		if max(scaleFactors(a, b, sent), scaleFactors(b, a, received)) < enough {
			break
		}
	}
	expected := make([][]float64, len(flows))
	for i := range flows {
		expected[i] = make([]float64, len(flows))
		for j := range flows {
			if i != j {
				expected[i][j] = a[i] * b[j]
			}
		}
	}
	return expected
}

// exchangeSums adds up what each unit sent to others and received from others.
func exchangeSums(flows [][]uint64) (sent, received []float64) {
	sent, received = make([]float64, len(flows)), make([]float64, len(flows))
	for i, row := range flows {
		for j, n := range row {
			if i != j {
				sent[i] += float64(n)
				received[j] += float64(n)
			}
		}
	}
	return sent, received
}

// scaleFactors sets each factor so that with those of the other units it makes its sum, and returns the greatest
// relative change.
func scaleFactors(factors, others, sums []float64) (change float64) {
	all := 0.0
	for _, o := range others {
		all += o
	}
	for i, sum := range sums {
		is := 0.0
		if left := all - others[i]; sum > 0 && left > 0 {
			is = sum / left
		}
		if was := factors[i]; was > 0 || is > 0 {
			change = max(change, max(is-was, was-is)/max(is, was))
		}
		factors[i] = is
	}
	return change
}
