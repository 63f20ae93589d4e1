package mapping

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxFile  = 1 << 20 // bytes
	maxFiles = 1000
)

// A Set is the mappings of all sources: the files SOURCE.yaml of a directory. It may be used by any number of
// goroutines. A nil Set has no files.
type Set struct {
	dir      string
	mappings atomic.Pointer[map[string]*Mapping]

	mu     sync.Mutex
	files  map[string]file // by path, as they were read last
	unread error           // why the directory could not be read
}

// file is a mapping file.
type file struct {
	stamp
	source  string
	mapping *Mapping // in force; nil where there is none yet
	wrong   Errors
}

// stamp is by what a changed file is known.
type stamp struct {
	size    int64
	changed time.Time
}

// none is what holds for a source without a file.
var none = &Mapping{people: ordinary}

// Load reads the mappings of a directory; one that is not there has none yet. A mistake in any of them is Errors, with
// all mistakes of all files.
func Load(dir string) (*Set, error) {
	s := &Set{dir: dir}
	s.mappings.Store(&map[string]*Mapping{})
	if _, err := s.Reload(); err != nil {
		return nil, err
	}
	if wrong := s.Mistakes(); len(wrong) > 0 {
		return nil, wrong
	}
	return s, nil
}

// Of is the mapping of a source, never nil: one without a file has the defaults.
func (s *Set) Of(source string) *Mapping {
	if s == nil {
		return none
	}
	if m := (*s.mappings.Load())[source]; m != nil {
		return m
	}
	return none
}

// Dir is the directory of the files.
func (s *Set) Dir() string { return s.dir }

// Sources are the sources that have a mapping in force, in order.
func (s *Set) Sources() []string {
	if s == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(*s.mappings.Load()))
}

// Mistakes are those of the files as they were read last. Of a file with mistakes the mapping before it is in force.
func (s *Set) Mistakes() Errors {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all Errors
	for _, path := range slices.Sorted(maps.Keys(s.files)) {
		all = append(all, s.files[path].wrong...)
	}
	if s.unread != nil {
		all = append(all, s.unread.Error())
	}
	return all
}

// Watch reads what has changed, every so often, until ctx ends. A mistake is logged once.
func (s *Set) Watch(ctx context.Context, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changed, err := s.Reload()
		if err != nil && !failed {
			log.Error("the mappings cannot be read; those that were read last stay in force", "error", err)
		}
		failed = err != nil
		if mistakes := s.Mistakes(); len(changed) > 0 && len(mistakes) > 0 {
			log.Error("a mapping has mistakes; the one before it stays in force", "mistakes", mistakes.Error())
		}
		for _, source := range changed {
			log.Info("mapping read", "source", source)
		}
	}
}

// Reload reads the files that have another size, time or name than when they were read last, and returns the sources
// whose files have changed. Mistakes in them are not errors here: Mistakes tells of them.
func (s *Set) Reload() (changed []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, err := stamps(s.dir)
	if s.unread = err; err != nil {
		return nil, err
	}
	files, inForce := map[string]file{}, map[string]*Mapping{}
	for path, is := range now {
		f, known := s.files[path]
		if !known || f.stamp != is {
			f = f.readAgain(path, is)
			changed = append(changed, f.source)
		}
		files[path] = f
		if f.mapping != nil {
			inForce[f.source] = f.mapping
		}
	}
	for path, f := range s.files {
		if _, there := now[path]; !there {
			changed = append(changed, f.source)
		}
	}
	if len(changed) > 0 {
		s.files = files
		s.mappings.Store(&inForce)
		slices.Sort(changed)
	}
	return changed, nil
}

// readAgain is the file as it is now. A wrong one leaves the mapping before it in force. What is changed while it is
// read has another stamp and is read once more.
func (f file) readAgain(path string, is stamp) file {
	f = file{stamp: is, mapping: f.mapping}
	var wrong string
	if f.source, wrong = sourceOf(path); wrong != "" {
		f.wrong = Errors{path + ": " + wrong}
		return f
	}
	text, err := os.ReadFile(path)
	if err != nil {
		f.wrong = Errors{fmt.Sprintf("%s: it cannot be read: %v", path, err)}
		return f
	}
	var m *Mapping
	if m, f.wrong = Parse(path, text); f.wrong == nil {
		f.mapping = m
	}
	return f
}

// stamps are the mapping files of a directory, by path.
func stamps(dir string) (map[string]stamp, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]stamp{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the mappings: %w", err)
	}
	all := map[string]stamp{}
	for _, entry := range entries {
		ending := strings.ToLower(filepath.Ext(entry.Name()))
		if ending != ".yaml" && ending != ".yml" || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		file := filepath.Join(dir, entry.Name())
		info, err := os.Stat(file) // through links, as files of a ConfigMap are
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue // gone meanwhile
			}
			return nil, fmt.Errorf("read the mappings: %w", err)
		}
		all[file] = stamp{info.Size(), info.ModTime()}
		switch {
		case len(all) > maxFiles:
			return nil, fmt.Errorf("read the mappings: %s holds more than %d files", dir, maxFiles)
		case info.Size() > maxFile:
			return nil, fmt.Errorf("read the mappings: %s has more than %d bytes", file, maxFile)
		}
	}
	return all, nil
}

// sourceOf is the source that a file is about, or what is wrong with its name.
func sourceOf(path string) (source, mistake string) {
	name := filepath.Base(path)
	source, found := strings.CutSuffix(name, ".yaml")
	switch {
	case !found:
		return name, "a mapping's file ends in .yaml: name it SOURCE.yaml"
	case source == "" || len(source) > maxWord:
		return name, "the file is named as the source is called in `uptake token list`, and .yaml"
	}
	return source, ""
}
