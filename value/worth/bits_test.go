package worth_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Go may join a product and a sum into one instruction, where the processor has it, and then rounds once and not twice:
// the last digits of a figure would depend on the machine. An explicit conversion forbids that, so in these packages
// every product of floats must stand in float64(…), or under a division, which is never joined.
func TestNoProductCanBeJoinedToASum(t *testing.T) {
	for _, folder := range []string{".", "../cash"} {
		products, naked := productsOf(t, folder, nil)
		require.Empty(t, naked, folder)
		require.Greater(t, products, 10, folder)
	}
	_, naked := productsOf(t, "", "package p\nfunc f(a, b, c float64, n int) float64 { a += b * c; n = 2 * n; d := a * b; return float64(a*b) + a*b/c + c/a*b + d }")
	require.Len(t, naked, 3, "the rule bites: b * c, a * b, and c/a*b")
}

// productsOf counts the products of floats in the files of a folder, or in a text, and lists those that are naked.
func productsOf(t *testing.T, folder string, text any) (products int, naked []string) {
	set := token.NewFileSet()
	var files []*ast.File
	names := []string{"text.go"}
	if text == nil {
		var err error
		names, err = filepath.Glob(filepath.Join(folder, "*.go"))
		require.NoError(t, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, text, 0)
		require.NoError(t, err)
		files = append(files, file)
	}
	// What other packages declare is not looked up: it counts as a float.
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	_, _ = config.Check("p", set, files, info) // it fails for what is imported
	for _, file := range files {
		var above []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				above = above[:len(above)-1]
				return true
			}
			if isProduct(n, info) {
				products++
				if !guarded(above) {
					naked = append(naked, set.Position(n.Pos()).String())
				}
			}
			above = append(above, n)
			return true
		})
	}
	return products, naked
}

type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not looked up") }

// isProduct tells whether a node multiplies what are not integers, and is no constant.
func isProduct(n ast.Node, info *types.Info) bool {
	if assign, ok := n.(*ast.AssignStmt); ok && assign.Tok == token.MUL_ASSIGN {
		return true
	}
	product, ok := n.(*ast.BinaryExpr)
	if !ok || product.Op != token.MUL {
		return false
	}
	known := info.Types[product]
	if known.Value != nil {
		return false
	}
	basic, _ := known.Type.(*types.Basic)
	return basic == nil || basic.Info()&types.IsInteger == 0
}

// guarded tells whether what stands above a product keeps it from being joined: a conversion, a division, or a product
// that is looked at itself.
func guarded(above []ast.Node) bool {
	for _, n := range slices.Backward(above) {
		switch n := n.(type) {
		case *ast.ParenExpr:
			continue
		case *ast.BinaryExpr:
			return n.Op == token.QUO || n.Op == token.MUL
		case *ast.CallExpr:
			to, ok := n.Fun.(*ast.Ident)
			return ok && slices.Contains([]string{"float64", "int64", "int"}, to.Name)
		default:
			return false
		}
	}
	return false
}
