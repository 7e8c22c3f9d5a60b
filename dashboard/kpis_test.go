package dashboard_test

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

func TestIndexHoldsTheWholeCatalogueOnce(t *testing.T) {
	s := &sample{}
	body := html.UnescapeString(get(t, open(t, s), "/kpis").Body.String())
	for _, e := range kpi.Catalogue {
		if n := strings.Count(body, `id="kpi-`+e.ID+`"`); n != 1 {
			t.Errorf("%s stands %d times", e.ID, n)
		}
		for _, said := range append([]string{e.Name, e.Formula}, e.Edges...) {
			if !strings.Contains(body, said) {
				t.Errorf("%s: the page does not say %q", e.ID, said)
			}
		}
	}
	if rows := strings.Count(body, `<tr id="kpi-`); rows != len(kpi.Catalogue) {
		t.Errorf("%d rows for %d entries", rows, len(kpi.Catalogue))
	}
	asked := map[string]int{}
	for _, q := range s.queries {
		asked[q.From.Format(time.DateOnly)]++
	}
	if asked["2026-10-24"] != 1 {
		t.Errorf("the period was asked %d times", asked["2026-10-24"])
	}
}

// row of the index.
func row(t *testing.T, body, id string) string {
	t.Helper()
	found := regexp.MustCompile(`(?s)<tr id="kpi-` + id + `">.*?</tr>`).FindString(body)
	if found == "" {
		t.Fatalf("no row for %s", id)
	}
	return found
}

func TestFiguresAreComparedWithEveryPeriodThatIsStored(t *testing.T) {
	for sentence, c := range map[string]struct {
		address  string
		baseline bool
		want     []string
		without  []string
	}{
		"the period before and the same one last year": {"?from=2026-11-01&to=2026-11-21", false, []string{"上期 98.", "去年同期"}, []string{">较基准期</th>"}},
		"last year is not stored":                      {"?from=2026-09-01&to=2026-10-01", false, []string{">较上期</th>"}, []string{"去年同期</th>"}},
		"a declared baseline":                          {"", true, []string{">较基准期</th>", "基准期 98."}, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := &sample{}
			if c.baseline {
				s.baseline = [2]time.Time{time.Date(2026, 1, 1, 0, 0, 0, 0, zone), time.Date(2026, 4, 1, 0, 0, 0, 0, zone)}
			}
			body := get(t, open(t, s), "/kpis"+c.address).Body.String()
			response := row(t, body, "response_on_time")
			for _, want := range c.want {
				if !strings.Contains(body, want) {
					t.Errorf("lacks %q: %s", want, response)
				}
			}
			for _, not := range c.without {
				if strings.Contains(body, not) {
					t.Errorf("says %q", not)
				}
			}
		})
	}
}

func TestTargetOnTheBaselineFollowsIt(t *testing.T) {
	s := &sample{baseline: [2]time.Time{time.Date(2026, 1, 1, 0, 0, 0, 0, zone), time.Date(2026, 4, 1, 0, 0, 0, 0, zone)}}
	body := get(t, open(t, s), "/kpis").Body.String()
	// 满意率 of the baseline is 419/498; 30 % more is more than all, 重复投诉率 41/1682 less a quarter is 1.8 %.
	if r := row(t, body, "satisfaction"); !strings.Contains(r, "≥ 100%（较基准期 &#43;30%）") {
		t.Errorf("satisfaction: %s", r)
	}
	if r := row(t, body, "repeat"); !strings.Contains(r, "≤ 1.8%（较基准期 −25%）") || !strings.Contains(r, "尚在误差内") && !strings.Contains(r, "高于目标") {
		t.Errorf("repeat: %s", r)
	}
	if r := row(t, get(t, open(t, &sample{}), "/kpis").Body.String(), "repeat"); !strings.Contains(r, "没有设基准期") {
		t.Errorf("without a baseline: %s", r)
	}
}

func TestEveryFigureLeadsToWhatItCounted(t *testing.T) {
	for _, e := range kpi.Catalogue {
		s := &sample{}
		h := open(t, s)
		for _, part := range []string{"", transform.PartNumerator, transform.PartDenominator, transform.PartMissed, transform.PartPending, transform.PartAnomalies} {
			w := get(t, h, strings.TrimSuffix(fmt.Sprintf("/api/v1/complaints?kpi=%s&part=%s", e.ID, part), "&part="))
			switch w.Code {
			case http.StatusOK:
				if s.asked.Scope != transform.ScopeKPI || s.asked.KPI != e.ID || part != "" && s.asked.Part != part {
					t.Errorf("%s, %q asked %+v", e.ID, part, s.asked)
				}
			case http.StatusBadRequest:
				if part == "" && e.ID != "rectification" {
					t.Errorf("%s has no list: %s", e.ID, w.Body)
				}
			default:
				t.Errorf("%s, %q: status %d", e.ID, part, w.Code)
			}
		}
		if e.Unit != kpi.UnitRate || e.ID == "rectification" {
			continue
		}
		for _, part := range []string{transform.PartNumerator, transform.PartMissed} {
			if w := get(t, h, fmt.Sprintf("/api/v1/complaints?kpi=%s&part=%s", e.ID, part)); w.Code != http.StatusOK {
				t.Errorf("the rate %s has no %s", e.ID, part)
			}
		}
	}
}

func TestListBehindAFigureNamesItAndItsParts(t *testing.T) {
	s := &sample{}
	body := get(t, open(t, s), "/complaints?scope=kpi&kpi=response_on_time&part=missed&from=2026-11-01&to=2026-12-01&priority=high").Body.String()
	if f := s.asked; f.KPI != "response_on_time" || f.Part != transform.PartMissed || f.From.Day() != 1 || !slices.Equal(f.Slice[kpi.Priority], []string{"high"}) {
		t.Errorf("asked %+v", f)
	}
	for _, want := range []string{
		`<span>按时响应率</span><b>未按时</b>`, "离开清单：", `part=missed&amp;priority=high&amp;scope=kpi&amp;to=2026-12-01" aria-current="true">未按时 <i>28</i>`,
		"全部计入的 <i>1,630</i>", "按时 <i>1,602</i>", "尚未到期 <i>4</i>", "怎么算", "kpi=response_on_time", "/kpis?from=2026-11-01&amp;priority=high&amp;to=2026-12-01#kpi-response_on_time",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(body)
	if next == nil || !strings.Contains(next[1], "kpi=response_on_time") || !strings.Contains(next[1], "part=missed") {
		t.Errorf("the next page is another list: %v", next)
	}
	hidden := regexp.MustCompile(`<input type="hidden" name="part" value="missed">`)
	if len(hidden.FindAllString(body, -1)) < 2 {
		t.Error("search and filters forget the part")
	}
	if note := get(t, open(t, s), "/complaints?kpi=redo_on_time").Body.String(); !strings.Contains(note, "指标按时钟计数，同一件投诉可能计多次") {
		t.Error("a figure that counts clocks does not say so")
	}
}

func TestWrongFigureIsRefused(t *testing.T) {
	h := open(t, &sample{})
	for target, field := range map[string]string{
		"?kpi=happiness":                         "kpi",
		"?scope=kpi":                             "kpi",
		"?kpi=rectification":                     "kpi",
		"?kpi=escalation&part=pending":           "part",
		"?kpi=backlog&part=numerator":            "part",
		"?kpi=repeat&part=anomalies":             "part",
		"?kpi=repeat&part=most":                  "part",
		"?scope=open&kpi=repeat":                 "kpi",
		"?part=missed":                           "kpi",
		"?kpi=" + url.QueryEscape(`a"><script>`): "kpi",
	} {
		w := get(t, h, "/api/v1/complaints"+target)
		var p struct{ Field string }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusBadRequest || p.Field != field {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

func TestEveryNumberOfTheOverviewExplainsItself(t *testing.T) {
	body := get(t, open(t, &sample{}), "/").Body.String()
	for _, id := range []string{"response_on_time", "resolve_on_time", "satisfaction", "repeat", "backlog"} {
		e, _ := kpi.Lookup(id)
		article := regexp.MustCompile(`(?s)<article class="card kpi"[^>]* id="kpi-` + id + `">.*?</article>`).FindString(body)
		for _, want := range []string{
			`title="` + html.EscapeString(e.Formula), `aria-describedby="why-` + id + `"`, `id="why-` + id + `"`, "kpi=" + id + "&amp;part=denominator",
		} {
			if !strings.Contains(article, want) {
				t.Errorf("%s lacks %q: %s", id, want, article)
			}
		}
	}
}

func TestSamePeriodLastYear(t *testing.T) {
	for sentence, c := range map[string]struct{ address, from, to string }{
		"a month is the month a year ago":    {"?from=2028-11-01&to=2028-12-01", "2027-11-01", "2027-12-01"},
		"a leap day is the day before":       {"?from=2028-02-29&to=2028-03-01", "2027-02-28", "2027-03-01"},
		"any other range has the same dates": {"?from=2027-12-20&to=2028-01-05", "2026-12-20", "2027-01-05"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := &sample{}
			get(t, open(t, s), "/kpis"+c.address)
			if !slices.ContainsFunc(s.queries, func(q kpi.Query) bool {
				return q.From.Format(time.DateOnly) == c.from && q.To.Format(time.DateOnly) == c.to
			}) {
				t.Errorf("no question for [%s, %s): %+v", c.from, c.to, s.queries)
			}
		})
	}
}

func TestAPIComparesWhenAsked(t *testing.T) {
	h := open(t, &sample{})
	var answer struct {
		KPIs map[string]struct {
			Value   float64
			Compare struct {
				Previous *struct {
					From       time.Time
					Value      float64
					Difference float64
					Verdict    kpi.Verdict
				}
				LastYear *struct{ From time.Time } `json:"last_year"`
				Baseline *struct{ From time.Time }
				Target   *float64
			}
		}
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/kpis?from=2026-11-01&to=2026-12-01&compare=1").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	k := answer.KPIs["response_on_time"]
	if p := k.Compare.Previous; p == nil || p.From.In(zone).Format(time.DateOnly) != "2026-10-01" || p.Verdict != kpi.Better || math.Abs(p.Value+p.Difference-k.Value) > 1e-9 {
		t.Errorf("compared with %+v", p)
	}
	if y := k.Compare.LastYear; y == nil || y.From.In(zone).Format(time.DateOnly) != "2025-11-01" {
		t.Errorf("last year is %+v", y)
	}
	if k.Compare.Baseline != nil || k.Compare.Target == nil || *k.Compare.Target != .98 {
		t.Errorf("baseline %+v, target %v", k.Compare.Baseline, k.Compare.Target)
	}
	if w := get(t, h, "/api/v1/kpis?compare=yes"); w.Code != http.StatusBadRequest {
		t.Errorf("compare=yes is answered with %d", w.Code)
	}
	if body := get(t, h, "/api/v1/kpis").Body.String(); strings.Contains(body, `"compare"`) {
		t.Error("figures are compared although nobody asked")
	}
}
