package ingest

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lastWrite is the file that the stream of events was writing last, and its size.
type lastWrite struct {
	path string
	size int64
}

// findLastWrite looks into the folder of an embedded server that does not run; ok is false where there is nothing yet.
func findLastWrite(dir string) (last lastWrite, ok bool) {
	blocks, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", eventsStream, "msgs", "*.blk"))
	if err != nil {
		return last, false
	}
	highest := -1
	for _, path := range blocks {
		if n, err := blockNumber(path); err == nil && n > highest {
			last.path, highest = path, n
		}
	}
	info, err := os.Stat(last.path)
	if err != nil {
		return last, false
	}
	last.size = info.Size()
	return last, true
}

// blockNumber is the number that a block's file is called by.
func blockNumber(path string) (int, error) {
	return strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".blk"))
}

// tell logs that the server, which has started meanwhile, has cut off what a crash had left half written. The server
// does that in silence. Nobody was told that it is there: an acknowledgement follows the whole write.
func (w lastWrite) tell(log *slog.Logger) {
	if info, err := os.Stat(w.path); err == nil && info.Size() < w.size {
		log.Warn("the spool ended in the middle of a write, which was cut off; nothing that was acknowledged is lost", "bytes", w.size-info.Size())
	}
}
