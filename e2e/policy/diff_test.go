// Package policy_test asks the built command what another policy would change on a small history worked out by hand.
package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"wenguo/e2e/program"
	"wenguo/transform/sla"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// history is five complaints. Monday is 2026-11-16; they are looked at on Friday the 20th at noon.
//
//	A answered after 1.5 working hours: kept 2 h, would break 1 h; open for 4 days: past 3 d, within 5 d
//	B answered after half an hour: keeps both; open like A
//	C Friday 11:30, unanswered: 2 h end at 15:00, 1 h at 14:00, as the lunch break is off hours
//	D resolved after 4 days by an agent, which is its first reply: breaks 3 d, would keep 5 d
//	E open since Wednesday noon and unanswered: 3 d end on Saturday, 5 d on Monday
const history = `
{"event_id":"a1","complaint_id":"A","kind":"registered","occurred_at":"2026-11-16T10:00:00+08:00","data":{"channel":"phone","title":"验证码收不到"}}
{"event_id":"a2","complaint_id":"A","kind":"acknowledged","occurred_at":"2026-11-16T11:30:00+08:00","actor":{"role":"agent"},"data":{"channel":"phone"}}
{"event_id":"b1","complaint_id":"B","kind":"registered","occurred_at":"2026-11-16T10:00:00+08:00","data":{"channel":"phone","title":"账单重复"}}
{"event_id":"b2","complaint_id":"B","kind":"acknowledged","occurred_at":"2026-11-16T10:30:00+08:00","actor":{"role":"agent"},"data":{"channel":"phone"}}
{"event_id":"c1","complaint_id":"C","kind":"registered","occurred_at":"2026-11-20T11:30:00+08:00","data":{"channel":"phone","title":"物流没有更新"}}
{"event_id":"d1","complaint_id":"D","kind":"registered","occurred_at":"2026-11-16T10:00:00+08:00","data":{"channel":"phone","title":"退款没有到账"}}
{"event_id":"d2","complaint_id":"D","kind":"resolved","occurred_at":"2026-11-20T10:00:00+08:00","actor":{"role":"agent"},"data":{"summary":"已退款"}}
{"event_id":"e1","complaint_id":"E","kind":"registered","occurred_at":"2026-11-18T12:00:00+08:00","data":{"channel":"phone","title":"发票开错"}}
`

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDiffListsWhatAnotherPolicyWouldChange(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	program.Start(t, data, nil)
	if r := program.Run(t, nil, "import", "--data", data, write(t, dir, "history.ndjson", strings.TrimSpace(history)+"\n")); r.Code != 0 {
		t.Fatalf("import: %s", r.Stderr)
	}
	text := strings.NewReplacer("target: 2h", "target: 1h", "target: 3d", "target: 5d").Replace(string(sla.DefaultPolicy()))
	another := write(t, dir, "another.yaml", text)
	diff := func(args ...string) program.Result {
		r := program.Run(t, nil, append([]string{"policy", "diff", "--data", data, "--as-of", "2026-11-20T12:00:00+08:00"}, args...)...)
		if r.Code != 0 {
			t.Fatalf("policy diff %v: %s", args, r.Stderr)
		}
		return r
	}
	var got struct {
		sla.Totals
		Groups []sla.Group `json:"groups"`
	}
	if err := json.Unmarshal([]byte(diff("--json", "current", another).Stdout), &got); err != nil {
		t.Fatal(err)
	}
	effect := func(ids ...string) sla.Effect { return sla.Effect{Count: len(ids), Examples: ids} }
	want := []sla.Group{
		{
			Stage: sla.Acknowledge, Rule: "default", Changed: effect("A", "B", "C", "D", "E"),
			Old: &sla.Promise{TargetSeconds: 7200, Calendar: "working-hours"}, New: &sla.Promise{TargetSeconds: 3600, Calendar: "working-hours"},
			Flips: []sla.Flip{{From: sla.Met, To: sla.Breached, Effect: effect("A")}}, Earlier: effect("C"),
		},
		{
			Stage: sla.Resolve, Rule: "default", Changed: effect("A", "B", "C", "D", "E"),
			Old: &sla.Promise{TargetSeconds: 259200, Calendar: "natural-days"}, New: &sla.Promise{TargetSeconds: 432000, Calendar: "natural-days"},
			Flips: []sla.Flip{{From: sla.Breached, To: sla.Running, Effect: effect("A", "B")}, {From: sla.Breached, To: sla.Met, Effect: effect("D")}},
			Later: effect("C", "E"),
		},
	}
	if !reflect.DeepEqual(got.Groups, want) {
		t.Errorf("groups\n%+v\nwant\n%+v", got.Groups, want)
	}
	// Acknowledge, dispatch and resolve of each, and the survey of D.
	if (got.Totals != sla.Totals{Complaints: 5, Clocks: 16, Changed: 10}) {
		t.Errorf("totals %+v", got.Totals)
	}
	table := diff("default", another).Stdout
	for _, line := range []string{
		"投诉 5 件，时钟 16 个，其中 10 个将改变",
		"受理 常规（2h0m0s working-hours → 1h0m0s working-hours）：按时→超时 1 个，如 A",
		"办结 常规（72h0m0s natural-days → 120h0m0s natural-days）：计时中到期推迟 2 个，如 C、E",
	} {
		if !strings.Contains(table, line) {
			t.Errorf("the table does not say %q:\n%s", line, table)
		}
	}
	if same := diff("default", "current").Stdout; !strings.Contains(same, "其中 0 个将改变") {
		t.Errorf("a policy differs from itself: %s", same)
	}
	kept, err := filepath.Glob(filepath.Join(data, "policies", "*"))
	if err != nil || len(kept) != 1 {
		t.Errorf("kept policies %v, %v: diff changed them", kept, err)
	}
	show := program.Run(t, nil, "policy", "show", "--data", data)
	if !strings.HasPrefix(show.Stdout, "# revision 1, in force since ") {
		t.Errorf("show: %s", fmt.Sprintf("%.80s", show.Stdout))
	}
}
