package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/goccy/go-yaml"
)

// apiGroup is the routes of one tag of the document of the API, as a page shows them.
type apiGroup struct {
	Name, What string
	Routes     []apiRoute
}

// apiRoute is one route, with an example of what is asked and answered where the document has one.
type apiRoute struct {
	ID, Method, Path, Summary, What string
	Parameters                      []apiParameter
	Ask                             string // the address of the example, or that of the route where nothing has to be named
	Sent, Answered                  string // JSON, "" for none
}

type apiParameter struct {
	Name, What, Values string
	Required           bool
}

// The part of the document that the page needs. References are followed by hand: there are three kinds.
type (
	apiDocument struct {
		Tags []struct {
			Name, Description string
		}
		Paths      yaml.MapSlice
		Components struct {
			Parameters map[string]apiGiven
			Examples   map[string]apiExample
		}
	}
	apiOperation struct {
		OperationID          string `yaml:"operationId"`
		Tags                 []string
		Summary, Description string
		Parameters           []apiGiven
		RequestBody          struct{ Content map[string]apiContent } `yaml:"requestBody"`
		Responses            map[string]struct{ Content map[string]apiContent }
	}
	apiGiven struct {
		Ref               string `yaml:"$ref"`
		Name, Description string
		Required          bool
		Schema            struct {
			Enum    []string
			Default any
		}
	}
	apiContent struct {
		Example  any
		Examples map[string]apiExample
	}
	apiExample struct {
		Ref     string `yaml:"$ref"`
		Summary string
		Value   any
	}
)

// apiBook is the document as the page shows it, made once.
var apiBook = sync.OnceValues(func() ([]apiGroup, error) {
	var doc apiDocument
	if err := yaml.UnmarshalWithOptions(documentYAML, &doc, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("read the document of the API: %w", err)
	}
	var groups []apiGroup
	for _, tag := range doc.Tags {
		group := apiGroup{Name: tag.Name, What: tag.Description}
		for _, at := range doc.Paths {
			text, err := yaml.Marshal(at.Value)
			if err != nil {
				return nil, fmt.Errorf("read the document of the API: %w", err)
			}
			var methods map[string]apiOperation
			if err := yaml.UnmarshalWithOptions(text, &methods, yaml.UseOrderedMap()); err != nil {
				return nil, fmt.Errorf("read the document of the API: %v: %w", at.Key, err)
			}
			for _, method := range []string{"get", "post", "put", "delete"} {
				if one, is := methods[method]; is && len(one.Tags) > 0 && one.Tags[0] == tag.Name {
					group.Routes = append(group.Routes, doc.route(strings.ToUpper(method), fmt.Sprint(at.Key), &one))
				}
			}
		}
		groups = append(groups, group)
	}
	return groups, nil
})

func (doc *apiDocument) route(method, path string, o *apiOperation) apiRoute {
	r := apiRoute{ID: o.OperationID, Method: method, Path: path, Summary: o.Summary, What: strings.TrimSpace(o.Description)}
	asks := path
	for _, p := range o.Parameters {
		if p.Ref != "" {
			p = doc.Components.Parameters[lastPart(p.Ref)]
		}
		values := strings.Join(p.Schema.Enum, ", ")
		if p.Schema.Default != nil {
			values = strings.TrimPrefix(values+"; ", "; ") + fmt.Sprintf("default %v", p.Schema.Default)
		}
		r.Parameters = append(r.Parameters, apiParameter{p.Name, p.Description, values, p.Required})
		if p.Required {
			asks = ""
		}
	}
	_, r.Sent = doc.example(o.RequestBody.Content["application/json"])
	for _, status := range []string{"200", "201", "202"} {
		address, answered := doc.example(o.Responses[status].Content["application/json"])
		if answered != "" {
			r.Answered = answered
			if strings.HasPrefix(address, "/") {
				asks = address
			}
		}
	}
	if method == http.MethodGet {
		r.Ask = asks
	}
	return r
}

// example is the first example of a content, as JSON, and what it says of itself: the address that was asked.
func (doc *apiDocument) example(c apiContent) (summary, text string) {
	one := apiExample{Value: c.Example}
	if named, is := c.Examples["answer"]; is {
		if one = named; named.Ref != "" {
			one = doc.Components.Examples[lastPart(named.Ref)]
		}
	}
	if one.Value == nil {
		return "", ""
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(orderedJSON(one.Value)), "", "  "); err != nil {
		return "", ""
	}
	return one.Summary, out.String()
}

// orderedJSON writes a value of YAML as JSON, its keys in their order.
func orderedJSON(value any) string {
	var parts []string
	switch v := value.(type) {
	case yaml.MapSlice:
		for _, item := range v {
			parts = append(parts, orderedJSON(fmt.Sprint(item.Key))+":"+orderedJSON(item.Value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, orderedJSON(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "null"
	}
	return string(text)
}

func lastPart(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

// apiView is the page of the API.
type apiView struct{ Groups []apiGroup }

func (d *Dashboard) apiPage(c *gin.Context) {
	groups, err := apiBook()
	if err != nil {
		d.fail(c, err)
		return
	}
	d.render(c, http.StatusOK, "api.html", d.pageOf(c, d.reader(c).words.text("api.title"), "account"), apiView{groups})
}
