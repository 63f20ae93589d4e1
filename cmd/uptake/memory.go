package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// leastGarbage may pile up before it is collected, in percent of what is alive. Go's own 100 would, under load, give
	// garbage what the engine in the same process has better use for.
	leastGarbage = 30
	// cheapGarbage may pile up in any case, in bytes: while little is alive, collecting often costs processor time and
	// saves next to nothing.
	cheapGarbage = 64 << 20
)

// shareMemory has Go collect its garbage as late as leastGarbage and cheapGarbage allow, anew after each collection.
// GOGC in the environment would win: then it is not to be called.
func shareMemory() {
	adjustGarbage()
	// An object that nobody holds is found by every collection; its finaliser is told of each, and lets it go again.
	var watch func(*collected)
	watch = func(c *collected) {
		adjustGarbage()
		runtime.SetFinalizer(c, watch)
	}
	runtime.SetFinalizer(&collected{}, watch)
}

// collected has a pointer inside so that the runtime does not put it together with others, which would never be freed.
type collected struct{ _ *collected }

func adjustGarbage() {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/gogc:percent"}}
	metrics.Read(samples)
	want, is := garbagePercent(samples[0].Value.Uint64()), samples[1].Value.Uint64()
	if uint64(want) != is { // setting it stops the world
		debug.SetGCPercent(want)
	}
}

// garbagePercent is what may pile up beside so many bytes alive, in percent of them.
func garbagePercent(alive uint64) int {
	return int(max(leastGarbage, 100*cheapGarbage/max(alive, 1<<20)))
}
