package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed static templates
var files embed.FS

// assets are the static files by path, each with the hash that its address carries, so that a browser may keep it for
// ever and still sees a new build at once.
type assets struct {
	byName map[string]asset
}

type asset struct {
	body []byte
	hash string
	mime string
}

func loadAssets() (assets, error) {
	a := assets{byName: map[string]asset{}}
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read asset %s: %w", name, err)
		}
		sum := sha256.Sum256(body)
		kind := mime.TypeByExtension(path.Ext(name))
		if kind == "" {
			kind = "text/plain; charset=utf-8"
		}
		a.byName[strings.TrimPrefix(name, "static/")] = asset{body: body, hash: hex.EncodeToString(sum[:6]), mime: kind}
		return nil
	})
	if err != nil {
		return assets{}, fmt.Errorf("load assets: %w", err)
	}
	return a, nil
}

// url is the address of an asset; a template that names a missing one fails when the page is rendered, in any test.
func (a assets) url(name string) (string, error) {
	f, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("no asset named %s", name)
	}
	return "/static/" + name + "?v=" + f.hash, nil
}

func (a assets) serve(c *gin.Context) {
	name := strings.TrimPrefix(c.Param("name"), "/")
	f, ok := a.byName[name]
	if !ok {
		c.Status(http.StatusNotFound)
		return
	}
	tag := `"` + f.hash + `"`
	c.Header("ETag", tag)
	if c.Query("v") == f.hash {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Header("Cache-Control", "no-cache")
	}
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, f.mime, f.body)
}
