package wire

import "bytes"

// The functions here walk JSON that was found valid before. They look for the ends of values and do not check;
// on text that is not valid they still stay inside it.

// skipSpace is the index of the first byte from i on that is no white space.
func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

// skipValue is the index behind the value that starts at i.
func skipValue(text []byte, i int) int {
	if i >= len(text) {
		return i
	}
	switch text[i] {
	case '"':
		return skipString(text, i)
	case '{', '[':
		return skipNested(text, i)
	}
	for i < len(text) && text[i] != ',' && text[i] != '}' && text[i] != ']' && text[i] > ' ' {
		i++
	}
	return i
}

// skipString is the index behind the string whose opening quote is at i.
func skipString(text []byte, i int) int {
	for i++; i < len(text); {
		quote := bytes.IndexByte(text[i:], '"')
		if quote < 0 {
			return len(text)
		}
		end := i + quote
		backslashes := 0
		for end-backslashes > i && text[end-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return end + 1
		}
		i = end + 1
	}
	return len(text)
}

// skipNested is the index behind the object or array that starts at i.
func skipNested(text []byte, i int) int {
	for depth := 0; i < len(text); {
		switch text[i] {
		case '"':
			i = skipString(text, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(text)
}

// members calls yield with each name (its quotes included) and value of an object; yield ends the walk with false.
func members(object []byte, yield func(name, value []byte) bool) {
	for i := skipSpace(object, 1); i < len(object) && object[i] == '"'; {
		name := object[i:skipString(object, i)]
		i = skipSpace(object, i+len(name))
		i = skipSpace(object, i+1) // the colon
		if i >= len(object) {
			return
		}
		value := object[i:skipValue(object, i)]
		if len(value) == 0 || !yield(name, value) {
			return
		}
		i = skipSpace(object, i+len(value))
		i = skipSpace(object, i+1) // the comma, or the end
	}
}

// elements calls yield with each value of an array; yield ends the walk with false.
func elements(array []byte, yield func(value []byte) bool) {
	for i := skipSpace(array, 1); i < len(array) && array[i] != ']'; {
		value := array[i:skipValue(array, i)]
		if len(value) == 0 || !yield(value) {
			return
		}
		i = skipSpace(array, i+len(value))
		i = skipSpace(array, i+1) // the comma, or the end
	}
}
