package clickhousetest_test

import (
	"context"
	"testing"

	"uptake/clickhouse/clickhousetest"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }

func TestOpenGivesADatabaseOfItsOwn(t *testing.T) {
	for range 2 {
		db := clickhousetest.Open(t)
		ctx := context.Background()
		if err := db.Exec(ctx, "CREATE TABLE t (a UInt64, s String) ENGINE = MergeTree ORDER BY a"); err != nil {
			t.Fatal(err)
		}
		batch, err := db.PrepareBatch(ctx, "INSERT INTO t")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 1000 {
			if err := batch.Append(uint64(i), "a\nb"); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
		var n uint64
		if err := db.QueryRow(ctx, "SELECT count() FROM t WHERE s = 'a\\nb'").Scan(&n); err != nil || n != 1000 {
			t.Fatalf("%d rows, %v", n, err)
		}
	}
}
