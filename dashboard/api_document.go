package dashboard

import (
	_ "embed"
	"fmt"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/goccy/go-yaml"
)

// documentYAML describes every route under /api/v1, and those that events and the directory come in by.
//
//go:embed openapi.yaml
var documentYAML []byte

// documentJSON is the same as JSON, made once.
var documentJSON = sync.OnceValues(func() ([]byte, error) {
	text, err := yaml.YAMLToJSON(documentYAML)
	if err != nil {
		return nil, fmt.Errorf("write the document of the API as JSON: %w", err)
	}
	return text, nil
})

func (d *Dashboard) apiDocumentYAML(c *gin.Context) {
	c.Data(http.StatusOK, "application/yaml; charset=utf-8", documentYAML)
}

func (d *Dashboard) apiDocumentJSON(c *gin.Context) {
	text, err := documentJSON()
	if err != nil {
		d.failJSON(c, err)
		return
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", text)
}
