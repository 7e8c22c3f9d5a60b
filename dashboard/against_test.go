package dashboard_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"wenguo/transform/kpi"
)

func TestEveryPeriodOfTheBarIsWhatItsNameSays(t *testing.T) {
	for key, want := range map[string][2]string{
		"today": {"2026-11-22", "2026-11-23"}, "week": {"2026-11-16", "2026-11-23"}, "last_week": {"2026-11-09", "2026-11-16"},
		"month": {"2026-11-01", "2026-12-01"}, "last_month": {"2026-10-01", "2026-11-01"},
		"quarter": {"2026-10-01", "2027-01-01"}, "last_quarter": {"2026-07-01", "2026-10-01"}, "year_to_date": {"2026-01-01", "2026-11-23"},
		"90d": {"2026-08-25", "2026-11-23"}, "12m": {"2025-12-01", "2026-12-01"},
	} {
		h := open(t, &sample{})
		var got kpi.Result
		if err := json.Unmarshal(get(t, h, "/api/v1/kpis?period="+key).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if from, to := got.From.In(zone).Format("2006-01-02"), got.To.In(zone).Format("2006-01-02"); from != want[0] || to != want[1] {
			t.Errorf("%s is [%s, %s), want [%s, %s)", key, from, to, want[0], want[1])
		}
		if body := get(t, h, "/?period="+key).Body.String(); !strings.Contains(body, `period=`+key+`" aria-current="true"`) {
			t.Errorf("the bar does not show that %s is chosen", key)
		}
	}
}

func TestReaderChoosesWhatToCompareWith(t *testing.T) {
	for against, shows := range map[string]struct{ previous, year bool }{
		"": {true, true}, "previous": {true, false}, "last_year": {false, true}, "none": {false, false},
	} {
		s := &sample{}
		body := get(t, open(t, s), "/?channel=app&against="+against).Body.String()
		_, live, _ := strings.Cut(body, `id="live"`)
		live, _, _ = strings.Cut(live, `id="rest"`)
		if got := strings.Contains(live, "<i>上期</i>"); got != shows.previous {
			t.Errorf("against %q: the period before is shown: %v", against, got)
		}
		if got := strings.Contains(live, "<i>去年同期</i>"); got != shows.year {
			t.Errorf("against %q: last year is shown: %v", against, got)
		}
		if against != "" && !strings.Contains(body, "/issues?against="+against+"&amp;channel=app") {
			t.Errorf("against %q is lost on the way to another page", against)
		}
		if strings.Contains(body, "/api/v1/kpis?against=") {
			t.Errorf("against %q reaches the API, which knows no such parameter", against)
		}
	}
	if w := get(t, open(t, &sample{}), "/?against=everything"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "last_year") {
		t.Errorf("a wrong comparison is answered with %d", w.Code)
	}
}

func TestChartShowsTheCourseOfThePeriodComparedWith(t *testing.T) {
	for against, want := range map[string]string{"": "上期", "previous": "上期", "last_year": "去年同期", "none": "", "baseline": ""} {
		_, data, _ := strings.Cut(get(t, open(t, &sample{}), "/?period=7d&against="+against).Body.String(), `id="flow-data">`)
		var chart struct {
			Before string
			Rows   []struct{ Registered, Before *int64 }
		}
		if err := json.NewDecoder(strings.NewReader(data)).Decode(&chart); err != nil {
			t.Fatal(err)
		}
		if chart.Before != want || (chart.Rows[0].Before != nil) != (want != "") {
			t.Errorf("against %q the chart shows %q beside, %v", against, chart.Before, chart.Rows[0].Before)
		}
	}
	_, data, _ := strings.Cut(get(t, open(t, &sample{}), "/?period=all").Body.String(), `id="flow-data">`)
	if strings.Contains(data[:200], "before") {
		t.Error("a course is shown that the store does not hold")
	}
}

func TestPagesTravelCompressed(t *testing.T) {
	h := open(t, &sample{})
	plain := get(t, h, "/").Body.Len()
	w := get(t, h, "/", "Accept-Encoding", "gzip")
	r, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatalf("%v, headers %v", err, w.Header())
	}
	wire := w.Body.Len()
	if body, err := io.ReadAll(r); err != nil || !strings.Contains(string(body), "</html>") || wire*3 > plain {
		t.Errorf("%d of %d bytes, %v", wire, plain, err)
	}
	for encoding, open := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		w := get(t, h, "/static/app.css", "Accept-Encoding", encoding)
		r, err := open(w.Body)
		if err != nil || w.Header().Get("Content-Encoding") != encoding || w.Header().Get("Vary") == "" {
			t.Fatalf("%s: %v, headers %v", encoding, err, w.Header())
		}
		if body, err := io.ReadAll(r); err != nil || !strings.Contains(string(body), ":root") {
			t.Errorf("%s: %v", encoding, err)
		}
	}
	if w := get(t, h, "/static/app.css", "Accept-Encoding", "br;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a client that refuses an encoding gets it")
	}
}

func TestPageWeighsLittle(t *testing.T) {
	h := open(t, &sample{})
	const bound = 200 << 10
	for _, target := range everyPage {
		if strings.HasPrefix(target, "/fragments") {
			continue
		}
		page := get(t, h, target, "Accept-Encoding", "gzip")
		total := page.Body.Len()
		for _, tag := range strings.Split(get(t, h, target).Body.String(), `"/static/`)[1:] {
			name, _, _ := strings.Cut(tag, `"`)
			if !strings.Contains(name, "echarts") {
				total += get(t, h, "/static/"+name, "Accept-Encoding", "gzip").Body.Len()
			}
		}
		if total > bound {
			t.Errorf("%s weighs %d bytes besides the chart library", target, total)
		}
	}
}

func TestEveryComponentStandsInTheGuide(t *testing.T) {
	w := get(t, open(t, &sample{}), "/styleguide")
	body := w.Body.String()
	for _, part := range []string{
		`class="card kpi"`, `class="strip`, `class="strip off"`, `class="issue-list"`, `class="ranking"`, `class="ribbon"`, `class="timeline"`,
		`class="heat"`, `class="bar"`, `class="chip"`, `class="skeleton"`, `class="failed"`, `class="empty"`, "data-chart-tools", "data-stale",
		"达标", "低于目标", "略低于目标", "样本不足", "没有数据", "账不平", "变好", "变差",
	} {
		if w.Code != http.StatusOK || !strings.Contains(body, part) {
			t.Errorf("%d: no %s", w.Code, part)
		}
	}
}
