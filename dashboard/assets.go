package dashboard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

//go:embed static templates
var files embed.FS

// assets are the static files by path, each with the hash that its address carries, so that a browser may keep it for
// ever and still sees a new build at once.
type assets struct {
	byName map[string]*asset
}

type asset struct {
	body []byte
	hash string
	mime string
	// forms are the body as it travels, by encoding; each is made once, when it is first asked for.
	forms map[string]func() []byte
}

func loadAssets() (assets, error) {
	a := assets{byName: map[string]*asset{}}
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
		a.byName[strings.TrimPrefix(name, "static/")] = &asset{body: body, hash: hex.EncodeToString(sum[:6]), mime: kind, forms: map[string]func() []byte{
			"br":   sync.OnceValue(func() []byte { return brotlied(body) }),
			"gzip": sync.OnceValue(func() []byte { return gzipped(body) }),
		}}
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
	c.Header("Vary", "Accept-Encoding")
	for _, encoding := range []string{"br", "gzip"} {
		if !accepts(c.GetHeader("Accept-Encoding"), encoding) {
			continue
		}
		if form := f.forms[encoding](); len(form) < len(f.body) {
			c.Header("Content-Encoding", encoding)
			c.Data(http.StatusOK, f.mime, form)
			return
		}
	}
	c.Data(http.StatusOK, f.mime, f.body)
}

// accepts says whether a client takes an encoding.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == encoding {
			return !strings.HasPrefix(strings.ReplaceAll(quality, " ", ""), "q=0") || strings.Contains(quality, "0.")
		}
	}
	return false
}

// brotliLevel makes the chart library a quarter smaller than gzip does, in half a second.
const brotliLevel = 9

func brotlied(body []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotliLevel)
	if _, err := w.Write(body); err != nil || w.Close() != nil {
		return body
	}
	return out.Bytes()
}

func gzipped(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return body
	}
	if _, err := w.Write(body); err != nil || w.Close() != nil {
		return body
	}
	return out.Bytes()
}
