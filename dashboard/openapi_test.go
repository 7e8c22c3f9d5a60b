package dashboard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"wenguo/dashboard"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

// full is a server with everything that has an address.
func full(t *testing.T) *dashboard.Server {
	t.Helper()
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{
		Reader: &sample{}, Now: sampleNow, Log: slog.New(slog.DiscardHandler), Events: http.NotFoundHandler(), Metrics: http.NotFoundHandler(), Mailbox: &postbox{}, Bus: &topic{to: &sample{}}, NewID: func() string { return "n" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestOpenAPIDescribesEveryRouteAndNoOther(t *testing.T) {
	server := full(t)
	w := get(t, server.Handler(), "/api/v1/openapi.json")
	var document struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &document); err != nil || document.OpenAPI != "3.1.0" {
		t.Fatalf("%v: %.200s", err, w.Body)
	}
	described := map[string]bool{}
	for path, verbs := range document.Paths {
		for verb := range verbs {
			described[strings.ToUpper(verb)+" "+path] = true
		}
	}
	parameter := regexp.MustCompile(`:([a-z_]+)`)
	for _, r := range server.Routes() {
		if !strings.HasPrefix(r.Path, dashboard.APIRoot+"/") {
			continue
		}
		route := r.Method + " " + parameter.ReplaceAllString(r.Path, "{$1}")
		if !described[route] {
			t.Errorf("%s has no entry in the OpenAPI document: add one in dashboard/operations.go or a list of your piece named in operations(); see the comment of type operation in dashboard/operation.go", route)
		}
		delete(described, route)
	}
	for route := range described {
		t.Errorf("%s has an entry and no route: register its handler in dashboard/routes.go, or take the entry away", route)
	}
}

func TestOpenAPIDocumentInDocsIsTheOneServed(t *testing.T) {
	served := bytes.Replace(get(t, full(t).Handler(), "/api/v1/openapi.json").Body.Bytes(), []byte(`"version": "dev"`), []byte(`"version": "v1"`), 1)
	const path = "../docs/openapi.json"
	if *update {
		if err := os.WriteFile(path, served, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(kept, served) {
		t.Errorf("docs/openapi.json is not what the program serves (%v): run go test ./dashboard -run TestOpenAPI -update", err)
	}
}
