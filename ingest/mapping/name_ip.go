package mapping

import (
	"bytes"
	"net/netip"
)

// maxIPv6 is how long an IPv6 address can be as text.
const maxIPv6 = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")

// withoutIPs is a name with (id) in the place of the addresses of machines in it, which tell whose they are. It is the
// name itself where there are none.
func withoutIPs(name []byte) []byte {
	if bytes.Count(name, []byte(".")) < 3 && bytes.Count(name, []byte(":")) < 2 {
		return name
	}
	var masked []byte
	done := 0
	for i := 0; i < len(name); {
		n := 0
		if i == 0 || !isAlnum(name[i-1]) {
			n = max(ipv6At(name[i:]), ipv4At(name, i))
		}
		if n == 0 {
			i++
			continue
		}
		masked = append(append(masked, name[done:i]...), id...)
		i += n
		done = i
	}
	if done == 0 {
		return name
	}
	return append(masked, name[done:]...)
}

// ipv6At is the length of the IPv6 address that text begins with, 0 for none. One without a digit is taken for two
// words: Add::Bed.
func ipv6At(text []byte) int {
	n := 0
	for n < len(text) && n <= maxIPv6 && (isHexDigit(text[n]) || text[n] == ':' || text[n] == '.') {
		n++
	}
	if n > 0 && n < len(text) && isAlnum(text[n]) { // in the middle of a word: 2001:db8::1:failed
		n = bytes.LastIndexAny(text[:n], ":.") + 1
	}
	address := text[:n]
	if !bytes.HasSuffix(address, []byte("::")) { // else what ends a sentence may stand behind it
		address = bytes.TrimRight(address, ".:")
	}
	if bytes.Count(address, []byte(":")) < 2 || !bytes.ContainsAny(address, "0123456789") {
		return 0
	}
	if _, err := netip.ParseAddr(string(address)); err != nil {
		return 0
	}
	return len(address)
}

// ipv4At is the length of the IPv4 address that stands in text at i, 0 for none: four numbers below 256, and not five.
func ipv4At(text []byte, i int) int {
	if i > 1 && text[i-1] == '.' && isDigit(text[i-2]) {
		return 0
	}
	at := i
	for part := range 4 {
		if part > 0 {
			if at == len(text) || text[at] != '.' {
				return 0
			}
			at++
		}
		value, start := 0, at
		for at < len(text) && isDigit(text[at]) && at-start < 3 {
			value = value*10 + int(text[at]-'0')
			at++
		}
		if at == start || value > 255 {
			return 0
		}
	}
	if at < len(text) && isAlnum(text[at]) || at+1 < len(text) && text[at] == '.' && isDigit(text[at+1]) {
		return 0
	}
	return at - i
}

func isDigit(b byte) bool    { return '0' <= b && b <= '9' }
func isHexDigit(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }
func isAlnum(b byte) bool    { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'z' }
