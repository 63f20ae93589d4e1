package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
)

// The published clients of other products run against the program, and what arrives in ClickHouse is counted.

// use is what a client is asked to tell: somebody did something.
type use struct {
	Name string    `json:"name"`
	ID   string    `json:"id"` // a UUID, because one of the clients takes no other
	Who  string    `json:"who"`
	Time time.Time `json:"time"`
	Page string    `json:"page"`
	To   []string  `json:"to"`
}

// plan is what a client is asked to do.
type plan struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	Uses  []use  `json:"uses"`
}

const (
	editName    = "com.example.page.edited"
	unheardName = "com.example.never.heard.of"
)

// clientRules are the mapping of every client's source.
const clientRules = `tool: wiki
events:
  - name: %s
    action: edit
    object_type: page
    object_from: %[2]spage
    counterparts_from: %[2]sto
`

// plannedUses are three edits, by different people and at different times, and something that nobody knows.
func plannedUses() (uses []use) {
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	for i := range 4 {
		name := editName
		if i == 3 {
			name = unheardName
		}
		uses = append(uses, use{Name: name, ID: fmt.Sprintf("0190b3a4-0000-7000-8000-00000000000%d", i), Who: fmt.Sprintf("u-%d", i+1),
			Time: day.Add(time.Duration(i)*time.Hour + 123*time.Millisecond), Page: fmt.Sprint("p", i), To: []string{"ben@example.com", "cid@example.com"}})
	}
	return uses
}

// client is a published client, and how its format names what the plan asks for.
type client struct {
	name  string
	paths string // what stands before the properties in the format
	send  func(t *testing.T, p plan)
	more  []string // rows of kinds that only this client has
}

// TestPublishedClients lets each client send the same twice, so that only what counts once can be right.
func TestPublishedClients(t *testing.T) {
	clients := append(goClients(), nodeClients(t)...)
	h := newHouse(t)
	mappings := filepath.Join(h.dir, "mappings")
	require.NoError(t, os.MkdirAll(mappings, 0o700))
	tokens := map[string]string{}
	for _, c := range clients {
		require.NoError(t, os.WriteFile(filepath.Join(mappings, c.name+".yaml"), fmt.Appendf(nil, clientRules, editName, c.paths), 0o600))
	}
	s := h.serve()
	for _, probe := range []string{"/flags/?v=2", "/decide", "/array/x/config.js", "/v1/projects/x/settings"} {
		status, answer, err := s.send("", probe, "application/json", strings.NewReader("{}"))
		require.NoError(t, err)
		require.Equal(t, http.StatusNotFound, status)
		require.Contains(t, string(answer), `"code":"not_found"`, probe)
	}
	for _, c := range clients {
		tokens[c.name] = h.must("token", "create", "--source", c.name)
	}
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			for range 2 {
				c.send(t, plan{s.url, tokens[c.name], plannedUses()})
			}
		})
	}
	s.settle(h.must("token", "create", "--reader", "test"))
	require.Zero(t, s.stop(), "%s", s.log)
	require.NotContains(t, s.log.String(), "level=ERROR")

	got := h.query(`SELECT concat(source, ': ', toString(count()), ' ', if(action = 'edit', concat(action, ' ', class, ' ', tool, ' ', object_type, ' to ', toString(length(any(counterparts)))), concat(action, ' ', class)),
		' by ', toString(uniqExact(actor)), ' on ', toString(uniqExact(time)), ' times') FROM events FINAL GROUP BY source, action, class, tool, object_type ORDER BY source, action`)
	for _, c := range clients {
		want := append([]string{
			c.name + ": 3 edit contribute wiki page to 2 by 3 on 3 times",
			c.name + ": 1 " + unheardName + " unknown by 1 on 1 times"}, c.more...)
		var mine []string
		for _, row := range got {
			if strings.HasPrefix(row, c.name+": ") {
				mine = append(mine, row)
			}
		}
		require.ElementsMatch(t, want, mine)
	}
}

// queryVariable tells this test binary to print the answer to a question, one column of text, that the data directory
// of UPTAKE_DATA is asked, or to alter it. The engine can be on one directory a process, so the test asks another process.
const queryVariable = "UPTAKE_TEST_QUERY"

func printAnswer(question string) error {
	ctx := context.Background()
	db, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: os.Getenv("UPTAKE_DATA")})
	if err != nil {
		return err
	}
	defer db.Close()
	if strings.HasPrefix(question, "ALTER ") {
		return db.Exec(ctx, question)
	}
	found, err := db.Query(ctx, question)
	if err != nil {
		return err
	}
	defer found.Close()
	out := bufio.NewWriter(os.Stdout)
	for found.Next() {
		var line string
		if err := found.Scan(&line); err != nil {
			return err
		}
		fmt.Fprintln(out, line)
	}
	if err := found.Err(); err != nil {
		return err
	}
	return out.Flush()
}

// query asks the data directory of a server that has ended.
func (h *house) query(question string) []string {
	h.t.Helper()
	cmd := h.command(h.t.Context())
	cmd.Env = append(cmd.Env, queryVariable+"="+question)
	result := runCommand(h.t, cmd)
	require.Zero(h.t, result.code, "%s", result.stderr)
	return strings.Split(strings.TrimSpace(result.stdout), "\n")
}
