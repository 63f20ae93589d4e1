package query

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Figures that nobody has judged may be touched by what reads them and by the gate, and only the gate makes rows. This
// looks at the code itself, because a way around the gate would break no other test.
func TestNothingGoesAroundTheGate(t *testing.T) {
	allowed := map[string]map[string]bool{
		"rawUse":  {"gate_spread.go": true, "raw.go": true, "raw_by.go": true, "gate.go": true},
		"rawWeek": {"raw.go": true, "raw_by.go": true, "gate.go": true}, "rawSeats": {"raw_seats.go": true, "gate_seats.go": true},
		"rawSpan": {"raw_begin.go": true}, "rawSpans": {"raw_begin.go": true, "raw_waiting.go": true, "gate_begin.go": true}, "rawBegin": {"raw_begin.go": true, "gate_begin.go": true},
		"rawCohorts": {"raw_cohorts.go": true}, "cohortCount": {"raw_cohorts.go": true}, "activeOf": {"raw_cohorts.go": true, "gate_cohorts.go": true},
		"readCohorts": {"raw_cohorts.go": true, "retention.go": true}, "followed": {"retention.go": true, "gate_cohorts.go": true},
		"rawWork": {"raw_work.go": true, "gate_work.go": true, "gate_work_rows.go": true}, "workLine": {"raw_work.go": true}, "workSQL": {"raw_work.go": true}, "actionCountsSQL": {"raw_work.go": true},
		"works": {"raw_work.go": true, "gate_work.go": true, "gate_work_rows.go": true}, "actionCounts": {"raw_work.go": true, "gate_work.go": true, "gate_work_rows.go": true},
		"ActionsRow{": {"gate_work_rows.go": true}, "ActionPart{": {"gate_work_rows.go": true},
		"rawHabit": {"raw_habits.go": true, "gate_habits.go": true}, "rawSpread": {"raw_spread.go": true, "gate_spread.go": true},
		// fields of raw
		"habits": {"raw_habits.go": true, "gate_habits.go": true}, "contributions": {"raw_spread.go": true, "gate_spread.go": true}, "spread": {"raw_spread.go": true, "gate_spread.go": true},
		"use":      {"gate_spread.go": true, "raw.go": true, "raw_by.go": true, "gate.go": true, "population.go": true},
		"weeks":    {"raw.go": true, "raw_by.go": true, "gate.go": true},
		"actions":  {"raw.go": true, "raw_by.go": true, "gate.go": true},
		"rawPairs": {"raw_pairs.go": true, "gate_pairs.go": true}, "packedPairs": {"raw_pairs.go": true, "company.go": true}, "flows": {"raw_pairs.go": true},
		// literals with fields
		"HabitRow{": {"gate_habits.go": true}, "spreadRow{": {"gate_spread.go": true}, "DepthRow{": {"spread.go": true}, "ConcentrationRow{": {"spread.go": true},
		"RetentionRow{": {"gate_cohorts.go": true}, "RetentionWeek{": {"gate_cohorts.go": true},
		"CollaborationRow{": {"gate_pairs.go": true},
		"AdoptionRow{":      {"gate.go": true}, "SeatsRow{": {"gate_seats.go": true}, "RowFrame{": {"gate.go": true},
		"FirstUseRow{": {"gate_begin.go": true}, "DiffusionRow{": {"gate_begin.go": true},
		// statements that ask for figures
		"habitsSQL": {"raw_habits.go": true}, "spreadSQL": {"raw_spread.go": true}, "contributionsSQL": {"raw_spread.go": true},
		"cohortsSQL": {"raw_cohorts.go": true, "retention.go": true}, "cohortSizesSQL": {"raw_cohorts.go": true},
		"pairsSQL": {"raw_pairs.go": true},
		"useSQL":   {"raw.go": true}, "actionsSQL": {"raw.go": true}, "weeksSQL": {"raw.go": true}, "beginSQL": {"raw_begin.go": true}, "byUseSQL": {"raw_by.go": true}, "byWeeksSQL": {"raw_by.go": true}, "seatsSQL": {"raw_seats.go": true},
	}
	// The self-check compares figures and says which are wrong, never what they are.
	for _, word := range []string{"rawUse", "use", "actions"} {
		allowed[word]["selfcheck_parents.go"] = true
	}
	for _, word := range []string{"countChecked", "checkUseShownSQL", "checkUseAnewSQL", "checkWeekShownSQL", "checkWeekAnewSQL"} {
		allowed[word] = map[string]bool{"selfcheck_run.go": true, "selfcheck_read.go": true, "selfcheck_parents.go": true}
	}
	for _, word := range []string{"checkSpreadShownSQL", "checkSpreadAnewSQL", "checkHabitShownSQL", "checkHabitAnewSQL", "checkPairShownSQL", "checkPairAnewSQL", "checkCellShownSQL",
		"checkCohortShownSQL", "checkCohortAnewSQL", "checkBeginShownSQL", "checkBeginAnewSQL", "checkByShownSQL", "checkByAnewSQL", "checkByWeekShownSQL", "checkByWeekAnewSQL"} {
		allowed[word] = map[string]bool{"selfcheck_more.go": true}
	}
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range files {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			var word string
			switch n := n.(type) {
			case *ast.CompositeLit:
				if ident, ok := n.Type.(*ast.Ident); ok && len(n.Elts) > 0 {
					word = ident.Name + "{"
				}
			case *ast.SelectorExpr:
				word = n.Sel.Name
			case *ast.Ident:
				if strings.HasPrefix(n.Name, "raw") || strings.HasSuffix(n.Name, "SQL") {
					word = n.Name
				}
			}
			if where, guarded := allowed[word]; guarded {
				assert.True(t, where[name], "%s touches %s, which only the gate may", name, word)
			}
			return true
		})
	}
}
