package contract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// protocolIsKept tries what HTTP promises beside the content.
func protocolIsKept(t *testing.T, r *rig, d *document) {
	const fixed = "?as_of=2026-04-20&from=2026-04-01&to=2026-04-20"
	for _, path := range d.reads() {
		address := strings.ReplaceAll(path, "{id}", "C-1")
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, "BREW"} {
			if _, also := d.Paths[path][strings.ToLower(method)]; also {
				continue
			}
			w := r.do(t, method, address)
			if allow := w.Header().Get("Allow"); w.Code != http.StatusMethodNotAllowed || !strings.Contains(allow, "GET") || !strings.Contains(allow, "HEAD") || problemOf(t, w).Type != "urn:wenguo:problem:method-not-allowed" {
				t.Errorf("%s %s: %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
		if isFile(path) {
			continue
		}
		if w := r.get(t, address, "Accept", "image/png"); w.Code != http.StatusNotAcceptable || problemOf(t, w).Field != "Accept" {
			t.Errorf("%s as a picture: %d", path, w.Code)
		}
	}
	t.Run("what is known is not sent again", func(t *testing.T) {
		w := r.get(t, "/api/v1/strip"+fixed)
		tag := w.Header().Get("ETag")
		if tag == "" || w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("Vary") != "Accept" {
			t.Fatalf("%v", w.Header())
		}
		for sent, want := range map[string]int{tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, "*": 304, `"other"`: 200} {
			w := r.get(t, "/api/v1/strip"+fixed, "If-None-Match", sent)
			if w.Code != want || want == 304 && (w.Body.Len() != 0 || w.Header().Get("ETag") != tag) {
				t.Errorf("If-None-Match %s: %d, want %d", sent, w.Code, want)
			}
		}
	})
	t.Run("HEAD is GET without its body", func(t *testing.T) {
		for _, path := range []string{"/api/v1/strip" + fixed, "/api/v1/openapi.json", "/api/v1/complaints.csv", "/api/v1/nowhere", "/"} {
			get, head := r.get(t, path), r.do(t, http.MethodHead, path)
			if head.Code != get.Code || head.Body.Len() != 0 || head.Header().Get("Content-Type") != get.Header().Get("Content-Type") ||
				head.Header().Get("ETag") != get.Header().Get("ETag") {
				t.Errorf("%s: %d %v, GET has %d %v", path, head.Code, head.Header(), get.Code, get.Header())
			}
		}
	})
	t.Run("one list in three forms", func(t *testing.T) { forms(t, r) })
	t.Run("a list continues behind its last row", func(t *testing.T) { pages(t, r) })
}

func forms(t *testing.T, r *rig) {
	const query = "?from=2026-04-01&until=2026-04-18&channel=web&category="
	var list struct {
		Total int `json:"total"`
	}
	if err := json.Unmarshal(r.get(t, "/api/v1/complaints"+query).Body.Bytes(), &list); err != nil || list.Total == 0 {
		t.Fatal(list, err)
	}
	for _, c := range []struct{ path, accept string }{{"/api/v1/complaints.csv", ""}, {"/api/v1/complaints", "text/csv"}, {"/api/v1/complaints", "text/csv;q=0.9, application/json;q=0.1"}} {
		w := r.get(t, c.path+query, "Accept", c.accept)
		records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(w.Body.Bytes(), []byte("\xEF\xBB\xBF")))).ReadAll()
		if err != nil || len(records) != list.Total+1 || records[0][0] != "投诉编号" {
			t.Errorf("%s %s: %d lines for %d complaints: %v", c.path, c.accept, len(records), list.Total, err)
		}
		_, parameters, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
		if name := parameters["filename"]; err == nil && name != "" && name != "投诉_2026-04-01_2026-04-18_类别-未填写_渠道-网站.csv" {
			t.Errorf("the file is called %q", name)
		}
		if d := w.Header().Get("Content-Disposition"); !strings.Contains(d, `filename="wenguo_2026-04-01_2026-04-18.csv"`) || !strings.Contains(d, "filename*=utf-8''%E6%8A%95%E8%AF%89_2026-04-01_2026-04-18") {
			t.Errorf("disposition %q", d)
		}
	}
	const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	for _, c := range []struct{ path, accept string }{{"/api/v1/complaints.xlsx", "text/html"}, {"/api/v1/complaints", xlsx}} {
		f, err := excelize.OpenReader(r.get(t, c.path+query, "Accept", c.accept).Body)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("投诉")
		if err != nil || len(rows) != list.Total+1 || !strings.HasPrefix(rows[1][1], "2026-04-") {
			t.Errorf("%s: %d rows: %v", c.path, len(rows), err)
		}
		_ = f.Close()
	}
}

func pages(t *testing.T, r *rig) {
	seen, total := map[string]bool{}, 0
	for after := ""; ; {
		var page struct {
			Items []struct {
				ID string `json:"complaint_id"`
			} `json:"items"`
			Total int    `json:"total"`
			Next  string `json:"next"`
		}
		w := r.get(t, "/api/v1/complaints?from=2026-03-01&to=2026-04-21&as_of=2026-04-20&limit=40"+after)
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Items) > 40 {
			t.Fatal(err, w.Body)
		}
		for _, i := range page.Items {
			seen[i.ID] = true
		}
		total = page.Total
		if page.Next == "" {
			break
		}
		after = "&after=" + page.Next
	}
	if len(seen) != total || total < 50 {
		t.Errorf("%d of %d complaints on the pages", len(seen), total)
	}
}
