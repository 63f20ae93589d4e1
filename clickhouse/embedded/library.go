package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// libraryName is the file that the npm package brings.
const libraryName = "libchdb.so"

// FindLibrary returns the path of the engine library. It looks, in this order,
// at UPTAKE_LIBCHDB (a file, or the folder that holds it; if it is set, nowhere
// else), beside the running binary, in node_modules of the working directory and
// of each of its parents, and in node_modules beside the binary's folder and its
// parents (bin/uptake finds ../node_modules). It returns [ErrNoLibrary] with the
// places it looked at, and [ErrPlatform] where no library can exist.
func FindLibrary() (string, error) {
	module, err := platformModule()
	if err != nil {
		return "", err
	}
	if set := os.Getenv("UPTAKE_LIBCHDB"); set != "" {
		for _, candidate := range []string{set, filepath.Join(set, libraryName)} {
			if isFile(candidate) {
				return candidate, nil
			}
		}
		return "", fmt.Errorf("%w: UPTAKE_LIBCHDB is set to %s, where there is none", ErrNoLibrary, set)
	}

	candidates := places(module)
	for _, candidate := range candidates {
		if isFile(candidate) {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%w (looked at %s)", ErrNoLibrary, strings.Join(candidates, ", "))
}

// places are the files that the library may be, without UPTAKE_LIBCHDB, each once and the better one first.
func places(module string) (candidates []string) {
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		dir := filepath.Dir(exe)
		candidates = append(candidates, filepath.Join(dir, libraryName))
		candidates = append(candidates, modulesAbove(dir, module)...)
	}
	if wd, err := os.Getwd(); err == nil {
		for _, candidate := range modulesAbove(wd, module) {
			if !slices.Contains(candidates, candidate) { // the binary's folder and this one have parents in common
				candidates = append(candidates, candidate)
			}
		}
	}
	return candidates
}

// platformModule names the npm package that holds the library for this platform.
func platformModule() (string, error) {
	if runtime.GOOS == "linux" {
		switch runtime.GOARCH {
		case "amd64":
			return "@chdb/lib-linux-x64-gnu", nil
		case "arm64":
			return "@chdb/lib-linux-arm64-gnu", nil
		}
	}
	return "", fmt.Errorf("%w (%s/%s)", ErrPlatform, runtime.GOOS, runtime.GOARCH)
}

// modulesAbove lists the library's place in node_modules of dir and of each parent.
func modulesAbove(dir, module string) []string {
	var found []string
	for {
		found = append(found, filepath.Join(dir, "node_modules", filepath.FromSlash(module), libraryName))
		parent := filepath.Dir(dir)
		if parent == dir {
			return found
		}
		dir = parent
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
