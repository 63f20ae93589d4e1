package main

import (
	"net/http"
	"net/http/pprof"
)

// profileHandler serves Go's profiles of this process: where its time and its memory go. They name functions of the
// program; only a goroutine dump or the command line may show more, so the address is for operators alone.
func profileHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
