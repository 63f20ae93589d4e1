package access

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// MinPassword is how many characters a password has at least.
const MinPassword = 12

// maxAccounts bounds what is kept in memory: more people than that are a matter of a provider of sign-ins.
const maxAccounts = 10_000

// Account is a person with a password. The password's hash never leaves this package.
type Account struct {
	Person
	Disabled bool
	Created  time.Time

	hash    string
	version uint64
}

// Accounts are the local accounts, kept in the table accounts and read once: one process serves the pages and changes
// them. Its methods may be called from many goroutines.
type Accounts struct {
	db       driver.Conn
	now      func() time.Time
	reserved string // a name that no account may have

	change sync.Mutex // one change at a time, from the look at an account until it is written
	mu     sync.RWMutex
	byName map[string]Account
}

//go:embed accounts.sql
var accountsSQL string

// OpenAccounts reads the accounts of a database that was migrated. now is the clock, nil is time.Now; reserved is a
// name that belongs to somebody else.
func OpenAccounts(ctx context.Context, db driver.Conn, now func() time.Time, reserved string) (*Accounts, error) {
	if now == nil {
		now = time.Now
	}
	a := &Accounts{db: db, now: now, reserved: reserved, byName: map[string]Account{}}
	rows, err := db.Query(ctx, accountsSQL)
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var one Account
		var roles []string
		if err := rows.Scan(&one.Name, &roles, &one.Units, &one.hash, &one.Epoch, &one.Disabled, &one.Created, &one.version); err != nil {
			return nil, fmt.Errorf("read the accounts: %w", err)
		}
		for _, r := range roles {
			one.Roles = append(one.Roles, Role(r))
		}
		a.byName[one.Name] = one
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	return a, nil
}

// SignIn is the person whose name and password these are. It takes as long for a name that is none, or is disabled.
func (a *Accounts) SignIn(name, password string) (Person, bool) {
	one, known := a.of(name)
	right := CheckPassword(password, one.hash)
	return one.Person, right && known && !one.Disabled
}

// Person is the holder of an account as it is now; false where there is none or it is disabled.
func (a *Accounts) Person(name string) (Person, bool) {
	one, known := a.of(name)
	return one.Person, known && !one.Disabled
}

// Taken tells whether a name belongs to somebody, disabled or not.
func (a *Accounts) Taken(name string) bool {
	_, known := a.of(name)
	return known || name == a.reserved
}

func (a *Accounts) of(name string) (Account, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	one, known := a.byName[name]
	return one, known
}

// List is all accounts, by name.
func (a *Accounts) List() []Account {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.SortedFunc(maps.Values(a.byName), func(x, y Account) int { return cmp.Compare(x.Name, y.Name) })
}

// Names may stand on a line of a list and in a log, and are no addresses: Uptake keeps none.
var userName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Add makes an account. InvalidParameter with the field; Conflict where the name is taken.
func (a *Accounts) Add(ctx context.Context, name, password string, roles []Role, units []string) error {
	if !userName.MatchString(name) {
		return adoption.Invalid("name", "A name has 1 to 64 letters, digits, dots, hyphens and underscores, and begins with a letter or digit. It is no address: Uptake keeps none.")
	}
	if err := checkRights(roles, units); err != nil {
		return err
	}
	if err := checkPassword(password); err != nil {
		return err
	}
	a.change.Lock()
	defer a.change.Unlock()
	if a.Taken(name) {
		return &adoption.Error{Code: adoption.Conflict, Field: "name", Message: "There is an account of this name already. A name is never given to somebody else, because what was published bears it."}
	}
	if len(a.List()) >= maxAccounts {
		return &adoption.Error{Code: adoption.Unprocessable, Field: "name", Message: fmt.Sprintf("There are %d accounts, and no room for more.", maxAccounts)}
	}
	one := Account{Person: Person{Name: name, Roles: roles, Units: units, Epoch: 1}, Created: a.now().UTC().Truncate(time.Second), hash: HashPassword(password)}
	return a.keep(ctx, one)
}

// SetRights gives an account other roles and units, at once.
func (a *Accounts) SetRights(ctx context.Context, name string, roles []Role, units []string) error {
	if err := checkRights(roles, units); err != nil {
		return err
	}
	return a.alter(ctx, name, func(one *Account) { one.Roles, one.Units = roles, units })
}

// SetPassword gives an account another password; its sessions are over.
func (a *Accounts) SetPassword(ctx context.Context, name, password string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	hash := HashPassword(password)
	return a.alter(ctx, name, func(one *Account) { one.hash, one.Epoch = hash, one.Epoch+1 })
}

// SetDisabled shuts an account, whose sessions are over at once, or opens it again: then with the sessions begun anew.
func (a *Accounts) SetDisabled(ctx context.Context, name string, disabled bool) error {
	return a.alter(ctx, name, func(one *Account) { one.Disabled, one.Epoch = disabled, one.Epoch+1 })
}

func (a *Accounts) alter(ctx context.Context, name string, change func(*Account)) error {
	a.change.Lock()
	defer a.change.Unlock()
	one, known := a.of(name)
	if !known {
		return &adoption.Error{Code: adoption.NotFound, Field: "name", Message: "There is no account of this name. `uptake user list` shows them all."}
	}
	change(&one)
	return a.keep(ctx, one)
}

// keep writes an account. After an error it may stand in the table all the same, and holds from the next start; whoever
// changed it is told of the error and does it again.
func (a *Accounts) keep(ctx context.Context, one Account) error {
	one.version++
	if one.Units == nil {
		one.Units = []string{}
	}
	batch, err := a.db.PrepareBatch(ctx, "INSERT INTO accounts (name, roles, units, hash, epoch, disabled, created, version)")
	if err != nil {
		return fmt.Errorf("store the account: %w", err)
	}
	defer batch.Close()
	roles := []string{}
	for _, r := range one.Roles {
		roles = append(roles, string(r))
	}
	if err := batch.Append(one.Name, roles, one.Units, one.hash, one.Epoch, one.Disabled, one.Created, one.version); err != nil {
		return fmt.Errorf("store the account: %w", err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("store the account: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.byName[one.Name] = one
	return nil
}

func checkPassword(password string) error {
	if n := len([]rune(password)); n < MinPassword || len(password) > 1024 {
		return adoption.Invalid("password", fmt.Sprintf("A password has at least %d characters, and at most 1,024 bytes.", MinPassword))
	}
	return nil
}
