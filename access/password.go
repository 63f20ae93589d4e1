package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// Cost of argon2id: RFC 9106, section 4, second recommended option (64 MiB), with fewer passes and lanes, because a
// machine of two cores must still answer pages while somebody signs in.
const (
	argonTime    = 2
	argonMemory  = 64 << 10 // KiB
	argonThreads = 2
	argonKey     = 32
)

// hashing: one password at a time, for each takes 64 MiB.
var hashing sync.Mutex

// HashPassword is a password's hash under a new salt, in the PHC string format.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return hashWith(password, salt)
}

// CheckPassword tells whether a password has a hash. It takes as long for a hash that is none.
func CheckPassword(password, hash string) bool {
	salt, err := ParseHash(hash)
	if err != nil {
		salt = make([]byte, 16)
	}
	return subtle.ConstantTimeCompare([]byte(hashWith(password, salt)), []byte(hash)) == 1
}

func hashWith(password string, salt []byte) string {
	hashing.Lock()
	defer hashing.Unlock()
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64(salt), b64(key))
}

// ParseHash is the salt of a hash that HashPassword wrote.
func ParseHash(hash string) (salt []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return nil, errors.New("not an argon2id hash")
	}
	if want := fmt.Sprintf("m=%d,t=%d,p=%d", argonMemory, argonTime, argonThreads); parts[3] != want {
		return nil, fmt.Errorf("an argon2id hash with the cost %s, not %s", parts[3], want)
	}
	return base64.RawStdEncoding.DecodeString(parts[4])
}

// NewPassword makes a password of 100 bits.
func NewPassword() string { return rand.Text()[:20] }
