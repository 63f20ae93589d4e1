package clickhouse_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
)

// oldServer starts Debian's clickhouse-server (18.16 of 2018) on free ports, with
// a password, as a process of its own, and returns its two addresses.
func oldServer(t *testing.T) (native, http string) {
	t.Helper()
	binary, err := exec.LookPath("clickhouse-server")
	if err != nil {
		const message = "clickhouse-server is not installed: apt-get install -y --no-install-recommends clickhouse-server"
		if os.Getenv("CI") == "true" || os.Getenv("UPTAKE_TEST_ALL") == "1" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	dir := t.TempDir()
	ports := freePorts(t, 3)
	config := fmt.Sprintf(`<yandex><logger><level>warning</level><console>1</console></logger>
<listen_host>127.0.0.1</listen_host><tcp_port>%d</tcp_port><http_port>%d</http_port><interserver_http_port>%d</interserver_http_port>
<path>%s/data/</path><tmp_path>%[4]s/tmp/</tmp_path><users_config>users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>5242880</mark_cache_size></yandex>`,
		ports[0], ports[1], ports[2], dir)
	const users = `<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password>secret-1</password>
<networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config.xml"), []byte(config), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "users.xml"), []byte(users), 0o600))

	var output bytes.Buffer
	server := exec.Command(binary, "--config-file="+filepath.Join(dir, "config.xml"))
	server.Stdout, server.Stderr = &output, &output
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Logf("the server said: %s", output.String())
		}
	})
	native, web := fmt.Sprintf("127.0.0.1:%d", ports[0]), fmt.Sprintf("127.0.0.1:%d", ports[1])
	require.Eventually(t, func() bool { return listens(native) && listens(web) }, 30*time.Second, 50*time.Millisecond,
		"the server does not start")
	return native, web
}

func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

func listens(address string) bool {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

func TestOldServerIsRefusedWithItsVersion(t *testing.T) {
	native, web := oldServer(t)
	for _, dsn := range []string{
		"clickhouse://default:secret-1@" + native + "/uptake",
		"http://default:secret-1@" + web + "/uptake",
		"http://default:secret-1@127.0.0.1:1," + web + "/uptake", // a second host answers
	} {
		_, err := clickhouse.Open(t.Context(), clickhouse.Config{DSN: dsn})
		require.ErrorIs(t, err, clickhouse.ErrTooOld, clickhouse.RedactDSN(dsn))
		assert.Contains(t, err.Error(), "18.16.1")
		assert.Contains(t, err.Error(), "24.8")
		assert.NotContains(t, err.Error(), "secret-1")
	}
}

func TestWrongPasswordIsSaidWithoutTheWrongPassword(t *testing.T) {
	native, web := oldServer(t)
	for _, dsn := range []string{"clickhouse://default:secret-2@" + native, "http://default:secret-2@" + web} {
		_, err := clickhouse.Open(t.Context(), clickhouse.Config{DSN: dsn})
		require.ErrorIs(t, err, clickhouse.ErrWrongPassword, clickhouse.RedactDSN(dsn))
		assert.NotContains(t, err.Error(), "secret-2")
	}
}

func TestWrongProtocolForThePort(t *testing.T) {
	native, web := oldServer(t)
	_, err := clickhouse.Open(t.Context(), clickhouse.Config{DSN: "http://default:secret-1@" + native})
	require.ErrorIs(t, err, clickhouse.ErrUnreachable)
	assert.Contains(t, err.Error(), "8123")
	_, err = clickhouse.Open(t.Context(), clickhouse.Config{DSN: "clickhouse://default:secret-1@" + web + "?dial_timeout=1s"})
	require.ErrorIs(t, err, clickhouse.ErrUnreachable)
	assert.Contains(t, err.Error(), "9000")
}

func TestNoServer(t *testing.T) {
	for _, dsn := range []string{"clickhouse://u:secret-3@127.0.0.1:1/x", "http://u:secret-3@127.0.0.1:1/x", "https://u:secret-3@127.0.0.1:1/x"} {
		_, err := clickhouse.Open(t.Context(), clickhouse.Config{DSN: dsn})
		require.ErrorIs(t, err, clickhouse.ErrUnreachable)
		assert.Contains(t, err.Error(), "127.0.0.1:1")
		assert.NotContains(t, err.Error(), "secret-3")
	}
}

func TestSilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	for _, scheme := range []string{"clickhouse", "http"} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		begun := time.Now()
		_, err = clickhouse.Open(ctx, clickhouse.Config{DSN: scheme + "://" + listener.Addr().String()})
		cancel()
		require.ErrorIs(t, err, clickhouse.ErrUnreachable)
		assert.Less(t, time.Since(begun), 3*time.Second)
	}
}

func TestOtherHTTPServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	_, err = clickhouse.Open(t.Context(), clickhouse.Config{DSN: "http://" + listener.Addr().String()})
	require.ErrorIs(t, err, clickhouse.ErrUnreachable)
}

func TestInvalidConfiguration(t *testing.T) {
	for _, config := range []clickhouse.Config{
		{},
		{DSN: "localhost:9000"},
		{DSN: "mysql://u:secret-4@localhost/x"},
		{DSN: "clickhouse://u:secret-4%zz@localhost/x"},
		{DSN: "clickhouse://u:secret-4@localhost/x?dial_timeout=soon"},
		{DSN: "clickhouse://u:secret-4@localhost/x", Database: "a; DROP"},
		{DSN: "http://u:secret-4@localhost/a`b"},
	} {
		_, err := clickhouse.Open(t.Context(), config)
		require.Error(t, err)
		assert.Equal(t, clickhouse.InvalidConfig, clickhouse.CodeOf(err), "%v", err)
		assert.NotContains(t, err.Error(), "secret-4")
	}
}

func TestRedactDSN(t *testing.T) {
	for dsn, want := range map[string]string{
		"":                                      "",
		"clickhouse://u:p@h:9000/d?secure=true": "clickhouse://u:***@h:9000/d",
		"https://h:8443/d":                      "https://h:8443/d",
		"http://u@h/d":                          "http://u@h/d",
		"clickhouse://u:p%zz@h/d":               "(unreadable DSN)",
		"clickhouse://u:p@a:1,b:2/d":            "clickhouse://u:***@a:1,b:2/d",
	} {
		assert.Equal(t, want, clickhouse.RedactDSN(dsn))
		assert.False(t, strings.Contains(clickhouse.RedactDSN(dsn), ":p"))
	}
}
