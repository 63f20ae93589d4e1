package ingest

import (
	"encoding/json"
	"net/http"
	"strings"

	"uptake/adoption"
)

// writeError answers with the error form that all of Uptake shares and returns the status. What is none of our own
// errors becomes "internal" and reveals nothing; the caller logs it.
func writeError(w http.ResponseWriter, err error) (status int) {
	public := errorHeader(w, err)
	type body struct {
		Code    adoption.Code `json:"code"`
		Message string        `json:"message"`
		Field   string        `json:"field,omitempty"`
	}
	return writeJSON(w, public.Code.Status(), map[string]body{"error": {public.Code, public.Message, public.Field}})
}

// errorHeader sets the headers that belong to an error, and returns what the client may know of it.
func errorHeader(w http.ResponseWriter, err error) *adoption.Error {
	public := adoption.Public(err)
	switch public.Code.Status() {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="uptake"`)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		if w.Header().Get("Retry-After") == "" {
			w.Header().Set("Retry-After", retryAfter(err))
		}
	}
	return public
}

// writeJSON answers with v as JSON and returns the status.
func writeJSON(w http.ResponseWriter, status int, v any) int {
	text, err := json.Marshal(v)
	if err != nil { // only types of this package come here, and all of them can be marshalled
		status, text = http.StatusInternalServerError, []byte(`{"error":{"code":"internal","message":"The answer could not be written."}}`)
	}
	return writeBody(w, status, "application/json; charset=utf-8", text)
}

// writeBody answers with a body and returns the status.
func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) int {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone: what was accepted stays accepted
	return status
}

// credential is the token of the request's Authorization header, "" if it has none: Bearer TOKEN, or Basic with the
// token as the user and whatever password, which is how clients with a "write key" send it.
func credential(r *http.Request) string {
	if user, _, ok := r.BasicAuth(); ok {
		return user
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// authorise is the grant of the token that the request bears in its header.
func authorise(tokens *Tokens, r *http.Request) (Grant, error) { return grantOf(tokens, credential(r)) }

// grantOf is the grant of a token to send: Unauthorized without a known one, Forbidden where it is one for reading.
func grantOf(tokens *Tokens, token string) (Grant, error) {
	if token == "" {
		return Grant{}, &adoption.Error{Code: adoption.Unauthorized, Message: "A token is needed here: send the header Authorization: Bearer TOKEN. `uptake token create --source NAME` makes one."}
	}
	grant, ok := tokens.Check(token)
	if !ok {
		return Grant{}, &adoption.Error{Code: adoption.Unauthorized, Message: "This token is not known. It may have been revoked, or belong to another installation."}
	}
	if grant.Kind != SourceToken {
		return Grant{}, &adoption.Error{Code: adoption.Forbidden, Message: "This token is not for sending events. `uptake token create --source NAME` makes one for sending."}
	}
	return grant, nil
}

// allowMethod is nil for the one method a route takes; else it sets Allow and answers 405 itself.
func allowMethod(w http.ResponseWriter, r *http.Request, method string) bool {
	if r.Method == method {
		return true
	}
	w.Header().Set("Allow", method)
	writeJSON(w, http.StatusMethodNotAllowed, map[string]any{"error": map[string]string{
		"code": "method_not_allowed", "message": "This address takes " + method + " only."}})
	return false
}
