package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// nodeClients are the clients of testdata/clients, which `make clients` brings from npm.
func nodeClients(t *testing.T) []client {
	node := func(script string, env ...string) func(*testing.T, plan) {
		return func(t *testing.T, p plan) { runNode(t, p, script, env...) }
	}
	if _, err := os.Stat(filepath.Join("testdata", "clients", "node_modules")); err != nil {
		require.Empty(t, os.Getenv("UPTAKE_TEST_ALL"), "the clients from npm are not here: run `make clients`")
		t.Log("left out: the clients from npm are not here; `make clients` brings them")
		return nil
	}
	return []client{
		{name: "segment-node", paths: "properties.", send: node("segment.mjs"), more: []string{"segment-node: 1 view consume by 1 on 1 times"}},
		{name: "rudder-node", paths: "properties.", send: node("rudder.mjs")},
		{name: "posthog-node", paths: "properties.", send: node("posthog.mjs")},
		{name: "cloudevents-node", paths: "data.", send: node("cloudevents.mjs")},
		{name: "otel-node-json", paths: "attributes.", send: node("otel.mjs", "UPTAKE_ENCODING=http")},
		{name: "otel-node-proto", paths: "attributes.", send: node("otel.mjs", "UPTAKE_ENCODING=proto")},
	}
}

// runNode runs a script until its client has sent all, and fails if the client says that something failed.
func runNode(t *testing.T, p plan, script string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	told, err := json.Marshal(p)
	require.NoError(t, err)
	cmd := exec.CommandContext(ctx, "node", script)
	cmd.Dir = filepath.Join("testdata", "clients")
	cmd.Env = append(append(os.Environ(), "UPTAKE_PLAN="+string(told)), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
