package dashboard

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// sealer signs what browsers keep for us, and knows it again.
type sealer []byte

// newSealer has a key of its own for a use: the given one signs other things too.
func newSealer(key []byte, use string) sealer {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(use))
	return mac.Sum(nil)
}

// seal is a value that JSON can hold, as the text of a cookie.
func (s sealer) seal(value any) string {
	body, _ := json.Marshal(value) // strings and numbers: cannot fail
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(s.sign(text))
}

// unseal reads what was sealed with the same key for the same use.
func (s sealer) unseal(sealed string, into any) bool {
	text, signature, ok := strings.Cut(sealed, ".")
	if !ok {
		return false
	}
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, s.sign(text)) {
		return false
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Unmarshal(body, into) == nil
}

func (s sealer) sign(text string) []byte {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
