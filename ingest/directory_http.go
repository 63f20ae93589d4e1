package ingest

import (
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"uptake/adoption"
)

// DirectoryHandler answers POST /v1/directory/{people|units|licences|tools}: a CSV file (text/csv, gzip too) from a
// token that may change the directory. ?strict=1 lets nothing in if a line is wrong. It answers 202 and the Result,
// or the error form with, after a strict refusal (422), the fields of the Result beside it. The figures follow
// within a minute.
func DirectoryHandler(d *Directory, tokens *Tokens, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowMethod(w, r, http.MethodPost) {
			return
		}
		begun := time.Now()
		kind := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		result, err := d.receive(w, r, tokens, kind)
		if err != nil {
			refuse(w, log, kind, result, err)
			return
		}
		log.Info("directory imported", "kind", kind, "accepted", result.Accepted, "changed", result.Changed,
			"rejected", result.RejectedTotal, "seconds", time.Since(begun).Seconds())
		writeJSON(w, http.StatusAccepted, result)
	})
}

// receive checks who sends what, and imports it.
func (d *Directory) receive(w http.ResponseWriter, r *http.Request, tokens *Tokens, kind string) (Result, error) {
	grant, err := authorise(tokens, r)
	if err != nil {
		return Result{}, err
	}
	if !grant.Directory {
		return Result{}, &adoption.Error{Code: adoption.Forbidden,
			Message: "This token may send events, but not change the directory. `uptake token create --source NAME --directory` makes one that may."}
	}
	if err := wantCSV(r.Header.Get("Content-Type")); err != nil {
		return Result{}, err
	}
	strict, err := switchedOn(r, "strict")
	if err != nil {
		return Result{}, err
	}
	text, err := readDirectoryBody(w, r)
	if err != nil {
		return Result{}, err
	}
	return d.importText(r.Context(), kind, text, strict)
}

// wantCSV is Unsupported unless the header says text/csv in UTF-8.
func wantCSV(header string) error {
	media, params, err := mime.ParseMediaType(header)
	charset := strings.ToLower(params["charset"])
	if err != nil || media != "text/csv" || charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return &adoption.Error{Code: adoption.Unsupported, Field: "Content-Type",
			Message: "The directory comes as CSV in UTF-8. Send it with the header Content-Type: text/csv."}
	}
	return nil
}

func switchedOn(r *http.Request, name string) (bool, error) {
	switch r.URL.Query().Get(name) {
	case "", "0", "false":
		return false, nil
	case "1", "true":
		return true, nil
	}
	return false, adoption.Invalid(name, "Write "+name+"=1 or leave it out.")
}

// directoryPatience is how long a client may take to send its file.
const directoryPatience = 5 * time.Minute

// readDirectoryBody is the text of the body. A gzip is told by its first bytes, so the header only has to name
// nothing else.
func readDirectoryBody(w http.ResponseWriter, r *http.Request) (string, error) {
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity", "gzip", "x-gzip":
	default:
		return "", &adoption.Error{Code: adoption.Unsupported, Field: "Content-Encoding", Message: "The body may be packed with gzip or not at all."}
	}
	// Where the connection has no deadline to set (a test's recorder) the body is there already. It is lifted before
	// the import begins: an expired one would cancel the request's context.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(directoryPatience))
	text, err := readDirectoryFile(r.Body)
	_ = control.SetReadDeadline(time.Time{})
	return text, err
}

// refuse answers with the error; after a strict refusal also with the lines that are wrong.
func refuse(w http.ResponseWriter, log *slog.Logger, kind string, result Result, err error) {
	if result.RejectedTotal == 0 {
		if status := writeError(w, err); status == http.StatusInternalServerError {
			log.Error("directory import failed", "kind", kind, "error", err)
		}
		return
	}
	type failure struct {
		Code    adoption.Code `json:"code"`
		Message string        `json:"message"`
	}
	public := adoption.Public(err)
	writeJSON(w, http.StatusUnprocessableEntity, struct {
		Error failure `json:"error"`
		Result
	}{failure{public.Code, public.Message}, result})
}
