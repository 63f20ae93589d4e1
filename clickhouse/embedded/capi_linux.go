//go:build linux && (amd64 || arm64)

package embedded

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// capi holds the addresses of the C functions of libchdb that are used here.
type capi struct {
	connect, closeConn                          uintptr
	query, streamQuery, streamFetch, streamStop uintptr
	resultBuffer, resultLength, resultError     uintptr
	destroyResult, classify                     uintptr
	setSignalHandlers                           uintptr
}

// load opens the library once a process: it can be neither unloaded nor loaded
// twice, and a failed attempt may be repeated (the file may appear later).
var load = struct {
	sync.Mutex
	api *capi
}{}

func loadLibrary() (*capi, error) {
	load.Lock()
	defer load.Unlock()
	if load.api != nil {
		return load.api, nil
	}
	path, err := FindLibrary()
	if err != nil {
		return nil, err
	}
	// Symbols stay local: the library brings its own C++ runtime and allocator,
	// which must not be found in place of the process's.
	lib, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLibrary, err)
	}
	var api capi
	for name, fn := range map[string]*uintptr{
		"chdb_connect":                     &api.connect,
		"chdb_close_conn":                  &api.closeConn,
		"chdb_query_with_params_n":         &api.query,
		"chdb_stream_query_with_params_n":  &api.streamQuery,
		"chdb_stream_fetch_result":         &api.streamFetch,
		"chdb_stream_cancel_query":         &api.streamStop,
		"chdb_result_buffer":               &api.resultBuffer,
		"chdb_result_length":               &api.resultLength,
		"chdb_result_error":                &api.resultError,
		"chdb_destroy_query_result":        &api.destroyResult,
		"chdb_classify_query_n":            &api.classify,
		"chdb_set_signal_handlers_enabled": &api.setSignalHandlers,
	} {
		if *fn, err = purego.Dlsym(lib, name); err != nil {
			return nil, fmt.Errorf("%w: %s lacks %s, it is too old", ErrLibrary, path, name)
		}
	}
	withSignalHandlersKept(func() { purego.SyscallN(api.setSignalHandlers, 0) })
	load.api = &api
	return &api, nil
}

// open starts a connection; the first one starts the engine. It returns zero if
// the engine refuses; it tells nobody why except standard error.
func (c *capi) open(args []string) (handle uintptr) {
	var arena cArena
	defer arena.free()
	argv := make([]uintptr, len(args)+1) // C wants a NULL at the end
	for i, arg := range args {
		argv[i] = arena.bytes(arg)
	}
	withSignalHandlersKept(func() {
		handle, _, _ = purego.SyscallN(c.connect, uintptr(len(args)), arena.pointers(argv))
	})
	return handle
}

func (c *capi) close(handle uintptr) {
	withSignalHandlersKept(func() { purego.SyscallN(c.closeConn, handle) })
}

// param is one server-side parameter: {name:Type} in the statement.
type param struct{ name, value string }

// call runs fn (query or streamQuery), which share their shape, and returns a result handle.
func (c *capi) call(fn, handle uintptr, statement, format string, params []param) uintptr {
	var arena cArena
	defer arena.free()
	var names, nameLens, values, valueLens []uintptr
	for _, p := range params {
		names = append(names, arena.bytes(p.name))
		nameLens = append(nameLens, uintptr(len(p.name)))
		values = append(values, arena.bytes(p.value))
		valueLens = append(valueLens, uintptr(len(p.value)))
	}
	conn := *(*uintptr)(pointer(handle)) // chdb_connect returns the address of the connection
	result, _, _ := purego.SyscallN(fn, conn,
		arena.bytes(statement), uintptr(len(statement)),
		arena.bytes(format), uintptr(len(format)),
		arena.pointers(names), arena.pointers(nameLens),
		arena.pointers(values), arena.pointers(valueLens), uintptr(len(params)))
	return result
}

// statements counts the statements in a text, with the engine's own parser and
// without running them. It is 0 for what cannot be parsed.
func (c *capi) statements(handle uintptr, text string) int {
	var arena cArena
	defer arena.free()
	analysis := make([]uint32, 4) // struct chdb_query_analysis_v1: size, statements, flags, class
	analysis[0] = uint32(len(analysis)) * 4
	arena.pinner.Pin(&analysis[0])
	conn := *(*uintptr)(pointer(handle))
	failed, _, _ := purego.SyscallN(c.classify, conn, arena.bytes(text), uintptr(len(text)), 0, 0,
		uintptr(unsafe.Pointer(&analysis[0])))
	if int32(failed) != 0 {
		return 0
	}
	return int(analysis[1])
}

func (c *capi) fetch(handle, stream uintptr) uintptr {
	conn := *(*uintptr)(pointer(handle))
	result, _, _ := purego.SyscallN(c.streamFetch, conn, stream)
	return result
}

func (c *capi) stop(handle, stream uintptr) {
	conn := *(*uintptr)(pointer(handle))
	purego.SyscallN(c.streamStop, conn, stream)
}

// take copies a result's bytes or its error out of the library.
func (c *capi) take(result uintptr) ([]byte, error) {
	if result == 0 {
		return nil, parseException("Code: 1000. DB::Exception: the engine gave no answer")
	}
	if message, _, _ := purego.SyscallN(c.resultError, result); message != 0 {
		return nil, parseException(goString(message))
	}
	length, _, _ := purego.SyscallN(c.resultLength, result)
	if length == 0 {
		return nil, nil
	}
	buffer, _, _ := purego.SyscallN(c.resultBuffer, result)
	if buffer == 0 {
		return nil, nil
	}
	data := make([]byte, length)
	copy(data, unsafe.Slice((*byte)(pointer(buffer)), length))
	return data, nil
}

func (c *capi) destroy(result uintptr) {
	if result != 0 {
		purego.SyscallN(c.destroyResult, result)
	}
}

// pointer turns an address of C memory into a pointer. Such memory is outside the
// Go heap, so the garbage collector has no say in it.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

func goString(address uintptr) string {
	var n uintptr
	for *(*byte)(pointer(address + n)) != 0 {
		n++
	}
	return strings.Clone(unsafe.String((*byte)(pointer(address)), n))
}

// cArena keeps Go memory in its place while C looks at it.
type cArena struct{ pinner runtime.Pinner }

// bytes returns the address of a copy of s that ends with a zero byte.
func (a *cArena) bytes(s string) uintptr {
	b := make([]byte, len(s)+1)
	copy(b, s)
	a.pinner.Pin(&b[0])
	return uintptr(unsafe.Pointer(&b[0]))
}

func (a *cArena) pointers(p []uintptr) uintptr {
	if len(p) == 0 {
		return 0
	}
	a.pinner.Pin(&p[0])
	return uintptr(unsafe.Pointer(&p[0]))
}

func (a *cArena) free() { a.pinner.Unpin() }
