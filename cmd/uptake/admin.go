package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"uptake/access"
	"uptake/adoption"
)

// adminUser is the name of the one local administrator.
const adminUser = "admin"

// admin is the local administrator. Only a hash of the password is kept, in the file DATA/admin.
type admin struct {
	path string
	mu   sync.RWMutex
	hash string
}

// openAdmin reads the administrator of a data directory. given is the configured password, "" for none. Where there is
// no administrator yet, none is given and create is set, a password is made and returned: it is never seen again.
func openAdmin(dir, given string, create bool) (a *admin, made string, err error) {
	a = &admin{path: filepath.Join(dir, "admin")}
	text, err := os.ReadFile(a.path)
	switch {
	case err == nil:
		a.hash = strings.TrimSpace(string(text))
		if _, err := access.ParseHash(a.hash); err != nil {
			return nil, "", &adoption.Error{Code: adoption.Conflict, Message: "The file " + a.path + " does not hold a password's hash. Delete it and start again: a new password is made.", Err: err}
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, "", fmt.Errorf("read the administrator: %w", err)
	case given == "" && create:
		made, err = a.renew()
		return a, made, err
	}
	if given != "" && !a.Check(adminUser, given) {
		if err := a.set(given); err != nil {
			return nil, "", err
		}
	}
	return a, "", nil
}

// renew makes a new password and returns it.
func (a *admin) renew() (password string, err error) {
	password = access.NewPassword()
	return password, a.set(password)
}

func (a *admin) set(password string) error {
	hash := access.HashPassword(password)
	if err := replaceFile(a.path, hash+"\n"); err != nil {
		return fmt.Errorf("store the administrator: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hash = hash
	return nil
}

// Check tells whether a name and a password are the administrator's. It takes as long for another name.
func (a *admin) Check(user, password string) bool {
	right := access.CheckPassword(password, a.Hash())
	return right && user == adminUser
}

// SignIn is the administrator, where name and password are right.
func (a *admin) SignIn(name, password string) (access.Person, bool) {
	person, _ := a.Person(adminUser)
	return person, a.Check(name, password)
}

// Person is the administrator, by name. Sessions and tokens from before a new password are over at once.
func (a *admin) Person(name string) (access.Person, bool) {
	sum := sha256.Sum256([]byte(a.Hash()))
	return access.Person{Name: adminUser, Roles: []access.Role{access.Admin}, Epoch: binary.BigEndian.Uint64(sum[:])}, name == adminUser
}

// Hash is what is stored of the password; sessions are bound to it, so that a new password ends them.
func (a *admin) Hash() string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.hash
}

// replaceFile writes a file of mode 0600 durably and in one step.
func replaceFile(path, text string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = temp.WriteString(text)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
