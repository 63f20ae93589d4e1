package effect

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/combin"
)

const (
	// allAssignments is up to how many assignments of units to the two sides every one is looked at.
	allAssignments = 20_000
	// someAssignments are drawn where there are more.
	someAssignments = 10_000
	permutationSeed = 1
)

// Permutation is the two-sided p of the test of Fisher and Pitman: the share of all assignments of these units to sides
// of these sizes that show a difference of the mean changes at least as large as the one seen. It assumes nothing about
// how changes are distributed. Where there are more than 20,000 assignments it looks at 10,000 drawn with a fixed seed,
// and counts the one that was made among them (Phipson & Smyth 2010), so p is never too small. It fails with TooFew.
func Permutation(treated, comparison []Unit) (float64, error) {
	if len(treated) < MinUnits || len(comparison) < MinUnits {
		return 0, TooFew{len(treated), len(comparison)}
	}
	all := slices.Concat(changes(treated), changes(comparison))
	n := len(treated)
	total := 0.0
	for _, c := range all {
		total += c
	}
	distance := func(sum float64) float64 { // of the means, where the treated ones add up to sum
		return math.Abs(sum/float64(n) - (total-sum)/float64(len(all)-n))
	}
	seen := 0.0
	for _, c := range all[:n] {
		seen += c
	}
	// What is equal may differ in the last digits, because sums are made in another order.
	bound := distance(seen) - 1e-9*(1+math.Abs(total))
	if assignments(len(all), n) <= allAssignments {
		return exact(all, n, func(sum float64) bool { return distance(sum) >= bound }), nil
	}
	return drawn(all, n, func(sum float64) bool { return distance(sum) >= bound }), nil
}

// assignments is how many there are of k of n, or more than allAssignments.
func assignments(n, k int) int {
	count := 1.0
	for i := range min(k, n-k) {
		count *= float64(n-i) / float64(i+1)
		if count > allAssignments+1 {
			return allAssignments + 1
		}
	}
	return int(math.Round(count))
}

func exact(all []float64, k int, extreme func(sum float64) bool) float64 {
	hits, count := 0, 0
	chosen := make([]int, k)
	for g := combin.NewCombinationGenerator(len(all), k); g.Next(); count++ {
		sum := 0.0
		for _, i := range g.Combination(chosen) {
			sum += all[i]
		}
		if extreme(sum) {
			hits++
		}
	}
	return float64(hits) / float64(count)
}

func drawn(all []float64, k int, extreme func(sum float64) bool) float64 {
	r := rand.New(rand.NewPCG(permutationSeed, uint64(len(all))))
	hits, list := 1, slices.Clone(all)
	for range someAssignments {
		sum := 0.0
		for i := range k { // the first k of a shuffle
			j := i + r.IntN(len(list)-i)
			list[i], list[j] = list[j], list[i]
			sum += list[i]
		}
		if extreme(sum) {
			hits++
		}
	}
	return float64(hits) / float64(someAssignments+1)
}
