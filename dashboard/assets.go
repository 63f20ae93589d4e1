package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed web
var web embed.FS

// assets are the style sheet, the script and the icon, each under a name that holds the hash of its content: a new
// build is seen at once, an old one is never fetched twice.
type assets struct {
	files map[string]asset  // by hashed name
	names map[string]string // plain name → address
}

type asset struct {
	body        []byte
	contentType string
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}, names: map[string]string{}}
	entries, err := fs.ReadDir(web, "web/assets")
	if err != nil {
		return nil, fmt.Errorf("read the assets: %w", err)
	}
	for _, entry := range entries {
		body, err := web.ReadFile("web/assets/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read the asset %s: %w", entry.Name(), err)
		}
		ext := path.Ext(entry.Name())
		contentType, ok := contentTypes[ext]
		if !ok {
			return nil, fmt.Errorf("the asset %s has no known content type", entry.Name())
		}
		sum := sha256.Sum256(body)
		hashed := strings.TrimSuffix(entry.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.files[hashed] = asset{body, contentType}
		a.names[entry.Name()] = "/assets/" + hashed
	}
	return a, nil
}

// address is where the asset of that plain name is served; a template that names none fails when it is run.
func (a *assets) address(name string) (string, error) {
	address, ok := a.names[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return address, nil
}

func (d *Dashboard) serveAsset(c *gin.Context) {
	file, ok := d.assets.files[c.Param("name")]
	if !ok {
		d.notFound(c)
		return
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Data(http.StatusOK, file.contentType, file.body)
}
