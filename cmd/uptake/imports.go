package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// importState is how far the import of a file has come. It lies in DATA/imports, one file for each source and path,
// and is written after each batch was acknowledged, so that an import that was stopped goes on where it was. An event
// that is sent twice all the same counts once.
type importState struct {
	Path     string `json:"path"`
	Source   string `json:"source"`
	HeadSize int64  `json:"head_size"` // of what Head was made of
	Head     string `json:"head"`      // hash of the file's beginning: another file under this name begins anew
	Size     int64  `json:"size"`      // of the file when it was read to its end
	Offset   int64  `json:"offset"`    // in the text, behind the last acknowledged line
	Line     int64  `json:"line"`      // the last acknowledged line
	Accepted int64  `json:"accepted"`
	Rejected int64  `json:"rejected"`
	Done     bool   `json:"done"`

	file string // where it is kept, "" for standard input, of which nothing is kept
}

// headSize is how much of a file tells it from another one.
const headSize = 64 << 10

// openImport finds the state of an earlier import of the same file for the same source, or begins a new one.
func openImport(dataDir, source, path string, again bool) (*importState, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256([]byte(source + "\x00" + absolute))
	fresh := &importState{Path: absolute, Source: source, file: filepath.Join(dataDir, "imports", hex.EncodeToString(key[:8])+".json")}
	if fresh.Head, fresh.HeadSize, err = hashHead(path, headSize); err != nil {
		return nil, err
	}
	if again {
		return fresh, nil
	}
	text, err := os.ReadFile(fresh.file)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read how far the import has come: %w", err)
	}
	old := &importState{file: fresh.file}
	if json.Unmarshal(text, old) != nil {
		return fresh, nil //nolint:nilerr // to read a file once more does no harm
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	head, size, err := hashHead(path, old.HeadSize)
	if err != nil {
		return nil, err
	}
	if size != old.HeadSize || head != old.Head || info.Size() < old.Size {
		return fresh, nil
	}
	// A file that has grown since is read on from its old end.
	old.Done = old.Done && info.Size() == old.Size
	return old, nil
}

// hashHead is the hash of a file's first n bytes and how many there were.
func hashHead(path string, n int64) (string, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	sum := sha256.New()
	size, err := io.CopyN(sum, file, n)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", 0, fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}

// save keeps the state durably.
func (s *importState) save() error {
	if s.file == "" {
		return nil
	}
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	err = os.MkdirAll(filepath.Dir(s.file), 0o700)
	if err == nil {
		err = replaceFile(s.file, string(text)+"\n")
	}
	if err != nil {
		return fmt.Errorf("note how far the import has come: %w", err)
	}
	return nil
}
