package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"uptake/clickhouse"
)

func cpu() int64 {
	var b syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &b)
	return (b.Utime.Nano() + b.Stime.Nano()) / 1e6
}

func main() {
	ctx := context.Background()
	db, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: os.Args[1]})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	text, _ := os.ReadFile(os.Args[2])
	for _, q := range strings.Split(string(text), ";\n") {
		q = strings.TrimSpace(q)
		if q == "" {
			continue
		}
		began, c := time.Now(), cpu()
		ctx, cancel := context.WithTimeout(ctx, 40*time.Second); defer cancel(); rows, err := db.Query(ctx, q)
		if err != nil {
			fmt.Println("ERR", err)
			continue
		}
		n := 0
		types := rows.ColumnTypes()
		show := strings.HasPrefix(q, "--show")
		for rows.Next() {
			n++
			if show {
				vals := make([]any, len(types))
				strs := make([]string, len(types))
				for i := range vals {
					vals[i] = &strs[i]
				}
				if err := rows.Scan(vals...); err != nil {
					fmt.Println(err)
				}
				fmt.Println(strings.Join(strs, " | "))
			}
		}
		err = rows.Err()
		rows.Close()
		fmt.Printf("%6d ms  %6d ms cpu  %d rows %v\n    %s\n", time.Since(began).Milliseconds(), cpu()-c, n, err, strings.ReplaceAll(q, "\n", " ")[:min(len(q), 230)])
	}
}
