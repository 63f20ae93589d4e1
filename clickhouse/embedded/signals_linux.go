//go:build linux && (amd64 || arm64)

package embedded

import (
	"sync"
	"syscall"
	"unsafe"
)

// kernelSigaction is the kernel's struct sigaction (not libc's), which the raw
// system call reads and writes, the restorer included.
type kernelSigaction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// lastSignal is the last one before the real-time signals, which nobody touches here.
const lastSignal = 31

var signalMutex sync.Mutex

// withSignalHandlersKept runs call and puts every signal's handler back to what
// it was. The library can be told to install none, yet in some versions that very
// call resets SIGSEGV, SIGBUS and SIGFPE to "end the process", and with that every
// nil pointer in Go would kill the service instead of raising a panic.
func withSignalHandlersKept(call func()) {
	signalMutex.Lock()
	defer signalMutex.Unlock()
	var saved [lastSignal + 1]kernelSigaction
	for signal := 1; signal <= lastSignal; signal++ {
		sigaction(signal, nil, &saved[signal])
	}
	call()
	for signal := 1; signal <= lastSignal; signal++ {
		var now kernelSigaction
		sigaction(signal, nil, &now)
		if now.handler != saved[signal].handler || now.mask != saved[signal].mask {
			sigaction(signal, &saved[signal], nil)
		}
	}
}

func sigaction(signal int, set, old *kernelSigaction) {
	if signal == int(syscall.SIGKILL) || signal == int(syscall.SIGSTOP) {
		return
	}
	const maskSize = 8
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), maskSize, 0, 0)
}
