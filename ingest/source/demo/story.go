package demo

// A role is the part that a unit plays in the story. Units below take it over.
type role uint8

const (
	ordinary role = iota
	ahead         // adopts early and uses daily
	stalled       // began like the others, stopped in the middle of the year
	pilot         // alone has Meeting Notes, since pilotDay, and has risen since
	trial         // alone has access to the wiki that everybody uses
	tiny          // too small to be shown; nobody joins, leaves or moves
)

// Days of the story, counted from the first day of the year.
const (
	pilotDay = Days - 77 // eleven weeks of pilot
	stallDay = 120
)

// The two halves of the merger. Alder allows the chat, Birch does not.
const (
	alder = "Alder"
	birch = "Birch"
)

// The tools, in the order of the arrays that are indexed by them.
const (
	chat = iota
	documents
	meetings
	social
	notes
	wiki
	toolCount
)

// A tool of the company, and how the use of it spreads in an ordinary unit: the share of people who take it up in the
// end, the day on which half of them have, and how many days the spread takes (logistic).
type tool struct {
	id, name, category, vendor, price string
	spare                             float64 // seats bought for each one assigned; 0: nobody counts
	ceiling, middle, width            float64
	daily                             float64 // use on a working day, of somebody who has taken it up
	amount                            float64 // mean number of actions of a class on a day of use
	actions                           [classCount]string
	duration                          uint32 // seconds an action
}

// Classes of actions that a tool may have.
const (
	contribute = iota
	respond
	share
	meet
	consume
	classCount
)

var tools = [toolCount]tool{
	chat: {id: "chat", name: "Team Chat", category: "chat", vendor: "Example Software", price: "84.00", spare: 1.3,
		ceiling: 0.47, middle: 60, width: 60, daily: 0.60, amount: 7, actions: [classCount]string{"message", "react", "", "", "read"}},
	documents: {id: "documents", name: "Shared Documents", category: "documents", vendor: "Example Software", price: "120.00", spare: 1.15,
		ceiling: 0.76, middle: 336, width: 32, daily: 0.50, amount: 3, actions: [classCount]string{"edit", "comment", "share", "", "view"}},
	meetings: {id: "meetings", name: "Video Meetings", category: "meetings", vendor: "Sample Systems", price: "60.00", spare: 1.1,
		ceiling: 0.31, middle: -60, width: 80, daily: 0.40, amount: 1.4, actions: [classCount]string{"", "", "", "join", ""}, duration: 1900},
	social: {id: "social", name: "Company Network", category: "social", vendor: "Sample Systems", price: "24.00", spare: 1,
		ceiling: 0.25, middle: 180, width: 90, daily: 0.25, amount: 1.6, actions: [classCount]string{"post", "like", "", "", "view"}},
	notes: {id: "notes", name: "Meeting Notes", category: "documents", vendor: "Trial Works", price: "72.00", spare: 1.6,
		ceiling: 0.76, middle: pilotDay + 16, width: 5, daily: 0.55, amount: 2.5, actions: [classCount]string{"create", "comment", "", "", "read"}},
	wiki: {id: "quickwiki", name: "Quickwiki", category: "wiki",
		ceiling: 0.30, middle: 230, width: 50, daily: 0.30, amount: 2, actions: [classCount]string{"edit", "comment", "", "", "search"}},
}
