package mapping

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// MaxName is how many bytes of an unknown name are kept.
const MaxName = 128

const (
	id     = "(id)"      // stands where a name seemed to hold an address or a number of somebody or something
	noName = "(no name)" // of an event without a name
)

// Other is the name under which unknown names beyond the bound are counted.
const Other = "(other)"

// AppendName writes an unknown name as it may be kept: as text that can be shown, at most MaxName bytes, without what
// looks like an address or an id. Clients make names of them by mistake ("Opened by ann@example.com"), and then every
// person would have a name in the table, in clear.
func AppendName(to, name []byte) []byte {
	start := len(to)
	name = withoutIPs(name)
	for len(name) > 0 && len(to)-start <= MaxName {
		n := 0
		if r, size := utf8.DecodeRune(name); isBreak(r) {
			if r == utf8.RuneError && size <= 1 || !unicode.IsPrint(r) {
				r = ' '
			}
			if r != ' ' || len(to) > start && to[len(to)-1] != ' ' {
				to = utf8.AppendRune(to, r)
			}
			name = name[size:]
			continue
		}
		for n < len(name) {
			r, size := utf8.DecodeRune(name[n:])
			if isBreak(r) {
				break
			}
			n += size
		}
		to = appendWord(to, name[:n])
		name = name[n:]
	}
	text := bytes.TrimSpace(cut(to[start:], MaxName))
	if len(text) == 0 {
		return append(to[:start], noName...)
	}
	return append(to[:start], text...)
}

// cut is text without what lies behind n bytes, ended at the end of a character.
func cut(text []byte, n int) []byte {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// isBreak tells whether a character stands between two words, of which each is an address or none.
func isBreak(r rune) bool {
	switch r {
	case '/', '\\', '<', '>', '(', ')', '[', ']', '{', '}', '"', '\'', '`', ',', ';', '|', '=', '&', '?', '#', ':', '!', '*', utf8.RuneError:
		return true
	}
	return unicode.IsSpace(r) || !unicode.IsPrint(r)
}

// appendWord writes a word: (id) for an address, else its parts, of which each may be an id.
func appendWord(to, word []byte) []byte {
	if bytes.IndexByte(word, '@') >= 0 || bytes.Contains(word, []byte("%40")) || isID(word) && isHex(word) {
		return append(to, id...)
	}
	for len(word) > 0 {
		end := bytes.IndexAny(word, "_.+~")
		if end == 0 {
			to, word = append(to, word[0]), word[1:]
			continue
		}
		if end < 0 {
			end = len(word)
		}
		if isID(word[:end]) {
			to = append(to, id...)
		} else {
			to = append(to, word[:end]...)
		}
		word = word[end:]
	}
	return to
}

// isID tells whether a word is made of digits so much that it will be the number of somebody or something: five
// digits, or four in a row that are no year. Versions, steps and status codes stay.
func isID(word []byte) bool {
	digits, row := 0, 0
	for i := 0; i <= len(word); i++ {
		if i < len(word) && '0' <= word[i] && word[i] <= '9' {
			digits++
			row++
			continue
		}
		if row == 4 && !isYear(word[i-4:i]) {
			return true
		}
		row = 0
	}
	return digits > 4
}

func isYear(digits []byte) bool {
	return digits[0] == '1' && digits[1] == '9' || digits[0] == '2' && digits[1] == '0'
}

// isHex tells whether a word may be a UUID or a hash: nothing but hex digits and hyphens.
func isHex(word []byte) bool {
	for _, b := range word {
		if ('0' > b || b > '9') && ('a' > b|0x20 || b|0x20 > 'f') && b != '-' {
			return false
		}
	}
	return true
}
