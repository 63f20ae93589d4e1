package adoption

import (
	"maps"
	"slices"
)

// Class is what kind of use an action is (METRICS: Actions).
type Class string

const (
	Contribute Class = "contribute"
	Respond    Class = "respond"
	Share      Class = "share"
	Meet       Class = "meet"
	Consume    Class = "consume"
	Access     Class = "access" // signed in, not active

	// UnknownUse is the class of what a client calls by a name that has no meaning yet. Such an event is kept and
	// counted by its name, and changes no figure until a rule of its source's mapping says what it means.
	UnknownUse Class = "unknown"
)

// What counts towards value: more is a script, or a session that nobody closed. Applied when facts are made into figures,
// so that what follows from them stays linear in minutes.
const (
	CountedAtMost = 50        // actions of a person, day, tool and class
	SecondsAtMost = 10 * 3600 // seconds that a person spent with a tool on a day: a long working day
)

// Active tells whether an action of the class makes a person active.
func (c Class) Active() bool { return c != Access && c != UnknownUse }

var classOf = map[string]Class{
	"post": Contribute, "message": Contribute, "send": Contribute, "create": Contribute, "edit": Contribute, "upload": Contribute, "publish": Contribute,
	"reply": Respond, "comment": Respond, "react": Respond, "like": Respond, "mention": Respond, "review": Respond, "approve": Respond,
	"share": Share, "invite": Share, "link": Share,
	"meet": Meet, "join": Meet, "call": Meet,
	"view": Consume, "read": Consume, "download": Consume, "search": Consume, "watch": Consume,
	"login": Access, "session": Access, "install": Access, "token": Access,
}

// ClassOf is the class of an action; ok is false for an action that is not in the list.
func ClassOf(action string) (class Class, ok bool) {
	class, ok = classOf[action]
	return class, ok
}

// Classes lists the classes that an action may be of, in the order of METRICS: Actions.
func Classes() []Class { return []Class{Contribute, Respond, Share, Meet, Consume, Access} }

// Actions lists the known actions in alphabetical order.
func Actions() []string { return slices.Sorted(maps.Keys(classOf)) }
