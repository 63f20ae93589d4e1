package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"uptake/clickhouse/embedded"
)

// Code sorts what can go wrong with the store, for programs.
type Code string

// The codes. Each has a sentence for a person in Error.Message.
const (
	Locked              Code = "locked"               // another process has the data directory
	DiskFull            Code = "disk_full"            // no space where the engine writes
	WrongPassword       Code = "wrong_password"       // user or password refused
	Forbidden           Code = "forbidden"            // the account lacks a right
	Unreachable         Code = "unreachable"          // nobody answers at the DSN's address
	TooOld              Code = "too_old"              // the server is older than supported
	MissingLibrary      Code = "missing_library"      // libchdb.so is not there or not loadable
	UnsupportedPlatform Code = "unsupported_platform" // there is no libchdb for this system
	EngineFailed        Code = "engine_failed"        // the embedded engine did not start
	InvalidConfig       Code = "invalid_config"       // DSN, database name or data directory
	OutOfMemory         Code = "out_of_memory"        // a statement wanted more than it may have
	TimedOut            Code = "timed_out"            // past the context's deadline or max_execution_time
	Cancelled           Code = "cancelled"            // the context was cancelled, or the statement killed
	Closed              Code = "closed"               // the store was closed
	Overloaded          Code = "overloaded"           // too many statements, too many parts
	Statement           Code = "statement"            // the engine refused the statement: an error of ours
	Unknown             Code = "unknown"              // anything else
)

// Sentinels for errors.Is, one for each code a caller may want to treat apart.
var (
	ErrLocked         = &Error{Code: Locked}
	ErrDiskFull       = &Error{Code: DiskFull}
	ErrWrongPassword  = &Error{Code: WrongPassword}
	ErrUnreachable    = &Error{Code: Unreachable}
	ErrTooOld         = &Error{Code: TooOld}
	ErrMissingLibrary = &Error{Code: MissingLibrary}
)

// Error is an error with a code for programs and a sentence for people.
type Error struct {
	Code    Code
	Message string // whole sentences that say what to do; never holds a password
	Err     error  // the cause, for the log; may be nil
}

// Error is the sentence, and the cause behind it.
func (e *Error) Error() string {
	switch {
	case e.Message == "":
		return "clickhouse: " + string(e.Code)
	case e.Err == nil:
		return e.Message
	}
	return e.Message + " (" + e.Err.Error() + ")"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors of the same code equal, for errors.Is(err, ErrLocked).
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code && other.Message == ""
}

// CodeOf sorts any error that Open or a method of DB returned. It is Unknown for
// foreign errors, and "" for nil.
func CodeOf(err error) Code {
	var own *Error
	var exception *driver.Exception
	switch {
	case err == nil:
		return ""
	case errors.As(err, &own):
		return own.Code
	case errors.Is(err, embedded.ErrClosed), errors.Is(err, driver.ErrConnectionClosed):
		return Closed
	case errors.As(err, &exception):
		return codeOfException(exception)
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return DiskFull
	case errors.Is(err, driver.ErrAcquireConnTimeout):
		return Overloaded
	}
	var network net.Error
	var operation *net.OpError
	if errors.As(err, &operation) || errors.As(err, &network) {
		return Unreachable
	}
	return Unknown
}

// Explain returns an *Error for any error of a statement: the code, and a sentence
// that may be shown to a user. The cause stays inside, for the log. nil stays nil.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	code := CodeOf(err)
	return &Error{Code: code, Message: sentences[code], Err: err}
}

var sentences = map[Code]string{
	DiskFull:      "The disk that ClickHouse writes to is full: free space there; nothing that was stored before is lost.",
	WrongPassword: "ClickHouse refused the user name or the password: check UPTAKE_CLICKHOUSE_DSN.",
	Forbidden:     "The ClickHouse account lacks a right that Uptake needs: grant it, or use another account in UPTAKE_CLICKHOUSE_DSN.",
	Unreachable:   "The ClickHouse server does not answer: check that it runs and that UPTAKE_CLICKHOUSE_DSN names its host and port.",
	OutOfMemory:   "The statement needs more memory than ClickHouse may use: ask for a shorter period, or give it more memory.",
	TimedOut:      "The statement took longer than it may.",
	Cancelled:     "The statement was cancelled.",
	Closed:        "The store is closed: Uptake is shutting down.",
	Overloaded:    "ClickHouse has too much to do at once: try again later.",
	Statement:     "ClickHouse refused a statement of Uptake's: this is an error in Uptake, its log says more.",
	Unknown:       "ClickHouse failed: the log says more.",
}

// The engine's error codes that are told apart (src/Common/ErrorCodes.cpp).
func codeOfException(e *driver.Exception) Code {
	switch e.Code {
	case 192, 193, 194, 516: // UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED
		return WrongPassword
	case 291, 497: // DATABASE_ACCESS_DENIED, ACCESS_DENIED
		return Forbidden
	case 241, 173: // MEMORY_LIMIT_EXCEEDED, CANNOT_ALLOCATE_MEMORY
		return OutOfMemory
	case 159, 160: // TIMEOUT_EXCEEDED, TOO_SLOW
		return TimedOut
	case 394: // QUERY_WAS_CANCELLED
		return Cancelled
	case 202, 252, 745: // TOO_MANY_SIMULTANEOUS_QUERIES, TOO_MANY_PARTS, SERVER_OVERLOADED
		return Overloaded
	case 209, 210, 279: // SOCKET_TIMEOUT, NETWORK_ERROR, ALL_CONNECTION_TRIES_FAILED
		return Unreachable
	case 243: // NOT_ENOUGH_SPACE
		return DiskFull
	case 75, 76, 87, 1000, 1001: // failed writes; which errno is only in the text
		if noSpace(e.Message) {
			return DiskFull
		}
		return Unknown
	case 1, 6, 10, 16, 20, 27, 36, 38, 41, 42, 43, 44, 46, 47, 48, 49, 53, 57, 60, 62, 69, 70, 80, 81, 82, 115,
		117, 125, 179, 184, 215, 321, 349, 352, 386, 395, 407, 456, 457, 636: // unknown names, wrong types, syntax
		return Statement
	}
	if noSpace(e.Message) {
		return DiskFull
	}
	return Unknown
}

// noSpace finds ENOSPC in a message: its number as the engine appends it, or the
// C++ library's words, which are the only trace a failed filesystem call leaves.
func noSpace(message string) bool {
	return strings.Contains(message, "errno: 28") || strings.Contains(message, syscall.ENOSPC.Error()) ||
		strings.Contains(message, "No space left on device")
}

// explainEngine words why the embedded engine did not open.
func explainEngine(err error) error {
	e := &Error{Code: EngineFailed, Err: err, Message: "The embedded ClickHouse did not start: what it printed on standard error says why."}
	const server = "set UPTAKE_CLICKHOUSE_DSN to use a ClickHouse server instead"
	switch {
	case errors.Is(err, embedded.ErrLocked):
		e.Code = Locked
		e.Message = "Another Uptake process uses this data directory: stop it, or choose another directory with UPTAKE_DATA."
	case errors.Is(err, embedded.ErrPlatform):
		e.Code = UnsupportedPlatform
		e.Message = "The embedded ClickHouse exists for Linux on amd64 and arm64 only: " + server + "."
	case errors.Is(err, embedded.ErrNoLibrary):
		e.Code = MissingLibrary
		e.Message = "The embedded ClickHouse is not installed: run `make build`, or set UPTAKE_LIBCHDB to the path of libchdb.so, or " + server + "."
	case errors.Is(err, embedded.ErrLibrary):
		e.Code = MissingLibrary
		e.Message = "The embedded ClickHouse cannot be loaded: run `make build` again, or set UPTAKE_LIBCHDB to the path of another libchdb.so, or " + server + "."
	case errors.Is(err, embedded.ErrOtherPath):
		e.Code = InvalidConfig
		e.Message = "One process can have only one data directory open with the embedded ClickHouse."
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Code, e.Message = DiskFull, sentences[DiskFull]
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		e.Code = InvalidConfig
		e.Message = "The data directory cannot be used: choose another with UPTAKE_DATA, or give this user the right to write there."
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Code = CodeOf(err)
		e.Message = sentences[e.Code]
	}
	return e
}

// explainOpen words why a server could not be used.
func explainOpen(err error, s store) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	e := &Error{Code: CodeOf(err), Err: err}
	e.Message = sentences[e.Code]
	address := strings.Join(s.options.Addr, ", ")
	var answered *driver.HTTPError
	switch {
	case e.Code == Unreachable, e.Code == TimedOut:
		e.Code = Unreachable
		e.Message = fmt.Sprintf("No ClickHouse server answers at %s: check that it runs, and the host and port in UPTAKE_CLICKHOUSE_DSN "+
			"(clickhouse:// wants the native port, usually 9000; http:// the HTTP port, usually 8123).", address)
	case errors.Is(err, driver.ErrUnsupportedServerRevision):
		return tooOldError("unknown, from before 2016")
	case !errors.As(err, &answered) || e.Code != Unknown:
	case answered.StatusCode == http.StatusUnauthorized, answered.StatusCode == http.StatusForbidden:
		e.Code, e.Message = WrongPassword, sentences[WrongPassword]
	default:
		e.Code = Unreachable
		e.Message = fmt.Sprintf("What answers at %s is not ClickHouse's HTTP port: check the host and port in UPTAKE_CLICKHOUSE_DSN (usually 8123).", address)
	}
	return e
}
