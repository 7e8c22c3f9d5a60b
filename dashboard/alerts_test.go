package dashboard_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/dashboard/watch"
	"wenguo/transform/backtest"
	"wenguo/transform/kpi"
)

// alertDesk answers for Prometheus and Alertmanager.
type alertDesk struct {
	absent string
	err    error
	told   bool
	alerts []watch.Alert
	broken []string
	// silences that were asked for, and the one that was ended.
	silences []watch.Silence
	ended    string
}

func (d *alertDesk) Address() (string, string, string) {
	return "http://127.0.0.1:9090", "http://127.0.0.1:9093", d.absent
}

func (d *alertDesk) Health(context.Context) (watch.Health, error) {
	return watch.Health{Rules: []string{"A", "B"}, Broken: d.broken, Scraped: sampleNow().Add(-4 * time.Second)}, d.err
}

func (d *alertDesk) Firing(context.Context) ([]watch.Alert, bool, error) {
	return d.alerts, d.told, d.err
}

func (d *alertDesk) History(context.Context, time.Time, time.Time, time.Duration) ([]watch.Span, error) {
	return []watch.Span{{
		Name: "ComplaintSLAOverdue", Labels: map[string]string{"severity": "critical", "department": "", "stage": "plan"},
		From: sampleNow().Add(-3 * time.Hour), To: sampleNow().Add(-2 * time.Hour),
	}, {Name: "Watchdog", From: sampleNow(), To: sampleNow()}}, d.err
}

func (d *alertDesk) Silences(context.Context) ([]watch.Silence, error) { return d.silences, d.err }

func (d *alertDesk) Silence(_ context.Context, s watch.Silence) error {
	if d.err == nil {
		s.ID = fmt.Sprint(len(d.silences))
		d.silences = append(d.silences, s)
	}
	return d.err
}

func (d *alertDesk) Unsilence(_ context.Context, id string) error { d.ended = id; return d.err }

// clocks are verdicts of 28 days: met and breached by department.
type clocks map[string]kpi.Verdicts

func (c clocks) TimerScope(context.Context, time.Time) (kpi.TimerScope, error) {
	return kpi.TimerScope{Departments: []string{"物流部"}}, nil
}

func (c clocks) Timers(context.Context, kpi.TimersQuery) ([]kpi.Timers, error) {
	var out []kpi.Timers
	for department, v := range c {
		t := kpi.Timers{TimerKey: kpi.TimerKey{Stage: "resolve", Priority: "high", Department: department, Rule: "default"}}
		t.Windows[len(t.Windows)-1] = v
		out = append(out, t)
	}
	return out, nil
}

func openAlerts(t *testing.T, d dashboard.AlertDesk, c dashboard.TimerReader) http.Handler {
	t.Helper()
	lead := 900.0
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{
		Reader: &sample{}, Now: sampleNow, Log: slog.New(slog.DiscardHandler), Alerts: d, Timers: c,
		Backtest: func() (backtest.Report, bool) {
			return backtest.Report{
				From: sampleNow().AddDate(0, 0, -28), To: sampleNow(), Complaints: 1200, Clocks: 8000,
				Rules: []backtest.Rule{{Alert: "ComplaintCaseDeadlineApproaching", Fired: 40, Followed: 12, LeadMedian: &lead, Breaches: 14, Unwarned: 2}, {Alert: "ComplaintMissRateHigh"}},
			}, true
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler()
}

func firing(name, severity string, more ...string) watch.Alert {
	a := watch.Alert{
		Name: name, Labels: map[string]string{"alertname": name, "severity": severity, "department": "物流部"},
		Annotations: map[string]string{"summary": "物流部：投诉 C-9 的「受理」已超时<b>", "owner": "张经理", "page": "/complaints/C-9", "runbook": "docs/runbooks/x.md"},
		Since:       sampleNow().Add(-6 * time.Minute), Receivers: []string{"物流群"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		a.Annotations[more[i]] = more[i+1]
	}
	return a
}

func TestOnCallReadsWhatBreaksByWhenAndWhoMustAct(t *testing.T) {
	watchdog := watch.Alert{Name: "Watchdog"}
	silenced, inhibited, pending := firing("A", "warning"), firing("B", "warning"), firing("C", "warning")
	silenced.Silenced, inhibited.Inhibited, pending.Pending = []string{"1"}, []string{"2"}, true
	next := "下一个期限 <time datetime="
	for sentence, c := range map[string]struct {
		desk    *alertDesk
		want    []string
		without []string
	}{
		"a critical one":            {&alertDesk{told: true, alerts: []watch.Alert{firing("X", "critical"), watchdog}}, []string{"1 项告警，其中 1 项严重", "已超时&lt;b&gt;", "该行动 <b translate=\"no\">张经理", "通知 物流群", `href="/complaints/C-9"`, next, "2 种告警在看"}, []string{"Watchdog"}},
		"only warnings":             {&alertDesk{told: true, alerts: []watch.Alert{silenced, inhibited, watchdog}}, []string{"2 项预警", "已静默", "已有更严重的告警"}, []string{"严重</span>"}},
		"one that waits":            {&alertDesk{told: true, alerts: []watch.Alert{pending, watchdog}}, []string{"此刻没有告警", "持续够久才告警"}, nil},
		"nothing fires":             {&alertDesk{told: true, alerts: []watch.Alert{watchdog}}, []string{"此刻没有告警", "样本不足的部门见下方", next}, []string{`data-tone="good"`, "没有运行"}},
		"prometheus died":           {&alertDesk{err: watch.ErrAway}, []string{"Prometheus 没有运行：没有人会收到通知", "不知道：没有人在看", "Alertmanager 没有运行，看不到静默", next}, []string{"此刻没有告警"}},
		"it is not installed":       {&alertDesk{absent: "missing"}, []string{"Prometheus 没有安装", next}, []string{"此刻没有告警"}},
		"alerts are off":            {&alertDesk{absent: "off"}, []string{"告警已关闭", next}, []string{"此刻没有告警"}},
		"alertmanager died":         {&alertDesk{alerts: []watch.Alert{firing("X", "critical"), watchdog}}, []string{"Alertmanager 没有运行：告警算得出来，但没有人会收到通知", "发不出去"}, []string{"通知 物流群"}},
		"a rule cannot be computed": {&alertDesk{told: true, alerts: []watch.Alert{watchdog}, broken: []string{"A: many-to-many"}}, []string{"规则算不出来：A: many-to-many"}, nil},
		"no rule was evaluated":     {&alertDesk{told: true}, []string{"Watchdog 不在"}, nil},
		"a link that leads away":    {&alertDesk{told: true, alerts: []watch.Alert{firing("X", "critical", "page", "//evil.example"), watchdog}}, nil, []string{"evil.example"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			w := get(t, openAlerts(t, c.desk, clocks{}), "/alerts")
			if w.Code != http.StatusOK {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			_, main, _ := strings.Cut(w.Body.String(), `id="alerts-live"`)
			for _, words := range c.want {
				if !strings.Contains(main, words) {
					t.Errorf("the page lacks %q", words)
				}
			}
			for _, words := range c.without {
				if strings.Contains(main, words) {
					t.Errorf("the page says %q", words)
				}
			}
		})
	}
}

func TestTooFewClocksAreNeverCalledGood(t *testing.T) {
	for sentence, c := range map[string]struct {
		v    kpi.Verdicts
		want string
	}{
		"49 clocks allow less than one miss at 2 %": {kpi.Verdicts{Met: 49}, "样本不足"},
		"one of ten":                    {kpi.Verdicts{Met: 9, Breached: 1}, "样本不足"},
		"fifty without a miss":          {kpi.Verdicts{Met: 50}, "额度内"},
		"half of what is allowed":       {kpi.Verdicts{Met: 99, Breached: 1}, "用去过半"},
		"all of it":                     {kpi.Verdicts{Met: 49, Breached: 1}, "已用完"},
		"just below half of the budget": {kpi.Verdicts{Met: 149, Breached: 1}, "额度内"},
	} {
		body := get(t, openAlerts(t, &alertDesk{told: true}, clocks{"物流部": c.v}), "/alerts").Body.String()
		_, table, _ := strings.Cut(body, `id="h-budget"`)
		table, _, _ = strings.Cut(table, "</section>")
		if !strings.Contains(table, "<td>"+c.want+"</td>") && !strings.Contains(table, `">`+c.want+"</td>") || strings.Contains(table, `data-tone="good"`) {
			t.Errorf("%s: %s", sentence, table)
		}
	}
}

func TestTheHistoryAndTheReplayAreShown(t *testing.T) {
	body := get(t, openAlerts(t, &alertDesk{told: true}, clocks{}), "/alerts").Body.String()
	_, body, _ = strings.Cut(body, `id="h-history"`)
	for _, words := range []string{"ComplaintSLAOverdue", "未派单 · 方案", "1.0 小时", "ComplaintCaseDeadlineApproaching", "15 分钟", "没有响过"} {
		if !strings.Contains(strings.ReplaceAll(body, "60 分钟", "1.0 小时"), words) {
			t.Errorf("the page lacks %q", words)
		}
	}
	if strings.Contains(body, "Watchdog") {
		t.Error("the watchdog is shown as if it were an alert")
	}
}

func TestASilenceIsAskedForByThePagesAloneAndSaysWhoAndWhy(t *testing.T) {
	d := &alertDesk{told: true}
	h := openAlerts(t, d, clocks{})
	own := visit(t, h)
	own.get("/alerts")
	post := func(path, site string, form url.Values) *httptest.ResponseRecorder {
		if site != "same-origin" {
			return visit(t, h).post(path, form) // without a session, as another site's form
		}
		return own.post(path, form)
	}
	form := func(pairs ...string) url.Values {
		q := url.Values{"alertname": {"ComplaintSLAOverdue"}, "department": {""}, "stage": {"plan"}, "hours": {"2"}, "by": {"小王"}, "comment": {"在修"}}
		for i := 0; i+1 < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return q
	}
	for sentence, c := range map[string]struct {
		site   string
		form   url.Values
		status int
	}{
		"another site":     {"cross-site", form(), http.StatusForbidden},
		"for ever":         {"same-origin", form("hours", "9000"), http.StatusBadRequest},
		"without a reason": {"same-origin", form("comment", " "), http.StatusBadRequest},
		"everything":       {"same-origin", form("alertname", ""), http.StatusBadRequest},
		"the watchdog":     {"same-origin", form("alertname", "Watchdog"), http.StatusBadRequest},
	} {
		if w := post("/alerts/silences", c.site, c.form); w.Code != c.status || len(d.silences) > 0 {
			t.Errorf("%s: answers %d, %v", sentence, w.Code, d.silences)
		}
	}
	w := post("/alerts/silences", "same-origin", form())
	if w.Code != http.StatusSeeOther || len(d.silences) != 1 {
		t.Fatalf("answers %d: %v", w.Code, d.silences)
	}
	s := d.silences[0]
	if s.EndsAt.Sub(s.StartsAt) != 2*time.Hour || s.CreatedBy != "小王" || s.Comment != "在修" || len(s.Matchers) != 3 || s.Matchers[1] != (watch.Matcher{Name: "department", IsEqual: true}) {
		t.Errorf("silenced is %+v", s)
	}
	if page := get(t, h, w.Header().Get("Location")).Body.String(); !strings.Contains(page, "已静默：") || !strings.Contains(page, "告警 = ComplaintSLAOverdue，部门 = （空），环节 = plan") {
		t.Error("the page does not show the silence")
	}
	if w := post("/alerts/silences/end", "same-origin", url.Values{"id": {"0"}}); w.Code != http.StatusSeeOther || d.ended != "0" {
		t.Errorf("ending answers %d", w.Code)
	}
	d.err = fmt.Errorf("alertmanager: %w", watch.ErrAway)
	if w := post("/alerts/silences", "same-origin", form()); w.Header().Get("Location") != "/alerts?done=away" {
		t.Errorf("an absent Alertmanager leads to %d %s", w.Code, w.Header().Get("Location"))
	}
	d.err = errors.New("HTTP 400: secret detail")
	if w := post("/alerts/silences", "same-origin", form()); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("a refusal answers %d %s", w.Code, w.Body)
	}
}
