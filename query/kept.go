package query

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
)

//go:embed kept.sql
var keptSQL string

// keptLargest bounds one value that is kept, in bytes.
const keptLargest = 32 << 20

// recall finds what an earlier process, or this one, has worked out and kept: by the names of what it follows from. Nothing
// is found where nothing is kept (Company.Keep).
func recall[V any](ctx context.Context, c *Company, about string, names []string) (map[string]V, error) {
	found := map[string]V{}
	if !c.Keep || len(names) == 0 {
		return found, nil
	}
	named, keys := make(map[string]string, len(names)), make([]string, len(names))
	for i, name := range names {
		keys[i] = keptKey(name)
		named[keys[i]] = name
	}
	err := c.each(ctx, keptSQL, params{"about": about, "keys": textList(keys)}, func(scan scanner) error {
		var key, value string
		if err := scan(&key, &value); err != nil {
			return err
		}
		var v V
		if err := gob.NewDecoder(bytes.NewReader([]byte(value))).Decode(&v); err != nil {
			return fmt.Errorf("read what was kept of %s: %w", about, err)
		}
		found[named[key]] = v
		return nil
	})
	return found, err
}

// keep keeps what was worked out, by the names of all that it follows from. A refresh that is published meanwhile does no
// harm: the runs in a name are never those that are shown again.
func keep[V any](ctx context.Context, c *Company, about string, values map[string]V) error {
	if !c.Keep || len(values) == 0 {
		return nil
	}
	batch, err := c.DB.PrepareBatch(ctx, "INSERT INTO kept (about, key, at, value)")
	if err != nil {
		return fmt.Errorf("keep %s: %w", about, err)
	}
	defer batch.Close()
	at := c.now()
	for name, v := range values {
		var text bytes.Buffer
		if err := gob.NewEncoder(&text).Encode(v); err != nil {
			return fmt.Errorf("keep %s: %w", about, err)
		}
		if text.Len() > keptLargest {
			continue
		}
		if err := batch.Append(about, keptKey(name), at, text.String()); err != nil {
			return fmt.Errorf("keep %s: %w", about, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("keep %s: %w", about, err)
	}
	return nil
}

// keptKey is the key of a name: another program has others, because it may work things out in another way.
func keptKey(name string) string {
	sum := sha256.Sum256(append(program(), name...))
	return hex.EncodeToString(sum[:16])
}

// program tells this program from others: it is the hash of its file. Where that cannot be read, each process is another.
var program = sync.OnceValue(func() []byte {
	path, err := os.Executable()
	if err == nil {
		var file *os.File
		if file, err = os.Open(path); err == nil {
			defer file.Close()
			h := sha256.New()
			if _, err = io.Copy(h, file); err == nil {
				return h.Sum(nil)
			}
		}
	}
	chance := make([]byte, sha256.Size)
	_, _ = rand.Read(chance) // it never fails
	return chance
})
