package adoption

import (
	"errors"
	"maps"
	"slices"
)

// Code tells a program what went wrong; Message of an Error tells a person.
type Code string

const (
	InvalidParameter Code = "invalid_parameter" // 400
	Unauthorized     Code = "unauthorized"      // 401
	Forbidden        Code = "forbidden"         // 403
	NotFound         Code = "not_found"         // 404
	Conflict         Code = "conflict"          // 409
	TooLarge         Code = "too_large"         // 413
	Unsupported      Code = "unsupported"       // 415
	Unprocessable    Code = "unprocessable"     // 422
	TooMany          Code = "too_many_requests" // 429
	Unavailable      Code = "unavailable"       // 503
	Internal         Code = "internal"          // 500: the cause stands in the log only
)

// statuses is the one table from codes to the statuses of HTTP (METRICS: The answer's shape).
var statuses = map[Code]int{
	InvalidParameter: 400, Unauthorized: 401, Forbidden: 403, NotFound: 404, Conflict: 409, TooLarge: 413,
	Unsupported: 415, Unprocessable: 422, TooMany: 429, Internal: 500, Unavailable: 503,
}

// Codes lists all codes in alphabetical order.
func Codes() []Code { return slices.Sorted(maps.Keys(statuses)) }

// Status is the status that an answer over HTTP bears for the code: 500 for one that is none of ours.
func (c Code) Status() int {
	if status, known := statuses[c]; known {
		return status
	}
	return statuses[Internal]
}

// Error is a failure whose Message is safe and useful for the reader. Field names the input at fault, if one is.
type Error struct {
	Code    Code
	Message string
	Field   string
	Err     error // the cause, for the log
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// Invalid is an InvalidParameter error about field.
func Invalid(field, message string) *Error {
	return &Error{Code: InvalidParameter, Field: field, Message: message}
}

// CodeOf is the code of err: Internal for an error that is none of ours, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Public is what a reader may see of err: err itself if it is an Error, else an Internal one that reveals nothing.
func Public(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: Internal, Message: "Something failed inside Uptake. The log of the server names the cause.", Err: err}
}
