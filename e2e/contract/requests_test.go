package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// problem is what an error carries.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Field  string `json:"field"`
	Remedy string `json:"remedy"`
}

func problemOf(t *testing.T, w *httptest.ResponseRecorder) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json; charset=utf-8" {
		t.Errorf("no problem: %v, %q %.200s", err, w.Header().Get("Content-Type"), w.Body)
	}
	return p
}

// wrong are values that a parameter must refuse, by what is wrong with them.
func wrong(p parameter) map[string]string {
	values := map[string]string{
		"NUL": "a\x00b", "no UTF-8": "\xff\xfe", "huge": strings.Repeat("长", 257),
	}
	s := p.Schema
	if s.Items != nil {
		s = *s.Items
		values["too many"] = strings.TrimPrefix(strings.Repeat("&"+p.Name+"=1", 51), "&"+p.Name+"=")
	} else {
		values["twice"] = "1&" + p.Name + "=1"
	}
	if s.Type == "integer" {
		values["below"], values["above"] = fmt.Sprint(*s.Minimum-1), fmt.Sprint(*s.Maximum+1)
		values["no number"], values["fraction"], values["overflow"], values["empty"] = "ten", "1.5", "99999999999999999999", ""
	}
	if len(s.Enum) > 0 {
		values["unknown"], values["other case"], values["emoji"] = "nonsense", strings.ToUpper(s.Enum[0])+"X", "🧨"
	}
	if s.Format == "date" || len(s.AnyOf) > 0 {
		values["no date"], values["impossible"], values["too early"], values["too late"] = "yesterday", "2026-02-30", "1066-01-01", "9999-12-31"
	}
	return values
}

// wrongRequestsAreRefused sends every parameter of every address in every wrong way. None reaches the store.
func wrongRequestsAreRefused(t *testing.T, r *rig, d *document) {
	sent := 0
	for _, path := range d.reads() {
		address := strings.ReplaceAll(path, "{id}", "C-1")
		for _, p := range append(d.Paths[path]["get"].Parameters, parameter{Name: "<unknown>", In: "query"}) {
			if p.In != "query" {
				continue
			}
			for what, value := range wrong(p) {
				value = strings.NewReplacer("\x00", "%00", "\xff\xfe", "%FF%FE", "长", "%E9%95%BF", "🧨", "%F0%9F%A7%A8").Replace(value)
				sent++
				w := r.get(t, address+"?"+url.QueryEscape(p.Name)+"="+value)
				if w.Code != http.StatusBadRequest {
					t.Errorf("%s, %s %s: status %d: %.200s", path, p.Name, what, w.Code, w.Body)
					continue
				}
				if err := d.holds(path, "get", w); err != nil {
					t.Errorf("%s, %s %s: %v", path, p.Name, what, err)
				}
				if q := problemOf(t, w); q.Field != p.Name || q.Detail == "" || q.Remedy == "" || q.Type != "urn:wenguo:problem:bad-parameter" {
					t.Errorf("%s, %s %s: %+v", path, p.Name, what, q)
				}
			}
		}
	}
	if sent < 3000 {
		t.Errorf("only %d wrong requests were sent", sent)
	}
}

// right are values that a parameter takes.
func right(p parameter) []string {
	s := p.Schema
	if s.Items != nil {
		s = *s.Items
	}
	switch {
	case len(s.Enum) > 0:
		return []string{s.Enum[0], s.Enum[len(s.Enum)-1]}
	case s.Type == "integer":
		return []string{fmt.Sprint(*s.Minimum), fmt.Sprint(*s.Maximum)}
	case s.Format == "date":
		return []string{"2026-04-20"}
	case len(s.AnyOf) > 0:
		return []string{"2026-04-01", "2026-04-20T08:00:00%2B08:00"}
	}
	return []string{url.QueryEscape(`物流/延误'"\%_*?{}🧨`), strings.Repeat("%F0%9F%A7%A8", 256)}
}

// rightRequestsAreAnswered sends values that the document allows: one at a time what belongs to an address, and all filters
// at once. Some go together with others only, so a refusal in words will do; a failure or a breach of the schema will not.
func rightRequestsAreAnswered(t *testing.T, r *rig, d *document) {
	for _, path := range d.reads() {
		if isFile(path) {
			continue // made by the same handlers from the same answers
		}
		address := r.filled(t, path)
		own, filters := own(d.Paths[path]["get"].Parameters)
		queries := []string{strings.Join(filters, "&")}
		for _, p := range own {
			for i, v := range right(p) {
				if i == 0 || *whole {
					queries = append(queries, p.Name+"="+v)
				}
			}
		}
		for _, q := range queries {
			w := r.get(t, address+"?"+q)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s?%s: status %d", path, q, w.Code)
			}
			if err := d.holds(path, "get", w); err != nil {
				t.Errorf("%s?%s: %v", path, q, err)
			}
			if w.Code == http.StatusBadRequest && strings.Contains(w.Body.String(), "不认识这个参数") {
				t.Errorf("%s?%s is declared and the handler does not know it", path, q)
			}
		}
	}
}

// own are the parameters of one address alone, and a query with all the filters that it shares with others.
func own(all []parameter) (of []parameter, filters []string) {
	for _, p := range all {
		switch {
		case p.In != "query":
		case p.Schema.Items != nil && len(p.Schema.Items.Enum) == 0 && p.Schema.Items.Type == "string":
			filters = append(filters, p.Name+"="+right(p)[0]+"&"+p.Name+"=")
		case p.Name != "period" && p.Name != "from" && p.Name != "to" && p.Name != "until" && p.Name != "as_of":
			of = append(of, p)
		}
	}
	return of, filters
}
