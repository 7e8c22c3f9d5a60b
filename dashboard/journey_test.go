package dashboard_test

import (
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

func TestSatisfactionAndFlowShowWhatIsKnown(t *testing.T) {
	for target, words := range map[string][]string{
		"/satisfaction": {
			"满意率", "参评率", "37.7%", "差评率", "1 分 40 件，2 分 27 件", "回访覆盖率", "91.4", "首次响应", "超时",
			"会员中心验证码收不到", "scope=rated&amp;score=1&amp;score=2&amp;score=3&amp;with=reply.late", "样本不足",
			"变化来自结构还是表现", "等了三天没有人回电话", "3.3 天", "无负责人", `<span translate="no">物流部</span>`,
		},
		"/satisfaction?by=category": {"按类别", `<span translate="no">物流</span>`, "scope=rated"},
		"/flow": {
			"走到了哪一步", "1,640", "/complaints?scope=cohort&amp;step=confirmed", "reached=0", "来源没有发过", "closed", "等部门确认", "30.0%", "办结之后，不计入上面的合计",
			"/complaints?moved_from=%E7%89%A9%E6%B5%81%E9%83%A8&amp;moved_to=%E6%94%AF%E4%BB%98%E9%83%A8&amp;scope=moved", "40 件投诉，转派 44 次，其中推诿或退回 12 次",
			"方案被拒", "4.4", "/complaints?category=%E7%89%A9%E6%B5%81&amp;scope=planned&amp;step=plan_rejected",
		},
	} {
		t.Run(target, func(t *testing.T) {
			w := get(t, open(t, &sample{}), target)
			if w.Code != http.StatusOK {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			for _, word := range words {
				if !strings.Contains(w.Body.String(), word) {
					t.Errorf("the page lacks %q", word)
				}
			}
		})
	}
}

var cell = regexp.MustCompile(`(?s)<td class="n" data-label="(结构|表现|合计)"[^>]*>(?:<b>)?([−+]?[0-9.]+)(?:</b>)?</td>`)

// The table of mix and rate adds up as it is read: along rows, along columns, and to the change.
func TestTheTableOfMixAndRateAddsUpAsItIsRead(t *testing.T) {
	for _, by := range []string{"department", "category", "channel"} {
		body := html.UnescapeString(get(t, open(t, &sample{}), "/satisfaction?by="+by).Body.String())
		_, body, _ = strings.Cut(body, `class="mix-table"`)
		rows, foot, _ := strings.Cut(body, "<tfoot>")
		hundredths := func(text string) []int {
			var out []int
			for _, m := range cell.FindAllStringSubmatch(text, -1) {
				f, err := strconv.ParseFloat(strings.NewReplacer("−", "-", "+", "").Replace(m[2]), 64)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, int(f*100+map[bool]float64{true: .5, false: -.5}[f > 0]))
			}
			return out
		}
		foot, _, _ = strings.Cut(foot, "</tfoot>")
		cells, total := hundredths(rows), hundredths(foot)
		if len(cells) < 3 || len(cells)%3 != 0 || len(total) != 3 {
			t.Fatalf("%s: %d cells and %d sums", by, len(cells), len(total))
		}
		var sums [3]int
		for i := 0; i < len(cells); i += 3 {
			if cells[i]+cells[i+1] != cells[i+2] {
				t.Errorf("%s: row %d: %d + %d is not %d", by, i/3, cells[i], cells[i+1], cells[i+2])
			}
			for k := range 3 {
				sums[k] += cells[i+k]
			}
		}
		if sums != [3]int(total) || total[0]+total[1] != total[2] {
			t.Errorf("%s: columns add up to %v, the table says %v", by, sums, total)
		}
		if total[2] != -748 { // 440/500 = 88.00 %, 401/498 = 80.52 %, by hand
			t.Errorf("%s: the change is %d hundredths, want -748", by, total[2])
		}
	}
}

func TestListsBehindSatisfactionAndFlowAreAskedAsTheyWereClicked(t *testing.T) {
	for address, want := range map[string]func(transform.ComplaintFilter) bool{
		"scope=rated&with=reply.late&with=transfers.2&score=1": func(f transform.ComplaintFilter) bool {
			return f.Scope == transform.ScopeRated && slices.Equal(f.Traits, []transform.Trait{{Factor: kpi.FactorReply, Value: "late"}, {Factor: kpi.FactorTransfers, Value: "2"}}) && slices.Equal(f.Scores, []int{1})
		},
		"scope=cohort&step=confirmed&reached=0": func(f transform.ComplaintFilter) bool {
			return f.Scope == transform.ScopeCohort && f.Milestone == kpi.Confirmed && f.Missed
		},
		"scope=resolved&spent=paused": func(f transform.ComplaintFilter) bool { return f.Spent == kpi.SpentPaused },
		"scope=planned&step=plan_rejected": func(f transform.ComplaintFilter) bool {
			return f.Scope == transform.ScopePlanned && f.Milestone == kpi.PlanRejected && !f.Missed
		},
		"scope=moved&moved_from=&moved_to=" + url.QueryEscape("物流部") + "&bounced=1": func(f transform.ComplaintFilter) bool {
			return slices.Equal(f.Moved.Senders, []string{""}) && slices.Equal(f.Moved.Receivers, []string{"物流部"}) && f.Moved.Bounced
		},
		"kpi=satisfaction&part=offered": func(f transform.ComplaintFilter) bool { return f.Part == transform.PartOffered },
	} {
		s := &sample{}
		if w := get(t, open(t, s), "/complaints?"+address); w.Code != http.StatusOK || !want(s.asked) {
			t.Errorf("%s: status %d, asked %+v", address, w.Code, s.asked)
		}
	}
	for _, wrong := range []string{
		"with=reply.late", "scope=rated&with=reply.never", "scope=cohort&step=nowhere", "step=confirmed", "scope=cohort&reached=0", "scope=rated&spent=redo",
		"scope=resolved&spent=sleep", "moved_from=a", "scope=open&bounced=1", "kpi=reopen&part=offered",
	} {
		if w := get(t, open(t, &sample{}), "/complaints?"+wrong); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", wrong, w.Code)
		}
	}
	if w := get(t, open(t, &sample{}), "/satisfaction?by=owner"); w.Code != http.StatusBadRequest {
		t.Errorf("a change cannot be divided by owner, but: status %d", w.Code)
	}
}

func TestAPartOfSatisfactionOrFlowThatFailsLeavesTheRest(t *testing.T) {
	for what, c := range map[string]struct{ page, stays string }{
		"voice": {"/satisfaction", "等了三天没有人回电话"}, "low scores": {"/satisfaction", "按“多出的不满意”排序"}, "kpis": {"/satisfaction", "评分分布"},
		"journey": {"/flow", "谁转给谁"}, "moves": {"/flow", "走到了哪一步"}, "choices": {"/flow", "返工"},
	} {
		s := &sample{err: map[string]error{what: errors.New("the store is gone")}}
		w := get(t, open(t, s), c.page)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), c.stays) {
			t.Errorf("without %s %s answers %d and lacks %q", what, c.page, w.Code, c.stays)
		}
		if what != "choices" && !strings.Contains(w.Body.String(), "这一块没有取到") {
			t.Errorf("without %s %s does not say so", what, c.page)
		}
		if strings.Contains(w.Body.String(), "the store is gone") {
			t.Errorf("%s shows the inside of the store", c.page)
		}
	}
}

func TestSatisfactionAndFlowAnswerProgramsToo(t *testing.T) {
	h := open(t, &sample{})
	for address, want := range map[string][]string{
		"satisfaction": {`"scores":[40,27,30,161,240]`, `"before":[20,20,20,200,240]`, `"poor":`}, "satisfaction/drivers": {`"excess":`, `"factor":"reply"`, `"verdict":"worse"`},
		"satisfaction/mix?by=channel": {`"by":"channel"`, `"effects":[`}, "satisfaction/waiting?limit=5": {`"score":1`},
		"lifecycle": {`"funnel":[`, `"stays":[`, `"coverage_before":[`}, "lifecycle/transfers": {`"bounces":12`},
	} {
		w := get(t, h, "/api/v1/"+address, "Accept", "application/json")
		if w.Code != http.StatusOK || !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s: status %d: %s", address, w.Code, w.Body)
		}
		for _, words := range append(want, `"as_of":`, `"slice":`) {
			if !strings.Contains(w.Body.String(), words) {
				t.Errorf("%s lacks %s: %s", address, words, w.Body)
			}
		}
	}
	for _, wrong := range []string{"satisfaction?by=channel", "satisfaction/mix?by=owner", "satisfaction/waiting?limit=0", "lifecycle?step=x"} {
		if w := get(t, h, "/api/v1/"+wrong, "Accept", "application/json"); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", wrong, w.Code)
		}
	}
}

func TestWithoutDataTheNewPagesSayWhyAndWhatToDo(t *testing.T) {
	h := open(t, &sample{noData: true})
	if body := get(t, h, "/flow").Body.String(); !strings.Contains(body, "还没有投诉数据") {
		t.Error("an empty store is not called one on /flow")
	}
}
