//go:build linux && (amd64 || arm64)

package embedded

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	mebibyte = 1 << 20
	gibibyte = 1 << 30
)

// serverConfig is the engine's configuration file. Its own defaults are those of
// a server that has the machine for itself (5 GiB for each of several caches).
type serverConfig struct {
	XMLName           xml.Name `xml:"clickhouse"`
	Timezone          string   `xml:"timezone"`
	MaxMemory         int64    `xml:"max_server_memory_usage"`
	MarkCache         int64    `xml:"mark_cache_size"`
	IndexMarkCache    int64    `xml:"index_mark_cache_size"`
	PrimaryIndexCache int64    `xml:"primary_index_cache_size"`
	UncompressedCache int64    `xml:"uncompressed_cache_size"`
	IndexUncompressed int64    `xml:"index_uncompressed_cache_size"`
	VectorIndexCache  int64    `xml:"vector_similarity_index_cache_size"`
	IcebergCache      int64    `xml:"iceberg_metadata_files_cache_size"`
	CompiledCache     int64    `xml:"compiled_expression_cache_size"`
	BackupPath        string   `xml:"backups>allowed_path"`

	// How many merges run at once. What a merge needs free besides must not be more than there is.
	Merges       int `xml:"background_pool_size"`
	MergesRatio  int `xml:"background_merges_mutations_concurrency_ratio"`
	FreeMutation int `xml:"merge_tree>number_of_free_entries_in_pool_to_execute_mutation"`
	FreeSmall    int `xml:"merge_tree>number_of_free_entries_in_pool_to_lower_max_size_of_merge"`
	FreeOptimize int `xml:"merge_tree>number_of_free_entries_in_pool_to_execute_optimize_entire_partition"`

	// What one merge holds in memory: so many rows of each of so many parts. The engine's own 8192 of 100 took 100 MB.
	MergeBlock int `xml:"merge_tree>merge_max_block_size"`
	MergeParts int `xml:"merge_tree>max_parts_to_merge_at_once"`
	MergeNice  int `xml:"os_threads_nice_value_merge_mutate"` // merges can wait
}

// writeConfig completes the options and writes the engine's configuration into
// the storage directory. The caller holds the directory's lock.
func writeConfig(path string, options *Options) (string, error) {
	if options.MaxMemory <= 0 {
		options.MaxMemory = max(memoryOfMachine()/2, gibibyte)
	}
	if options.MaxConnections <= 0 {
		options.MaxConnections = 64
	}
	if options.DrainTimeout <= 0 {
		options.DrainTimeout = 5 * time.Second
	}
	if options.BackupDir == "" {
		options.BackupDir = filepath.Join(filepath.Dir(path), "backups")
	}
	backups, err := filepath.Abs(options.BackupDir)
	if err != nil {
		return "", fmt.Errorf("find the backup directory: %w", err)
	}
	options.BackupDir = backups
	if err := os.MkdirAll(backups, 0o750); err != nil {
		return "", fmt.Errorf("create the backup directory: %w", err)
	}
	cache := min(max(options.MaxMemory/16, 16*mebibyte), 512*mebibyte)
	config, err := xml.MarshalIndent(serverConfig{
		Timezone: "UTC", MaxMemory: options.MaxMemory,
		MarkCache: cache, IndexMarkCache: cache / 4, PrimaryIndexCache: cache,
		UncompressedCache: 0, IndexUncompressed: 0,
		VectorIndexCache: mebibyte, IcebergCache: mebibyte, CompiledCache: 32 * mebibyte,
		BackupPath: backups,
		Merges:     min(max(runtime.NumCPU(), 2), 16), MergesRatio: 1, FreeMutation: 1, FreeSmall: 1, FreeOptimize: 1,
		MergeBlock: 2048, MergeParts: 20, MergeNice: 10,
	}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the engine's configuration: %w", err)
	}
	name := filepath.Join(path, "uptake-engine.xml")
	if err := os.WriteFile(name, config, 0o600); err != nil {
		return "", fmt.Errorf("write the engine's configuration: %w", err)
	}
	return name, nil
}

// tagSetting carries the connection's tag into system.processes, where a KILL
// finds the statement. A query_id would do as well, but the library chooses its own.
const tagSetting = "log_comment"

// baseSettings are what each statement starts from, unless it says otherwise.
func baseSettings(options Options) map[string]string {
	// A single statement may not take all: something must be left for the others
	// and for background merges. Past half of it, GROUP BY and ORDER BY go to disk.
	perStatement := options.MaxMemory / 4 * 3
	return map[string]string{
		"max_memory_usage":                   strconv.FormatInt(perStatement, 10),
		"max_bytes_before_external_group_by": strconv.FormatInt(perStatement/2, 10),
		"max_bytes_before_external_sort":     strconv.FormatInt(perStatement/2, 10),
		"async_insert":                       "0",
		"session_timezone":                   "UTC",
	}
}

// memoryOfMachine is the smaller of physical memory and the cgroup's limit.
func memoryOfMachine() int64 {
	total := int64(4) * gibibyte
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		total = int64(info.Totalram) * int64(info.Unit)
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && limit > 0 {
				total = min(total, limit)
			}
		}
	}
	return total
}
