package ingest

import (
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"uptake/adoption"
)

// OutcomesPath is where outcomes are sent to.
const OutcomesPath = "/v1/outcomes"

// OutcomesHandler answers POST /v1/outcomes: rows of unit, date, metric and value from any source's token, as CSV
// (text/csv) or else as JSON, packed with gzip or not. It answers 202 and the Result, or the error form with the fields
// of the Result beside it, where rows are wrong (422); then nothing is stored.
func OutcomesHandler(o *Outcomes, tokens *Tokens, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowMethod(w, r, http.MethodPost) {
			return
		}
		result, source, err := o.receive(w, r, tokens)
		if err != nil {
			refuse(w, log, "outcomes", result, err)
			return
		}
		log.Info("outcomes imported", "source", source, "accepted", result.Accepted, "changed", result.Changed)
		writeJSON(w, http.StatusAccepted, result)
	})
}

// receive checks who sends what, and imports it.
func (o *Outcomes) receive(w http.ResponseWriter, r *http.Request, tokens *Tokens) (result Result, source string, err error) {
	grant, err := authorise(tokens, r)
	if err != nil {
		return Result{}, "", err
	}
	csv, err := sentAsCSV(r.Header.Get("Content-Type"))
	if err != nil {
		return Result{}, "", err
	}
	text, err := readDirectoryBody(w, r)
	if err != nil {
		return Result{}, "", err
	}
	result, err = o.importText(r.Context(), grant.Name, text, csv)
	return result, grant.Name, err
}

// sentAsCSV tells CSV, by its header, from JSON, which comes under many names. Unsupported for a text that is not UTF-8.
func sentAsCSV(header string) (bool, error) {
	media, params, err := mime.ParseMediaType(header)
	if charset := strings.ToLower(params["charset"]); err == nil && charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return false, &adoption.Error{Code: adoption.Unsupported, Field: "Content-Type", Message: "Outcomes come in UTF-8."}
	}
	return media == "text/csv", nil
}
