package dashboard

import (
	"net/url"
	"strings"
)

// localPath is next if it leads to a page of this server, else "/". What browsers read as another host ("//evil",
// "/\evil", a control character in front) is not local.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\") {
		return "/"
	}
	for _, r := range next {
		if r < ' ' || r == 0x7f {
			return "/"
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	if u.Path == "/sign-in" || u.Path == "/sign-out" || strings.HasPrefix(u.Path, "/sign-in/") {
		return "/"
	}
	return u.RequestURI()
}
