package clickhouse_test

import (
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse/clickhousetest"
)

// typesTable has every type that Uptake's schema uses or may come to use.
const typesTable = `CREATE TABLE types (
	n UInt64, small UInt8, signed Int32, ratio Float64, flag Bool,
	text String, hash FixedString(16), low LowCardinality(String), maybe Nullable(String), low_maybe LowCardinality(Nullable(String)),
	class Enum8('contribute' = 1, 'respond' = 2, 'consume' = 3),
	day Date, old_day Date32, second DateTime, moment DateTime64(3), zoned DateTime64(3, 'Europe/Berlin'),
	texts Array(String), numbers Array(UInt32), low_texts Array(LowCardinality(String)), hashes Array(FixedString(16)), nested Array(Array(UInt8)),
	attributes Map(String, String), low_map Map(LowCardinality(String), UInt64),
	pair Tuple(String, UInt64), id UUID, money Decimal(18, 4), people Nested(name String, count UInt64)
) ENGINE = MergeTree ORDER BY n`

type typesRow struct {
	N         uint64            `ch:"n"`
	Small     uint8             `ch:"small"`
	Signed    int32             `ch:"signed"`
	Ratio     float64           `ch:"ratio"`
	Flag      bool              `ch:"flag"`
	Text      string            `ch:"text"`
	Hash      string            `ch:"hash"`
	Low       string            `ch:"low"`
	Maybe     *string           `ch:"maybe"`
	LowMaybe  *string           `ch:"low_maybe"`
	Class     string            `ch:"class"`
	Day       time.Time         `ch:"day"`
	OldDay    time.Time         `ch:"old_day"`
	Second    time.Time         `ch:"second"`
	Moment    time.Time         `ch:"moment"`
	Zoned     time.Time         `ch:"zoned"`
	Texts     []string          `ch:"texts"`
	Numbers   []uint32          `ch:"numbers"`
	LowTexts  []string          `ch:"low_texts"`
	Hashes    []string          `ch:"hashes"`
	Nested    [][]uint8         `ch:"nested"`
	Attr      map[string]string `ch:"attributes"`
	LowMap    map[string]uint64 `ch:"low_map"`
	ID        uuid.UUID         `ch:"id"`
	PeopleNam []string          `ch:"people.name"`
	PeopleCnt []uint64          `ch:"people.count"`
}

func typesRows() []typesRow {
	word := "with\nnewline\ttab 'quote' \\ \x00 ünïcode 🎉"
	day := time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)
	moment := time.Date(2026, 3, 29, 1, 30, 15, 123e6, time.UTC) // the hour that Berlin skips
	full := typesRow{
		N: 1<<64 - 1, Small: '\n', Signed: -5, Ratio: 0.1, Flag: true,
		Text: word, Hash: "0123456789abcd\n\x00", Low: word, Maybe: &word, LowMaybe: &word, Class: "respond",
		Day: day, OldDay: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), Second: moment.Truncate(time.Second), Moment: moment, Zoned: moment,
		Texts: []string{"", word, "\n"}, Numbers: []uint32{10, 0, 1<<32 - 1}, LowTexts: []string{"a", "a", "\n"},
		Hashes: []string{"0123456789abcdef"}, Nested: [][]uint8{{}, {1, 10}, {13}},
		Attr: map[string]string{"k\n": word, "": ""}, LowMap: map[string]uint64{"a": 10}, ID: uuid.New(),
		PeopleNam: []string{"a", "b\n"}, PeopleCnt: []uint64{1, 10},
	}
	empty := typesRow{
		Hash: "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", Class: "contribute", Day: day, OldDay: day,
		Second: day, Moment: day, Zoned: day,
		Texts: []string{}, Numbers: []uint32{}, LowTexts: []string{}, Hashes: []string{}, Nested: [][]uint8{},
		Attr: map[string]string{}, LowMap: map[string]uint64{}, PeopleNam: []string{}, PeopleCnt: []uint64{},
	}
	return []typesRow{empty, full}
}

func TestTypesSurviveTheRoundTrip(t *testing.T) {
	db := clickhousetest.Open(t)
	ctx := t.Context()
	require.NoError(t, db.Exec(ctx, typesTable))
	want := typesRows()
	batch, err := db.PrepareBatch(ctx, `INSERT INTO types (n, small, signed, ratio, flag, text, hash, low, maybe, low_maybe, class, day, old_day,
		second, moment, zoned, texts, numbers, low_texts, hashes, nested, attributes, low_map, id, people.name, people.count)`)
	require.NoError(t, err)
	for i := range want {
		require.NoError(t, batch.AppendStruct(&want[i]))
	}
	require.NoError(t, batch.Send())

	var got []typesRow
	require.NoError(t, db.Select(ctx, &got, "SELECT * EXCEPT (pair, money) FROM types ORDER BY n"))
	require.Len(t, got, len(want))
	for i := range want {
		for _, pair := range [][2]*time.Time{{&want[i].Second, &got[i].Second}, {&want[i].Moment, &got[i].Moment}, {&want[i].Zoned, &got[i].Zoned}} {
			assert.True(t, pair[0].Equal(*pair[1]), "%v is not %v", pair[0], pair[1])
			*pair[1] = *pair[0]
		}
		assert.Equal(t, want[i], got[i])
	}
	var zone string
	var second time.Time
	require.NoError(t, db.QueryRow(ctx, "SELECT timezone(), second FROM types LIMIT 1").Scan(&zone, &second))
	assert.Equal(t, "UTC", second.Location().String())
	var day string
	require.NoError(t, db.QueryRow(ctx, "SELECT toString(toDate(moment)) FROM types WHERE n > 0").Scan(&day))
	assert.Equal(t, "2026-03-29", day)
}

func TestAggregateStates(t *testing.T) {
	db := clickhousetest.Open(t)
	ctx := t.Context()
	require.NoError(t, db.Exec(ctx, "CREATE TABLE states (day Date, people AggregateFunction(groupBitmap, UInt64)) ENGINE = AggregatingMergeTree ORDER BY day"))
	for range 2 {
		require.NoError(t, db.Exec(ctx, "INSERT INTO states SELECT '2026-01-01', groupBitmapState(number) FROM numbers(1000)"))
	}
	var people uint64
	require.NoError(t, db.QueryRow(ctx, "SELECT groupBitmapMerge(people) FROM states").Scan(&people))
	assert.EqualValues(t, 1000, people)
}

func TestParametersArriveAsTheyWere(t *testing.T) {
	db := clickhousetest.Open(t)
	for _, text := range []string{"", "plain", "it's", `back\slash`, "tab\there", "new\nline", "\r\n", "nul\x00byte", "ünï 🎉", "{x:String}", "a;DROP TABLE b", "`", `\N`, "%20+&=", "--", "/*"} {
		// Named parameters carry any Go string.
		var got string
		err := db.QueryRow(t.Context(), "SELECT {text:String}", driver.Named("text", text)).Scan(&got)
		require.NoError(t, err, "%q", text)
		assert.Equal(t, text, got)

		var list []string
		require.NoError(t, db.QueryRow(t.Context(), "SELECT {list:Array(String)}", driver.Named("list", []string{text, "b"})).Scan(&list), "%q", text)
		assert.Equal(t, []string{text, "b"}, list)
	}
	// WithParameters takes text as the engine reads it: escaped as in TSV.
	ctx := driver.Context(t.Context(), driver.WithParameters(driver.Parameters{
		"day": "2026-01-02", "ids": "[1,2,3]", "text": `a\tb\\c`, "n": "18446744073709551615", "maybe": `\N`, "table": "numbers",
	}))
	var (
		day   time.Time
		ids   []uint64
		text  string
		n     uint64
		maybe *string
	)
	require.NoError(t, db.QueryRow(ctx, "SELECT {day:Date}, {ids:Array(UInt64)}, {text:String}, {n:UInt64}, {maybe:Nullable(String)} FROM system.{table:Identifier} LIMIT 1").
		Scan(&day, &ids, &text, &n, &maybe))
	assert.Equal(t, "2026-01-02", day.Format(time.DateOnly))
	assert.Equal(t, []uint64{1, 2, 3}, ids)
	assert.Equal(t, "a\tb\\c", text)
	assert.EqualValues(t, uint64(1<<64-1), n)
	assert.Nil(t, maybe)
}

func TestParametersInInsertSelect(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (d Date, n UInt64) ENGINE = MergeTree ORDER BY n"))
	require.NoError(t, db.Exec(t.Context(), "INSERT INTO t SELECT {day:Date}, number FROM numbers({n:UInt64})",
		driver.Named("day", "2026-01-02"), driver.Named("n", 5)))
	require.NoError(t, db.Exec(t.Context(), "INSERT INTO t WITH x AS (SELECT number AS a FROM numbers({n:UInt64})) SELECT {day:Date}, a FROM x",
		driver.Named("day", "2026-01-02"), driver.Named("n", 5)))
	require.NoError(t, db.Exec(t.Context(), "INSERT INTO t VALUES ({day:Date}, 7)", driver.Named("day", "2026-01-02")))
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE t DELETE WHERE n = {n:UInt64} SETTINGS mutations_sync = 1", driver.Named("n", 7)))
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t WHERE d = '2026-01-02'").Scan(&n))
	assert.EqualValues(t, 10, n)
}

func TestLiteralNewlinesInStatements(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s -- comment; with semicolon\n"))
	require.NoError(t, db.Exec(t.Context(), "INSERT INTO t VALUES\n('a\nb'),\n('c;d')\n,('e')"))
	var all []string
	require.NoError(t, db.QueryRow(t.Context(), "-- first\nSELECT groupArray(s) /* here ; too */\nFROM (SELECT s FROM t ORDER BY s)").Scan(&all))
	assert.Equal(t, []string{"a\nb", "c;d", "e"}, all)
}
