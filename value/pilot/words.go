package pilot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"uptake/value/effect"
)

// reason is why nothing can be estimated, "" where it can.
func reason(p Plan, j Judgement, a, b []Series) string {
	switch {
	case j.State == Waiting:
		return fmt.Sprintf("No day of it is in the figures yet; it begins on %s.", p.Start)
	case len(a) < effect.MinUnits || len(b) < effect.MinUnits:
		return fmt.Sprintf("%s took part and %s can be compared with them; each side needs %d at least, because people of a unit influence each other and a unit counts as one observation.",
			number(len(a), "unit"), number(len(b), "unit"), effect.MinUnits)
	case people(a) < uint64(j.MinGroup) || people(b) < uint64(j.MinGroup):
		return fmt.Sprintf("One side has fewer than %d people.", j.MinGroup)
	case j.WeeksBefore < MinBefore:
		return fmt.Sprintf("Only %s before the start are known of these units; %d are needed to see a trend.", number(j.WeeksBefore, "week"), MinBefore)
	case j.WeeksAfter == 0:
		return "No week has passed yet whose figures look back on the pilot alone."
	}
	return ""
}

func people(side []Series) (n uint64) {
	for _, s := range side {
		n += s.People
	}
	return n
}

// verdict is what may be said of a pilot, in one sentence.
func verdict(p Plan, j Judgement) string {
	switch {
	case j.State == Waiting:
		return fmt.Sprintf("Nothing is known of it yet: it runs from %s to %s, and nothing can be said before its end.", p.Start, p.End)
	case j.Interim:
		return fmt.Sprintf("No verdict before the end on %s; what is seen so far may come and go.", p.End)
	case j.Finding == NotJudged:
		return "No verdict: " + lower(j.Reason)
	}
	m, _ := p.Outcome.of()
	say := func(x float64) string { return amount(m, x) }
	e := j.Effect
	seen := fmt.Sprintf("The change was %s %s than in the units compared with (95 %% interval: %s to %s)", say(math.Abs(e.Effect)), more(e.Effect), bare(m, e.Low), bare(m, e.High))
	if j.Finding != Unclear && slices.Contains(j.Doubts, DoubtLow) {
		seen += ", of which a part may have come by itself, because the units were chosen low"
	}
	switch j.Finding {
	case Success:
		return fmt.Sprintf("%s, which chance alone would hardly give and which reaches the %s that were to be a success.", seen, say(math.Abs(p.Outcome.Success)))
	case Smaller:
		return fmt.Sprintf("%s, which chance alone would hardly give, but less than the %s that were to be a success.", seen, say(math.Abs(p.Outcome.Success)))
	case Opposite:
		return seen + ", which chance alone would hardly give, and the opposite of what was wanted."
	case Unclear:
		return seen + ", but this does not show that the pilot did it: " + doubts(j.Doubts) + "."
	}
	sentence := fmt.Sprintf("No effect was found: the change was %s %s than in the units compared with, and anything from %s to %s fits the weeks as well", say(math.Abs(e.Effect)), more(e.Effect), bare(m, e.Low), bare(m, e.High))
	if j.Detectable != nil {
		sentence += fmt.Sprintf("; a pilot of this size finds effects of %s or more", say(*j.Detectable))
	}
	return sentence + "."
}

func more(effect float64) string {
	if effect < 0 {
		return "less"
	}
	return "more"
}

// doubts names what else may explain a difference.
func doubts(all []Doubt) string {
	words := map[Doubt]string{
		DoubtTrend: "the sides went apart before it began", DoubtPlacebo: "a difference like it is found in the weeks before, where there was none to find",
		DoubtLow:       "its units were chosen low, and such units rise by themselves",
		DoubtFew:       "with so few units no choice of them stands out",
		DoubtNotChosen: "other choices of units show as large a difference",
	}
	var list []string
	for _, d := range all {
		list = append(list, words[d])
	}
	return strings.Join(list, "; ")
}

// amount writes a figure with its unit.
func amount(m Metric, x float64) string { return strings.TrimSpace(bare(m, x) + " " + m.Words) }

// bare is a figure without its unit. Shares are told in points.
func bare(m Metric, x float64) string {
	if m.Share {
		x *= 100
	}
	return strings.Replace(strconv.FormatFloat(x, 'f', 1, 64), "-", "−", 1)
}

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func lower(s string) string {
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
