package dashboard

import (
	"html/template"

	"uptake/access"
)

// section is a place in the rail. A page is added to it by one line of sections, and its word "nav.KEY".
type section struct {
	Key, Path string
	OfAll     bool          // it is the company's: its link leaves the chosen unit behind
	Right     access.Right  // that its reader needs
	Icon      template.HTML // the lines of a drawing of 24 × 24
}

// sections are those that there are, in the order of the rail. On a phone the first three stand in the bar, the others
// under "more".
var sections = []section{
	{"overview", "/", true, access.ReadFigures, `<path d="M4 20V10M10 20V4M16 20v-7M22 20H2"/>`},
	{"units", "/units", true, access.ReadFigures, `<path d="M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4"/>`},
	{"tools", "/tools", false, access.ReadFigures, `<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>`},
	{"collaboration", "/collaboration", false, access.ReadFigures, `<path d="M6 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM11 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 6h8M7 8l3 8M17 9l-5 7"/>`},
	{"value", "/value", false, access.ReadValue, `<path d="M3 20h18M6 20v-6M11 20V8M16 20v-9M4 8l6-4 5 4 5-5"/>`},
	{"pilots", "/pilots", false, access.ReadFigures, `<path d="M9 3h6M10 3v6L4.500 19a1.500 1.500 0 001.300 2h12.400a1.500 1.500 0 001.300-2L14 9V3M7.500 15h9"/>`},
	{"trust", "/trust", false, access.ReadFigures, `<path d="M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM8.500 12l2.500 2.500 4.500-5"/>`},
	{"settings", "/settings", false, access.Administer, `<path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4"/>`},
	{"account", "/account", false, access.ReadFigures, `<path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.600-6 8-6s8 2 8 6"/>`},
}

const sectionsInBar = 3

// sectionView is a section as the rail of one page shows it.
type sectionView struct {
	Name, Href string
	Icon       template.HTML
	Here, Late bool // the page stands in it; it is under "more" on a phone
}

// sectionViews are the sections that a person may open; who reads the own units alone is not shown those of all.
func (d *reader) sectionViews(nav string, f filter, person access.Person) []sectionView {
	var views []sectionView
	for _, s := range sections {
		if !person.May(s.Right) || person.Limited() && s.Path != "/" && reaches[s.Path] == everyone {
			continue
		}
		v := sectionView{Name: d.words.text("nav." + s.Key), Href: f.along(s.Path), Icon: s.Icon, Here: s.Key == nav, Late: len(views) >= sectionsInBar}
		if s.OfAll {
			v.Href = f.address(s.Path)
		}
		views = append(views, v)
	}
	return views
}
