package board

import "fmt"

// Code classes an error; it decides the HTTP status and nothing else.
type Code string

// The codes.
const (
	Invalid      Code = "invalid"
	Unauthorized Code = "unauthorized"
	Forbidden    Code = "forbidden"
	NotFound     Code = "not_found"
	Conflict     Code = "conflict"
	TooMany      Code = "too_many"
	Unavailable  Code = "unavailable"
	Internal     Code = "internal"
)

// Error is the one error written for people. Format is an English sentence that
// says what to do, with fmt verbs for Args; it is also the key under which the
// sentence is found in other languages, so it must be a literal where the error is made.
type Error struct {
	Code   Code
	Field  string // the input at fault, by its name on the wire; empty: none
	Format string
	Args   []any
}

func (e *Error) Error() string { return fmt.Sprintf(e.Format, e.Args...) }

// Fault makes an error for people about no field in particular.
func Fault(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Format: format, Args: args}
}

// FieldFault makes an error about one input.
func FieldFault(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Field: field, Format: format, Args: args}
}

// On names the input at fault.
func (e *Error) On(field string) *Error {
	e.Field = field
	return e
}

// Missing is the answer for what does not exist, and for what the reader may not
// see: the two are never told apart.
func Missing() *Error {
	return Fault(NotFound, "There is nothing here. It may have been deleted, or the address may be wrong.")
}
