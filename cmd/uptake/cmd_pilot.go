package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"

	"uptake/value/effect"
	"uptake/value/pilot"
)

var pilotCommand = command{
	name:    "pilot",
	args:    "power",
	summary: "say beforehand what effect a pilot of a size could find",
	help: `Usage: uptake pilot power --treated N --comparison N --people N [--weeks N] [--weeks-before N] [--power P | --effect POINTS]

How large an effect on the share of people who are active in a week a pilot of this size finds with
a power of 80 % (or P), or how likely it finds an effect of POINTS. A unit counts as one observation,
however many people it has: more units help more than more people. docs/pilots.md has the formula.`,
	bare: true,
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		var q powerQuestion
		flags.IntVar(&q.plan.Treated, "treated", 0, "`N` units take part")
		flags.IntVar(&q.plan.Comparison, "comparison", 0, "`N` units are compared with them")
		flags.IntVar(&q.setting.People, "people", 0, "`N` people in a unit")
		flags.IntVar(&q.setting.After, "weeks", 8, "it runs for `N` weeks")
		flags.IntVar(&q.setting.Before, "weeks-before", 8, "`N` weeks before are compared")
		flags.Float64Var(&q.share, "share", 50, "`PERCENT` of people active in a week")
		flags.Float64Var(&q.setting.Likeness, "likeness", 0.5, "correlation `R` of two weeks of the same person")
		flags.Float64Var(&q.drift, "drift", 3, "`POINTS` that units move by themselves (standard deviation)")
		flags.Float64Var(&q.power, "power", 80, "power in `PERCENT`")
		flags.Float64Var(&q.effect, "effect", 0, "an effect in `POINTS`, to say how likely it is found")
		return func(_ context.Context, args []string) error {
			if len(args) != 1 || args[0] != "power" {
				return &usageError{message: "pilot: say power", command: "pilot"}
			}
			answer, err := q.answer()
			if err != nil {
				return &usageError{message: "pilot power: " + err.Error(), command: "pilot"}
			}
			return m.print("%s", answer)
		}
	},
}

// powerQuestion is the size of a pilot. Shares are in percent, as a person writes them.
type powerQuestion struct {
	plan                        effect.Plan
	setting                     effect.Setting
	share, drift, power, effect float64
}

// answer says what a pilot of the size finds.
func (q powerQuestion) answer() (string, error) {
	if q.plan.Treated < effect.MinUnits || q.plan.Comparison < effect.MinUnits {
		return "", fmt.Errorf("--treated and --comparison need %d units at least: with fewer nothing is estimated", effect.MinUnits)
	}
	if q.plan.Treated+q.plan.Comparison > pilot.MaxUnits {
		return "", fmt.Errorf("a pilot has at most %d units", pilot.MaxUnits)
	}
	q.setting.Share, q.setting.Drift = q.share/100, q.drift/100
	deviation, err := q.setting.Deviation()
	if errors.Is(err, effect.ErrSetting) {
		return "", errors.New("--people, --weeks and --weeks-before are 1 at least, --share lies between 0 and 100, --likeness and --drift are 0 at least and under 1 and 100")
	}
	q.plan.Deviation = deviation
	size := fmt.Sprintf("%d units of %d people against %d like them, %d weeks before and %d after", q.plan.Treated, q.setting.People, q.plan.Comparison, q.setting.Before, q.setting.After)
	if q.effect != 0 {
		power, err := q.plan.Power(q.effect / 100)
		return fmt.Sprintf("%s: an effect of %.1f points is found in %.0f %% of such pilots.", size, math.Abs(q.effect), 100*power), err
	}
	least, err := q.plan.Detectable(q.power / 100)
	if err != nil {
		return "", errors.New("--power lies between 5 and 100")
	}
	return fmt.Sprintf("%s: an effect of %.1f points or more is found with a power of %g %%.", size, 100*least, q.power), nil
}
