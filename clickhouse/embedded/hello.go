package embedded

import (
	"fmt"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// helloQuery is what the driver asks first on each HTTP connection.
const helloQuery = "SELECT displayName(), version(), revision(), timezone()"

// helloRevision is the protocol in which the driver reads the answer to helloQuery.
const helloRevision = 54460

// hello answers helloQuery. It says that the server speaks protocol revision 0,
// which is what the library writes in format Native: the driver then reads every
// later block as it comes, and nothing has to be decoded and encoded again here.
func hello(version string) ([]byte, error) {
	block := proto.NewBlock()
	for _, c := range []struct {
		name string
		kind column.Type
	}{
		{"displayName()", "String"}, {"version()", "String"}, {"revision()", "UInt32"}, {"timezone()", "String"},
	} {
		if err := block.AddColumn(c.name, c.kind); err != nil {
			return nil, fmt.Errorf("hello: %w", err)
		}
	}
	if err := block.Append("embedded", version, uint32(0), "UTC"); err != nil {
		return nil, fmt.Errorf("hello: %w", err)
	}
	var buffer chproto.Buffer
	if err := block.Encode(&buffer, helloRevision); err != nil {
		return nil, fmt.Errorf("hello: %w", err)
	}
	return buffer.Buf, nil
}
