package ingest

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"uptake/adoption"
)

// secretBytes is the length of the secret under which addresses are hashed.
const secretBytes = 32

// LoadSecret reads the company's secret from a file and makes one on the first start. A file that is there but
// unreadable or malformed is an error, never a reason to make a new one: under another secret every person
// already stored would become a stranger.
func LoadSecret(path string) ([]byte, error) {
	secret, err := ReadSecret(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecret(path)
	}
	return secret, err
}

// ReadSecret is LoadSecret for one who must not make a secret: for a process beside the server that has it.
func ReadSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &adoption.Error{Code: adoption.NotFound, Field: "secret_file", Err: err, Message: "There is no secret in " + path + ". Copy the file DATA/secret of the server to this machine, readable for this user alone, and name it with secret_file"}
	}
	if err != nil {
		return nil, fmt.Errorf("reading the secret: %w", err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretBytes {
		return nil, &adoption.Error{Code: adoption.Conflict, Message: "The file " + path + " does not hold a secret of 64 hex digits. Under it the addresses of all people are hashed: " +
			"with another one nobody already stored would be recognised again. Restore the file from a backup; delete it only if the data beside it may be lost, too."}
	}
	return secret, nil
}

// makeSecret writes a new secret durably before anything is hashed with it. Of two starters at once one wins, and
// the other reads what the first has written (link fails where the name is taken, and the file is whole by then).
func makeSecret(path string) ([]byte, error) {
	dir := filepath.Dir(path)
	secret := make([]byte, secretBytes)
	rand.Read(secret)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	f, err := os.CreateTemp(dir, ".secret-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("writing the secret: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // a file that stays is no harm
	_, err = f.WriteString(hex.EncodeToString(secret) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return nil, fmt.Errorf("writing the secret: %w", err)
	}
	switch err := os.Link(f.Name(), path); {
	case errors.Is(err, fs.ErrExist):
		return ReadSecret(path)
	case err != nil:
		return nil, fmt.Errorf("writing the secret: %w", err)
	}
	return secret, syncDir(dir)
}

// syncDir makes the names of a directory durable; a file that was fsynced is lost with its name otherwise.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening %s: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("syncing %s: %w", dir, err)
	}
	return nil
}
