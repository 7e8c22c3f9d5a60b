package dashboard_test

import (
	"context"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"wenguo/dashboard"
	"wenguo/transform"
)

var fileLink = regexp.MustCompile(`href="(/api/v1/[^"]+)"`)

func TestEveryLinkToTheInterfaceLeadsSomewhere(t *testing.T) {
	h := open(t, &sample{})
	seen := map[string]bool{}
	for _, page := range everyPage {
		if strings.Contains(page, "?") {
			page += "&period=month&channel=app&channel="
		} else {
			page += "?period=month&channel=app&channel="
		}
		for _, m := range fileLink.FindAllStringSubmatch(get(t, h, page).Body.String(), -1) {
			link := html.UnescapeString(m[1])
			path, _, _ := strings.Cut(link, "?")
			seen[path] = true
			if w := get(t, h, link); w.Code != http.StatusOK {
				t.Errorf("%s leads to %s: %d %s", page, link, w.Code, w.Body)
			}
		}
	}
	for _, table := range []string{"kpis", "strip", "series", "flow", "departments", "heat", "due", "waiting", "issues", "issues/I-0001/members", "complaints", "quality"} {
		for _, ending := range []string{".csv", ".xlsx"} {
			if !seen["/api/v1/"+table+ending] {
				t.Errorf("no page leads to %s%s", table, ending)
			}
		}
	}
}

// broken fails behind so many rows.
type broken struct {
	*sample

	rows int
}

func (b broken) EachListed(_ context.Context, _ transform.ComplaintFilter, give func(transform.ComplaintRow) error) error {
	for range b.rows {
		if err := give(transform.ComplaintRow{ComplaintID: "C-1", Title: strings.Repeat("长", 100)}); err != nil {
			return err
		}
	}
	return errors.New("the store is gone")
}

func TestAFileIsWholeOrAnError(t *testing.T) {
	for sentence, c := range map[string]struct {
		path  string
		rows  int
		abort bool
	}{
		"before anything is sent it is a problem": {"/api/v1/complaints.csv", 3, false},
		"later the connection is cut":             {"/api/v1/complaints.csv", 3000, true},
		"a workbook is sent when it is whole":     {"/api/v1/complaints.xlsx", 3000, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{Reader: broken{&sample{}, c.rows}, Now: sampleNow, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			served := httptest.NewServer(server.Handler())
			defer served.Close()
			response, err := http.Get(served.URL + c.path)
			if c.abort {
				if err == nil {
					_, err = drain(response)
				}
				if err == nil {
					t.Error("half a file looks like a whole one")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			body, err := drain(response)
			if err != nil || response.StatusCode != http.StatusInternalServerError || !strings.Contains(body, "urn:wenguo:problem:internal") ||
				response.Header.Get("Content-Disposition") != "" {
				t.Errorf("%d %v %.200s, %v", response.StatusCode, response.Header, body, err)
			}
		})
	}
}

func drain(r *http.Response) (string, error) {
	defer r.Body.Close()
	var b strings.Builder
	_, err := io.Copy(&b, r.Body)
	return b.String(), err
}

// waiting holds every file until it is let go.
type waiting struct {
	*sample

	begun, gone chan struct{}
}

func (w waiting) EachListed(ctx context.Context, _ transform.ComplaintFilter, _ func(transform.ComplaintRow) error) error {
	w.begun <- struct{}{}
	select {
	case <-w.gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestFilesAreMadeFewAtATimeAndNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := waiting{&sample{}, make(chan struct{}), make(chan struct{})}
		cfg := dashboard.DefaultConfig()
		server, err := dashboard.New(cfg, dashboard.Deps{Reader: w, Now: sampleNow, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan int)
		for range cfg.MaxExports {
			go func() { ended <- get(t, server.Handler(), "/api/v1/complaints.csv").Code }()
			<-w.begun
		}
		busy := get(t, server.Handler(), "/api/v1/complaints.csv")
		if busy.Code != http.StatusTooManyRequests || busy.Header().Get("Retry-After") == "" || !strings.Contains(busy.Body.String(), "too-many-requests") {
			t.Errorf("one file too many: %d %v %s", busy.Code, busy.Header(), busy.Body)
		}
		if other := get(t, server.Handler(), "/api/v1/kpis"); other.Code != http.StatusOK {
			t.Errorf("files keep answers waiting: %d", other.Code)
		}
		w.gone <- struct{}{}
		if code := <-ended; code != http.StatusOK {
			t.Errorf("the file ended with %d", code)
		}
		if code := <-ended; code != http.StatusGatewayTimeout { // the clock of the test goes on by itself
			t.Errorf("a file that takes for ever ended with %d", code)
		}
	})
}
