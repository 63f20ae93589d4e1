package query

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every text that the rules name is there, and every text is named by a rule.
func TestTextsOfSentencesAreCompleteAndUsed(t *testing.T) {
	named := map[string]bool{}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(literal.Value); err == nil && strings.HasPrefix(text, "say.") {
				named[text] = true
			}
			return true
		})
	}
	// What a key is completed with at run time: the figure, the caution, "where the unit is named".
	for _, kind := range figureKinds {
		named["say.name."+kind.key], named["say.formula."+kind.key] = true, true
	}
	for _, rule := range []string{"gap", "gap_before", "coverage", "new_source", "running", "unsettled"} {
		named["say.caution."+rule] = true
	}
	for _, against := range []Against{AgainstBefore, AgainstYearAgo} { // of the cautions, these speak of the earlier days
		for _, key := range []string{"say.answer.alone", "say.caution.gap_before", "say.caution.new_source"} {
			named[key+against.suffix()] = true
		}
		named["say.on."+string(against)] = true
	}
	for _, key := range []string{"say.unused_unit", "say.concentrated_unit", "say.nobody.hidden_any", "say.nobody.used_any", "say.company.rose_only", "say.company.fell_only"} {
		named[key] = true
	}
	for key := range named {
		if !strings.HasSuffix(key, ".") {
			assert.Contains(t, inEnglish, key)
		}
	}
	for key := range inEnglish {
		assert.True(t, named[key], "nothing says %s", key)
	}
}
