package ingest

import (
	"net"
	"net/netip"
	"strings"
)

// strangerMark begins the name of the share of those whose key is not read yet. No source can be called so.
const strangerMark = "\x00"

// unknownYet stands for all of them in metrics and in the log, which hold nobody's address.
const unknownYet = "(not known yet)"

// stranger is the name of the share of what comes from a remote address (host:port) without saying who it is. Each
// address has its own, so that a crowd from one keeps out nobody else; one machine has all IPv6 addresses of a /64.
func stranger(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	if address, err := netip.ParseAddr(host); err == nil {
		address = address.Unmap().WithZone("")
		host = address.String()
		if address.Is6() {
			if network, err := address.Prefix(64); err == nil {
				host = network.String()
			}
		}
	}
	return strangerMark + host
}

// sourceLabel is how the metrics and the log call a source or a stranger.
func sourceLabel(source string) string {
	if source == "" || strings.HasPrefix(source, strangerMark) {
		return unknownYet
	}
	return source
}

// subject is how a sentence for the client begins that says what its share is too small for.
func (s *share) subject() string {
	if strings.HasPrefix(s.name, strangerMark) {
		return "The address that this comes from"
	}
	return "This source"
}
