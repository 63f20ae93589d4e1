package config

import "fmt"

// InForce is how a setting stands.
type InForce struct {
	Setting
	Value string // as it was written, else the default; "" for none, and for one that is never printed
	Place string // where it was set: the file's line, or the variable; "" where it was not
}

// given is what was written of a setting, and where; the environment wins.
type given struct{ value, place string }

// InForce is every setting as it stands, in the order of the documentation. What is secret, or names people, has no value here.
func (c *Config) InForce() []InForce {
	var all []InForce
	for _, s := range Settings {
		one := InForce{Setting: s, Value: s.Default}
		if written, is := c.given[s.Key]; is {
			one.Value, one.Place = written.value, written.place
		}
		if s.Secret || s.Private {
			one.Value = ""
		}
		all = append(all, one)
	}
	return all
}

func (c *Config) note(s Setting, value, place string) {
	if c.given == nil {
		c.given = map[string]given{}
	}
	c.given[s.Key] = given{value, place}
}

func atLine(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
