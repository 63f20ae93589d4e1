package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

var wide = Limits{Event: 64 << 10, Batch: 10_000}

// nested is an event with n levels, itself included.
func nested(n int) string {
	return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
}

func TestDepthIsCountedOutsideOfStrings(t *testing.T) {
	require.False(t, tooDeep([]byte(nested(MaxDepth))))
	require.True(t, tooDeep([]byte(nested(MaxDepth+1))))
	require.False(t, tooDeep([]byte(`{"a":"`+strings.Repeat(`[{\"`, 1000)+`"}`)))
	require.False(t, tooDeep([]byte(`{"a":[`+strings.Repeat(`{},`, 1000)+`{}]}`)))
	require.False(t, tooDeep([]byte(`{"a":`+strings.Repeat(`{"b":1},"a":`, 1000)+`1}`)))
}

func TestADeepEventCostsItselfOnly(t *testing.T) {
	for _, body := range []string{
		`{"id":1}` + "\n" + nested(MaxDepth+1) + "\n" + nested(5000) + "\n" + nested(MaxDepth),
		`[{"id":1},` + nested(MaxDepth+1) + "," + nested(5000) + "," + nested(MaxDepth) + "]",
		`[{"id":1},` + nested(MaxDepth+1) + ",\n\n" + nested(9000) + "," + nested(MaxDepth) + "]",
	} {
		var good int
		var refused []*Refusal
		require.NoError(t, Split([]byte(body), wide, func(_ []byte, wrong *Refusal) error {
			if wrong != nil {
				refused = append(refused, wrong)
			} else {
				good++
			}
			return nil
		}))
		require.Equal(t, []*Refusal{TooDeep, TooDeep}, refused)
		require.Equal(t, 2, good)
	}
}

// Megabytes of opening brackets are refused, without a stack or a time that grows with them: the whole table takes
// half a second, and would take minutes if each line cost the whole body.
func TestBodiesThatNestWithoutEnd(t *testing.T) {
	const size = 4 << 20
	for name, body := range map[string]string{
		"arrays":             strings.Repeat("[", size),
		"objects":            strings.Repeat(`{"a":`, size/5),
		"arrays in an event": `{"a":` + strings.Repeat("[", size),
		"lines of arrays":    strings.Repeat("[\n", size/2),
		"lines of objects":   strings.Repeat("{\"a\":\n", size/6),
		"lines, first good":  "{}\n" + strings.Repeat("{\"a\":\n", 9_000) + strings.Repeat("[", size),
		"an array's events":  "[" + strings.Repeat(`{"a":`, size/5),
		"closed again":       "[" + strings.Repeat("[", size/2) + strings.Repeat("]", size/2) + "]",
	} {
		err := Split([]byte(body), wide, func(value []byte, wrong *Refusal) error {
			if value != nil {
				require.LessOrEqual(t, len(value), 2, name)
			}
			return nil
		})
		if err != nil {
			code := adoption.CodeOf(err)
			require.Contains(t, []adoption.Code{adoption.InvalidParameter, adoption.TooLarge}, code, "%s: %v", name, err)
		}
	}
}
