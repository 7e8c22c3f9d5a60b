package dashboard_test

import (
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// order of the first occurrences of words in a text.
func order(t *testing.T, text string, words ...string) {
	t.Helper()
	last := -1
	for _, w := range words {
		i := strings.Index(text, w)
		if i < 0 {
			t.Fatalf("%q is missing", w)
		}
		if i < last {
			t.Errorf("%q stands too early", w)
		}
		last = i
	}
}

func TestStagesStandWorstFirst(t *testing.T) {
	body := get(t, open(t, &sample{}), "/timeliness").Body.String()
	// 部门确认 used four times its budget, 办结 twice; 派单 under it; 方案 has too few, 协办 no data.
	order(t, body, `id="stage-confirm_on_time"`, `id="stage-resolve_on_time"`, `id="stage-response_on_time"`, `id="stage-survey_on_time"`,
		`id="stage-dispatch_on_time"`, `id="stage-plan_on_time"`, `id="stage-assist_on_time"`)
	row := func(id string) string {
		_, rest, _ := strings.Cut(body, `id="stage-`+id+`"`)
		row, _, _ := strings.Cut(rest, "</tr>")
		return row
	}
	confirm := row("confirm_on_time")
	for _, want := range []string{
		"91.9", "406.1%", "低于目标", "n=1,502 · 95% 区间", ">122<", ">31<", ">3<", "0.2%", "目标 ≥ 98%",
		`part=missed`, `part=pending`, `part=anomalies`, `kpi=confirm_on_time`, "priority=high",
	} {
		if !strings.Contains(confirm, want) {
			t.Errorf("the row of 部门确认 lacks %q in %s", want, confirm)
		}
	}
	if plan := row("plan_on_time"); strings.Contains(plan, "data-tone=\"bad\"><span") || !strings.Contains(plan, "样本不足") || !strings.Contains(plan, "weak") {
		t.Errorf("too few are judged all the same: %s", plan)
	}
	if assist := row("assist_on_time"); !strings.Contains(assist, "没有数据") {
		t.Errorf("no data is not said: %s", assist)
	}
}

func TestOpenClocksAreListedWithWhoMustAct(t *testing.T) {
	s := &sample{}
	body := html.UnescapeString(get(t, open(t, s), "/timeliness?department=物流部&stage=resolve").Body.String())
	if f := s.askedDue; !slices.Equal(f.Stages, []sla.Stage{sla.Resolve}) || !slices.Equal(f.Slice[kpi.Department], []string{"物流部"}) || !f.At.Equal(sampleNow()) || f.Limit != 15 {
		t.Errorf("asked %+v", f)
	}
	for _, want := range []string{
		"超 2 天 15 小时", "剩 23 分 05 秒", "剩 1 小时 23 分", `data-due="2026-11-22T10:55:13+08:00"`, `<time datetime="2026-11-22T10:55:13+08:00">11-22 10:55</time> 到期`,
		"<span >未派单</span> · 无负责人", `<span translate="no">平台技术部</span> · <span translate="no">t07</span>`, "若现在恢复", "期限暂定", "late_after=", `data-now="2026-11-22T10:32:08+08:00"`,
		`data-refresh="/fragments/due?department=`, "第 2 轮",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	order(t, body, "<dd>24</dd>", "<dd>13</dd>", "<dd>106</dd>", "<dd>5</dd>") // overdue, soon, running, paused
	paused := regexp.MustCompile(`<b class="left">挂起</b>`)
	if !paused.MatchString(body) {
		t.Error("a paused clock counts down")
	}
}

func TestPastViewDoesNotCountDown(t *testing.T) {
	body := get(t, open(t, &sample{}), "/timeliness?as_of=2026-11-20T08:00:00%2B08:00").Body.String()
	if strings.Contains(body, "data-now=") || strings.Contains(body, `data-refresh="/fragments/due`) {
		t.Error("clocks of a past instant move on")
	}
}

func TestListOfClocksGoesOnWhereItEnded(t *testing.T) {
	s := &sample{}
	h := open(t, s)
	body := get(t, h, "/timeliness").Body.String()
	next := regexp.MustCompile(`href="(/timeliness\?late_after=[^"#]+)#due"`).FindStringSubmatch(body)
	if next == nil {
		t.Fatal("no further overdue clocks are offered")
	}
	get(t, h, next[1])
	want := transform.DueCursor{Due: sampleNow().Add(-14 * time.Hour).UTC(), ComplaintID: "C-2026-000130", Place: 8}
	want.Due = want.Due.Truncate(time.Millisecond)
	if s.askedDue.OverdueAfter != want || !s.askedDue.UpcomingAfter.IsZero() {
		t.Errorf("continued after %+v, want %+v", s.askedDue.OverdueAfter, want)
	}
	var answer struct {
		NextOverdue string `json:"next_overdue"`
		Overdue     []transform.OpenClock
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/due?limit=3").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(next[1], answer.NextOverdue) || s.askedDue.Limit != 3 || len(answer.Overdue) != 8 {
		t.Errorf("the API continues with %q after %d rows", answer.NextOverdue, len(answer.Overdue))
	}
}

func TestCurveOfFirstRepliesIsToldInWords(t *testing.T) {
	body := get(t, open(t, &sample{}), "/timeliness").Body.String()
	for _, want := range []string{
		"本期登记 <a href=\"/complaints?kpi=first_response&amp;part=denominator&amp;scope=kpi\">1,682 件</a>", "part=pending&amp;scope=kpi\">33 件</a>还在等", "23 分钟", "5.5 小时", "未达到", "1.0%", "紧急、高目标 1 小时", "普通目标 2 小时", "低目标 7.5 小时",
		"登记后仍没有人工答复的比例", "<td class=\"n\">80.0%</td>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if low := regexp.MustCompile(`(?s)<th scope="row">低</th>.*?</tr>`).FindString(body); !strings.Contains(low, `data-tone="bad"`) || !strings.Contains(low, "52.0%") {
		t.Errorf("more than half of 低 wait beyond the target, the page says %s", low)
	}
	if urgent := regexp.MustCompile(`(?s)<th scope="row">紧急</th>.*?</tr>`).FindString(body); strings.Contains(urgent, "data-tone") {
		t.Errorf("12 complaints are judged: %s", urgent)
	}
	var answer struct {
		Items []struct {
			Priority string
			Target   float64 `json:"target_seconds"`
			Steps    [][2]float64
		}
	}
	if err := json.Unmarshal(get(t, open(t, &sample{}), "/api/v1/waiting").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Items) != 5 || answer.Items[1].Target != 3600 || answer.Items[0].Steps[1] != [2]float64{240, .42} {
		t.Errorf("%+v", answer.Items)
	}
}

func TestDeadlinesThatAreAGuessAreSaidToBe(t *testing.T) {
	endOf := func(year int) time.Time { return time.Date(year+1, 1, 1, 0, 0, 0, 0, zone) }
	for sentence, c := range map[string]struct {
		until      time.Time
		page, want string
	}{
		"the calendar has run out":                       {endOf(2025), "/timeliness", "工作日历已过期"},
		"then the overview says it too":                  {endOf(2025), "/", "日历里没有 2026 年的放假和调休安排"},
		"open clocks reach into an unknown year":         {endOf(2026), "/timeliness", "4 个在办时钟的期限是暂定的"},
		"a calendar that is known for long is no matter": {endOf(2028), "/complaints", ""},
		"a calendar without holidays is none":            {time.Time{}, "/kpis", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			body := get(t, open(t, &sample{calendarUntil: c.until}), c.page).Body.String()
			if banner := strings.Contains(body, `class="failed banner"`); banner != (c.want != "") || !strings.Contains(body, c.want) {
				t.Errorf("banner %v, and %q is wanted", banner, c.want)
			}
		})
	}
}

func TestOnePartOfThePromisesFailsAndTheRestStays(t *testing.T) {
	for part, rest := range map[string]string{"due": "部门确认", "waiting": "已超期", "kpis": "已超期", "by priority": "部门确认", "choices": "已超期"} {
		w := get(t, open(t, &sample{err: map[string]error{part: errors.New("secret")}}), "/timeliness")
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "secret") || !strings.Contains(w.Body.String(), rest) {
			t.Errorf("%s: status %d, or the rest is gone", part, w.Code)
		}
	}
}

func TestNothingIsDueIsSaidInWords(t *testing.T) {
	body := get(t, open(t, &sample{noData: true}), "/timeliness").Body.String()
	for _, want := range []string{"没有超期的时钟", "没有在走的时钟", "本期没有登记的投诉"} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

func TestWrongAddressOfClocksIsRefused(t *testing.T) {
	h := open(t, &sample{})
	for target, field := range map[string]string{
		"/api/v1/due?stage=lunch":                           "stage",
		"/api/v1/due?late_after=!":                          "late_after",
		"/api/v1/due?next_after=" + url.QueryEscape("MTIz"): "next_after",
		"/api/v1/due?limit=0":                               "limit",
		"/api/v1/due?chanel=phone":                          "chanel",
		"/api/v1/waiting?stage=resolve":                     "stage",
	} {
		w := get(t, h, target)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := get(t, h, "/timeliness?stage=lunch"); w.Code != http.StatusBadRequest {
		t.Errorf("the page answers %d", w.Code)
	}
}
