package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSkipStringSeesEscapes(t *testing.T) {
	for _, text := range []string{`""`, `"a"`, `"\""`, `"\\"`, `"\\\""`, `"a\"\\"`, `"\"\"x\\\\"`} {
		require.Equal(t, len(text), skipString([]byte(text+`,"b"`), 0), text)
	}
	require.Equal(t, 4, skipString([]byte(`"a\"`), 0)) // never behind the end
}
