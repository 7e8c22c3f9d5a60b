package dashboard

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressible are the types worth it; a stream of events is none, because it must not wait in a buffer, and assets are
// compressed once, when they are first asked for.
var compressible = []string{ //nolint:gochecknoglobals // a constant list
	"text/html", "text/csv", "text/plain", "application/json", "application/problem+json",
}

// compressed lets pages and answers travel compressed. The jitter hides their exact size: what a page repeats of its
// address would otherwise tell, byte by byte, what else it holds.
func compressed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes(compressible), gzhttp.MinSize(1024), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		return nil, fmt.Errorf("compress answers: %w", err)
	}
	return wrap(h), nil
}
