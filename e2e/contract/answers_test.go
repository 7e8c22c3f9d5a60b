package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func (r *rig) do(t *testing.T, method, address string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	var body io.Reader
	request := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1", body)
	var err error
	if request.URL, err = url.ParseRequestURI(address); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, request)
	return w
}

func (r *rig) get(t *testing.T, address string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return r.do(t, http.MethodGet, address, headers...)
}

// document is what the tests read of the OpenAPI document.
type document struct {
	Paths map[string]map[string]described `json:"paths"`

	compiler *jsonschema.Compiler
}

type described struct {
	ID         string      `json:"operationId"`
	Parameters []parameter `json:"parameters"`
	Responses  map[string]struct {
		Content map[string]json.RawMessage `json:"content"`
	} `json:"responses"`
}

type parameter struct {
	Name   string `json:"name"`
	In     string `json:"in"`
	Schema schema `json:"schema"`
}

type schema struct {
	Type    string   `json:"type"`
	Enum    []string `json:"enum"`
	Format  string   `json:"format"`
	Minimum *int     `json:"minimum"`
	Maximum *int     `json:"maximum"`
	Items   *schema  `json:"items"`
	AnyOf   []schema `json:"anyOf"`
}

func (r *rig) document(t *testing.T) *document {
	t.Helper()
	raw := r.get(t, "/api/v1/openapi.json").Body.Bytes()
	d := &document{compiler: jsonschema.NewCompiler()}
	if err := json.Unmarshal(raw, d); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource("openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	return d
}

// holds says what of an answer is not as the document says.
func (d *document) holds(path, verb string, w *httptest.ResponseRecorder) error {
	status := strconv.Itoa(w.Code)
	response, ok := d.Paths[path][verb].Responses[status]
	if !ok {
		return fmt.Errorf("status %s is not described: %.300s", status, w.Body)
	}
	if len(response.Content) == 0 {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("content type: %w", err)
	}
	if _, ok := response.Content[kind]; !ok {
		return fmt.Errorf("%s is not described for %s", kind, status)
	}
	if strings.HasPrefix(kind, "text/") && parameters["charset"] != "utf-8" {
		return fmt.Errorf("%s has the charset %q", kind, parameters["charset"])
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
	at := "openapi.json#/paths/" + url.PathEscape(escape(path)) + "/" + verb + "/responses/" + status + "/content/" + url.PathEscape(escape(kind)) + "/schema"
	s, err := d.compiler.Compile(at)
	if err != nil {
		return fmt.Errorf("compile schema: %w", err)
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return s.Validate(body)
}

// reads are the addresses that are read, in order.
func (d *document) reads() []string {
	var paths []string
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		if _, ok := d.Paths[path]["get"]; ok {
			paths = append(paths, path)
		}
	}
	return paths
}

// filled puts an id that exists into an address.
func (r *rig) filled(t *testing.T, path string) string {
	t.Helper()
	if !strings.Contains(path, "{id}") {
		return path
	}
	list := "/api/v1/complaints?issue=" + r.issueID(t) + "&period=all&limit=1"
	key := "complaint_id"
	if strings.Contains(path, "/actions/") {
		list, key = "/api/v1/actions", "id"
	}
	if strings.Contains(path, "/issues/") {
		list, key = "/api/v1/issues?period=all", "id"
	}
	var answer struct {
		Items []map[string]any `json:"items"`
	}
	if err := json.Unmarshal(r.get(t, list).Body.Bytes(), &answer); err != nil || len(answer.Items) == 0 {
		t.Fatalf("%s names nothing (%v)", list, err)
	}
	id, _ := answer.Items[0][key].(string)
	return strings.ReplaceAll(path, "{id}", url.PathEscape(id))
}

func (r *rig) issueID(t *testing.T) string {
	t.Helper()
	var answer struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal(r.get(t, "/api/v1/issues?period=all").Body.Bytes(), &answer); err != nil || len(answer.Items) == 0 {
		t.Fatal("no issue", err)
	}
	return answer.Items[0].ID
}

// isFile says whether an address gives a file.
func isFile(path string) bool {
	return strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, ".xlsx")
}

// answersAreAsDescribed asks every address for its whole content.
func answersAreAsDescribed(t *testing.T, r *rig, d *document) {
	for _, path := range d.reads() {
		if isFile(path) && !*whole {
			continue // the same handlers, the same answers
		}
		t.Run(path, func(t *testing.T) {
			address := r.filled(t, path)
			variants := []string{"?period=all"}
			want := http.StatusOK
			if path == "/api/v1/reports/published" { // nothing was published in this store
				want = http.StatusNotFound
			}
			if path == "/api/v1/known" {
				variants = []string{"?text=" + url.QueryEscape("电梯 坏了")}
			} else if !slices.ContainsFunc(d.Paths[path]["get"].Parameters, func(p parameter) bool { return p.Name == "period" }) {
				variants = []string{""}
			} else if *whole || strings.Contains(path, "/issues") {
				variants = append(variants, "?from=2199-01-01&to=2199-02-01") // where everything is empty
			}
			for _, v := range variants {
				w := r.get(t, address+v)
				if w.Code != want {
					t.Errorf("%s: status %d", v, w.Code)
				}
				if err := d.holds(path, "get", w); err != nil {
					t.Errorf("%s: %v", v, err)
				}
			}
		})
	}
}
