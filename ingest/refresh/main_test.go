package refresh_test

import (
	"testing"

	"uptake/clickhouse/clickhousetest"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }
