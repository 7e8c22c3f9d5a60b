package warehouse

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	words "wenguo/transform/text"
)

// stream is a store that is fed message by message, with the issue job beside.
type stream struct {
	*Store
	t      *testing.T
	folder *Folder
	job    *Discovery
	next   map[string]int64
	clock  time.Time
	found  discovered
}

func openStream(t *testing.T) *stream {
	t.Helper()
	seg, err := words.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(seg.Close)
	s := &stream{Store: openStore(t), t: t, next: map[string]int64{}, clock: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)}
	rules, log := testRules(t), slog.New(slog.DiscardHandler)
	s.UseRules(rules)
	s.folder = NewFolder(s.Store, rules, time.Second, log)
	s.job = NewDiscovery(s.Store, seg, issue.Options{}, time.Hour, func() time.Time { return s.clock }, log)
	return s
}

// send stores messages of a topic as one block.
func (s *stream) send(topic string, messages ...map[string]any) {
	s.t.Helper()
	start := s.next[topic]
	b := ingest.Block{Topic: topic, Start: start, End: start + int64(len(messages)), Decoder: ingest.DecoderVersion}
	insert := s.InsertBlock
	if topic == ingest.TopicDecisions {
		insert = s.InsertDecisions
	}
	for i, m := range messages {
		s.clock = s.clock.Add(time.Minute)
		m["event_id"], m["occurred_at"] = fmt.Sprintf("e-%d", start+int64(i)), s.clock
		raw, err := json.Marshal(m)
		if err != nil {
			s.t.Fatal(err)
		}
		record := ingest.Record{Offset: start + int64(i), BusTime: s.clock, Value: raw}
		if topic == ingest.TopicEvents {
			b.Add(record)
			continue
		}
		event, err := ingest.DecodeDecision(raw)
		if err != nil {
			s.t.Fatal(err)
		}
		b.Events = append(b.Events, ingest.Accepted{Record: record, Event: event})
	}
	if len(b.Events) != len(messages) {
		s.t.Fatalf("refused: %v", b.Rejects)
	}
	if err := insert(s.t.Context(), b); err != nil {
		s.t.Fatal(err)
	}
	s.next[topic] = b.End
	if topic == ingest.TopicEvents {
		if _, err := s.folder.Pass(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

func says(id, text string) map[string]any {
	return map[string]any{
		"complaint_id": id, "kind": "registered",
		"data": map[string]any{"channel": "web", "content": text, "customer": map[string]any{"id": "u-" + id}},
	}
}

func (s *stream) discover() {
	s.t.Helper()
	s.clock = s.clock.Add(time.Minute)
	found, err := s.job.discover(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	s.found = found
}

func (s *stream) assign() int {
	s.t.Helper()
	s.clock = s.clock.Add(time.Second)
	moved, more, err := s.found.assigner.assign(s.t.Context(), s.clock)
	if err != nil || more {
		s.t.Fatal(more, err)
	}
	return moved
}

// issues are the current members by issue id.
func (s *stream) issues() map[string][]string {
	s.t.Helper()
	of, err := s.issueMembers(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[string][]string{}
	for _, complaint := range slices.Sorted(maps.Keys(of)) {
		out[of[complaint]] = append(out[of[complaint]], complaint)
	}
	return out
}

func (s *stream) issueOf(complaint string) string {
	s.t.Helper()
	for id, members := range s.issues() {
		if slices.Contains(members, complaint) {
			return id
		}
	}
	return ""
}

// tell registers lift complaints a0…, and wallet complaints b0…, and some others.
func (s *stream) tell() {
	var all []map[string]any
	for i, frame := range strings.Fields("%s半夜异响，没人管 投诉%s半夜异响 %s又半夜异响，已经反映多次 请问%s为什么半夜异响 %s还是半夜异响") {
		all = append(all, says(fmt.Sprintf("a%d", i), fmt.Sprintf(frame, "海棠小区电梯")))
	}
	for i, frame := range strings.Fields("%s登录时验证码收不到 %s付款时验证码收不到 %s换手机后验证码收不到 %s注册时验证码收不到") {
		all = append(all, says(fmt.Sprintf("b%d", i), fmt.Sprintf(frame, "云雀钱包")))
	}
	for i, text := range strings.Fields(`路口红绿灯坏了 公园长椅断了 菜市场地面湿滑 河道有异味 图书馆闭馆太早 井盖松动
		公交改线没通知 幼儿园伙食差 理发店乱办卡 游泳池水脏 出租车绕路 工地扬尘大 宽带掉线 外卖洒汤 医院挂号难 路灯不亮
		车位被占 树枝挡窗 水管漏水 物业涨价 快递丢件 羽毛球馆漏雨 驾校拖考 银行叫号慢 烧烤油烟扰民 共享单车乱停 超市称重不准
		影院空调太冷 奶茶里有头发 景区门票退不了`) {
		all = append(all, says(fmt.Sprintf("s%d", i), text))
	}
	s.send(ingest.TopicEvents, all...)
}

func (s *stream) all() kpi.Query {
	return kpi.Query{From: s.clock.AddDate(0, -1, 0), To: s.clock.AddDate(0, 0, 1), AsOf: s.clock}
}

func TestTextsAreAssignedBetweenDiscoveries(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift, wallet := s.issueOf("a0"), s.issueOf("b0")
	if lift == "" || wallet == "" || lift == wallet || s.issueOf("s0") != "" {
		t.Fatalf("discovered %v", s.issues())
	}
	if n := s.assign(); n != 0 {
		t.Errorf("%d texts moved though nothing is new", n)
	}
	s.send(ingest.TopicEvents, says("a9", "海棠小区的电梯半夜又有异响了"), says("s9", "井盖松动没人来修"))
	if n := s.assign(); n != 1 || s.issueOf("a9") != lift || s.issueOf("s9") != "" {
		t.Errorf("%d moved: %v", n, s.issues())
	}
	if marks, err := s.Watermarks(t.Context(), FoldWorker, ingest.TopicEvents); err != nil || !maps.Equal(s.found.assigner.marks, marks) {
		t.Errorf("looked at %v of %v: %v", s.found.assigner.marks, marks, err)
	}
	list, err := s.Issues(t.Context(), s.all())
	if err != nil || list.Issues[0].ID != lift || list.Issues[0].Complaints != 6 || list.Inside != 10 {
		t.Errorf("the page shows %+v: %v", list, err)
	}
	s.send(ingest.TopicEvents, map[string]any{
		"complaint_id": "a9", "kind": "corrected",
		"data": map[string]any{"fields": map[string]any{"content": "云雀钱包的验证码又收不到了"}, "reason": "写错了"},
	})
	if n := s.assign(); n != 1 || s.issueOf("a9") != wallet {
		t.Errorf("%d moved after a correction: %v", n, s.issues())
	}
	s.send(ingest.TopicEvents, map[string]any{"complaint_id": "a0", "kind": "erased", "data": map[string]any{}},
		map[string]any{"complaint_id": "b1", "kind": "acknowledged", "data": map[string]any{}},
		map[string]any{"complaint_id": "b2", "kind": "merged", "data": map[string]any{"into": "b1"}})
	if n := s.assign(); n != 2 || s.issueOf("a0") != "" || s.issueOf("b1") != wallet || s.issueOf("b2") != "" {
		t.Errorf("%d moved after an erasure and a merger: %v", n, s.issues())
	}
	before := s.issues()
	s.discover()
	if after := s.issues(); !maps.EqualFunc(before, after, slices.Equal[[]string]) {
		t.Errorf("the next discovery gives %v, want %v", after, before)
	}
}

func TestARestartAssignsAfterItsFirstDiscovery(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift := s.issueOf("a0")
	if due, err := s.job.due(t.Context(), s.found); due || err != nil {
		t.Errorf("due right after a discovery: %t %v", due, err)
	}
	if due, err := s.job.due(t.Context(), discovered{}); !due || err != nil {
		t.Errorf("not due after a restart: %t %v", due, err)
	}
	s.send(ingest.TopicEvents, says("a7", "海棠小区的电梯半夜又有异响了"))
	s.discover()
	s.send(ingest.TopicEvents, says("a8", "半夜海棠小区的电梯又有异响"))
	if n := s.assign(); n != 1 || s.issueOf("a7") != lift || s.issueOf("a8") != lift {
		t.Errorf("%d moved: %v", n, s.issues())
	}
}

func TestDecisionsHoldFromTheNextDiscoveryOn(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift, wallet := s.issueOf("a0"), s.issueOf("b0")
	merged := map[string]any{"kind": "issue.merged", "data": map[string]any{"from": []string{lift}, "into": wallet}}
	s.send(ingest.TopicDecisions, merged, map[string]any{"kind": "complaint.placed", "data": map[string]any{"complaint_id": "a1", "none": true}},
		map[string]any{"kind": "complaint.placed", "data": map[string]any{"complaint_id": "s0", "issue": wallet}})
	if due, err := s.job.due(t.Context(), s.found); !due || err != nil {
		t.Errorf("not due after a decision: %t %v", due, err)
	}
	want := map[string][]string{wallet: strings.Fields("a0 a2 a3 a4 b0 b1 b2 b3 s0")}
	for range 3 {
		s.discover()
		if got := s.issues(); !maps.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	s.send(ingest.TopicEvents, says("a9", "海棠小区的电梯半夜又有异响了"))
	if n := s.assign(); n != 1 || s.issueOf("a9") != wallet {
		t.Errorf("%d moved: %v", n, s.issues())
	}
	d, err := s.Issue(t.Context(), lift, s.all())
	if err != nil || d.ID != wallet || !slices.Equal(d.MergedFrom, []string{lift}) {
		t.Errorf("the old address leads to %s, made of %v: %v", d.ID, d.MergedFrom, err)
	}
	s.send(ingest.TopicDecisions, map[string]any{"kind": "issue.split", "data": map[string]any{
		"issue": wallet, "groups": [][]string{strings.Fields("a0 a2 a3 a4 a9")},
	}})
	s.discover()
	part := s.issueOf("a0")
	if part == wallet || !slices.Equal(s.issues()[part], strings.Fields("a0 a2 a3 a4 a9")) ||
		!slices.Equal(s.issues()[wallet], strings.Fields("b0 b1 b2 b3 s0")) {
		t.Errorf("split into %v", s.issues())
	}
	s.lineage(wallet, part)
	s.send(ingest.TopicDecisions, map[string]any{"kind": "decision.undone", "data": map[string]any{"event_id": "e-1"}})
	s.discover()
	// It was merged too, and no group of the split names it.
	if got := s.issueOf("a1"); got != wallet {
		t.Errorf("after the placement is undone a1 is in %q, want %q", got, wallet)
	}
}

func (s *stream) lineageOf(id string) issue.Lineage {
	s.t.Helper()
	line, err := s.IssueLineage(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return line
}

// lineage checks that a split is told from both sides.
func (s *stream) lineage(whole, part string) {
	s.t.Helper()
	if got := s.lineageOf(whole); !slices.Equal(got.SplitInto, []string{part}) || !got.Standing {
		s.t.Errorf("%s was split into %+v", whole, got)
	}
	got := s.lineageOf(part)
	if !slices.Equal(got.SplitFrom, []string{whole}) {
		s.t.Errorf("%s was split from %+v", part, got)
	}
	last := got.Changes[len(got.Changes)-1]
	if last.Kind != issue.Parted || last.From != whole || last.Into != part || last.Complaints != 5 || last.Name == "" {
		s.t.Errorf("last change is %+v", last)
	}
}

func TestAnIssueThatEndedKeepsItsAddress(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	wallet := s.issueOf("b0")
	for _, id := range s.issues()[wallet] {
		s.send(ingest.TopicEvents, map[string]any{"complaint_id": id, "kind": "erased", "data": map[string]any{}})
	}
	s.discover()
	d, err := s.Issue(t.Context(), wallet, s.all())
	if err != nil || d.ID != wallet || d.State != issue.Archived || d.Name == "" || d.Total != 0 {
		t.Errorf("the address answers %+v: %v", d, err)
	}
	if line := s.lineageOf(wallet); line.Standing || len(line.Changes) != 1 || line.Changes[0].Kind != issue.Ended {
		t.Errorf("lineage %+v", line)
	}
	members, more, err := s.IssueMembers(t.Context(), wallet, s.all(), transform.Cursor{}, 10)
	if err != nil || more || len(members) != 0 {
		t.Errorf("members %+v: %v", members, err)
	}
	if _, err := s.IssueLineage(t.Context(), "i-never"); !errors.Is(err, transform.ErrNotFound) {
		t.Errorf("an id that never was answers %v", err)
	}
}

func TestIssuesOutliveTheTextsThatAreCompared(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift, wallet := s.issueOf("a0"), s.issueOf("b0")
	before := s.issues()
	// Only the newest seven texts are compared now: of the lift none.
	s.job.texts = 7
	s.discover()
	if got := s.issues(); !maps.EqualFunc(got, before, slices.Equal[[]string]) {
		t.Fatalf("got %v, want %v", got, before)
	}
	d, err := s.Issue(t.Context(), lift, s.all())
	if err != nil || d.Total != 5 || d.Name == "" || len(d.Words) == 0 {
		t.Errorf("%s is %+v: %v", lift, d, err)
	}
	s.job.texts = 100
	s.discover()
	if s.issueOf("a0") != lift || s.issueOf("b3") != wallet {
		t.Errorf("got %v, want %v", s.issues(), before)
	}
}

func TestMembersSayWhyTheyAreThere(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	s.send(ingest.TopicEvents, says("a9", "海棠小区的电梯半夜又有异响了"))
	s.assign()
	lift := s.issueOf("a0")
	var got []string
	var after transform.Cursor
	for {
		members, more, err := s.IssueMembers(t.Context(), lift, s.all(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			got = append(got, m.ComplaintID)
			if len(m.Words) == 0 || m.Shared <= 0 || m.Shared > 1 || m.Text == "" || m.AssignedAt.IsZero() == (m.ComplaintID == "a9") || (m.Evidence > 0) != (m.ComplaintID == "a9") {
				t.Errorf("member %+v", m)
			}
			after = transform.Cursor{RegisteredAt: m.RegisteredAt, ComplaintID: m.ComplaintID}
		}
		if !more {
			break
		}
	}
	if !slices.Equal(got, strings.Fields("a9 a4 a3 a2 a1 a0")) {
		t.Errorf("got %v", got)
	}
	why, err := s.Why(t.Context(), "a9", s.clock)
	if err != nil || why.IssueID != lift || len(why.Words) == 0 {
		t.Errorf("got %+v: %v", why, err)
	}
	if _, err := s.Why(t.Context(), "s0", s.clock); !errors.Is(err, transform.ErrNotFound) {
		t.Errorf("a complaint in no issue answers %v", err)
	}
}
