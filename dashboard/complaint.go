package dashboard

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// complaintPage is what templates/complaint.html shows.
type complaintPage struct {
	frame

	ID, Title2          string
	Content             string
	Expectation         string
	State, StateName    string
	Priority            string
	PriorityName        string
	Facts               []fact
	Clocks              []clockCard
	Timeline            []timelineDay
	Events              string
	IssueName, IssueURL string
	Duplicates          []duplicateRow
	MergedURL, MergedID string
	Warnings            []string
	Next                *clockCard
	IssueID             string
	Curate              curating
	// Original is the complaint unmasked, after somebody asked to see it.
	Original *transform.Original
}

type duplicateRow struct{ ID, URL, Title, Day, Channel, How string }

func (s *Server) complaint(c *gin.Context) {
	f, err := s.begin(c, "投诉", "/complaints", "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	d, err := s.deps.Reader.Complaint(c.Request.Context(), c.Param("id"), f.View.AsOf)
	if err != nil {
		s.fail(c, err)
		return
	}
	p := newComplaintPage(f, d)
	p.Curate = s.curatingPage(c, f.View, d.IssueID)
	s.render(c, http.StatusOK, "complaint", p)
}

func newComplaintPage(f frame, d transform.ComplaintDetail) complaintPage {
	k, v := d.Fact, f.View
	p := complaintPage{
		frame: f, ID: k.ID, Title2: k.Title, Content: k.Content, Expectation: k.Expectation, State: string(k.State),
		StateName: name(complaintStateNames, k.State), Priority: k.Priority, PriorityName: name(priorityNames, k.Priority),
		Facts: complaintFacts(k, v.AsOf), Events: grouped(int64(len(d.Events))), IssueName: d.IssueName, Warnings: warnings(k),
	}
	if p.Title2 == "" {
		p.Title2 = "投诉 " + k.ID
	}
	p.Title, p.TitleData = p.Title2, k.Title != ""
	if k.State == transform.Open && len(k.Pauses) > 0 && k.Pauses[len(k.Pauses)-1].EndedAt.IsZero() {
		p.State, p.StateName = "paused", "挂起"
	}
	for _, r := range d.Clocks {
		p.Clocks = append(p.Clocks, newClockCard(r, v.AsOf))
	}
	p.Next = nextClock(d.Clocks, p.Clocks)
	p.Timeline = timeline(d.Events, k.Timeline, v.AsOf)
	p.IssueID = d.IssueID
	if d.IssueID != "" {
		p.IssueURL = v.To("/issues/" + pathEscape(d.IssueID))
	}
	if k.MergedInto != "" {
		p.MergedID, p.MergedURL = k.MergedInto, v.To("/complaints/"+pathEscape(k.MergedInto))
	}
	for _, o := range d.Duplicates {
		how := "疑似重复 · 文本相似 " + percent(o.Similarity) + "%，建议并单"
		if o.Merged {
			how = "已并单"
		}
		p.Duplicates = append(p.Duplicates, duplicateRow{
			o.ComplaintID, v.To("/complaints/" + pathEscape(o.ComplaintID)), o.Title, day(o.RegisteredAt, v.AsOf), valueName(kpi.Channel, o.Channel), how,
		})
	}
	return p
}

// complaintFacts are the complaint's fields, absent ones left out.
func complaintFacts(k transform.Complaint, now time.Time) []fact {
	var out []fact
	put := func(name, value string) {
		if value != "" && value != dash {
			out = append(out, fact{name, value})
		}
	}
	put("登记时间", clockTime(k.RegisteredAt, now))
	put("渠道", valueIf(kpi.Channel, k.Channel))
	put("类别", k.Category)
	put("投诉级别", valueIf(kpi.Level, levelText(k.Level)))
	put("产品", k.Product)
	put("部门", k.Department)
	put("负责人", k.Owner)
	put("客户", k.CustomerName)
	put("客户等级", valueIf(kpi.Tier, k.Tier))
	put("地区", k.Region)
	if k.AffectedCustomers > 1 {
		put("影响客户", grouped(int64(k.AffectedCustomers))+" 人")
	}
	put("事发时间", clockTime(k.IncidentAt, now))
	if k.Valid != nil {
		put("核实结论", map[bool]string{true: "成立", false: "不成立"}[*k.Valid])
	}
	put("原因分类", valueIf(kpi.CauseGroup, k.CauseGroup))
	if k.Response.Replied {
		put("首次响应用时", responseText(k))
	}
	if len(k.Rounds) > 1 {
		put("处置轮次", strconv.Itoa(len(k.Rounds))+"（重开 "+strconv.Itoa(len(k.Rounds)-1)+" 次）")
	}
	put("结束时间", clockTime(k.EndedAt, now))
	if n := len(k.Ratings); n > 0 {
		put("客户评分", strconv.Itoa(k.Ratings[n-1].Score)+" 分")
	}
	return out
}

// responseText is how long the first human reply took: by the wall clock, and in the calendar of its target where that
// counts differently.
func responseText(k transform.Complaint) string {
	wall := k.Response.Until.Sub(k.RegisteredAt)
	if k.Response.Took == wall || wall <= 0 {
		return durationText(k.Response.Took)
	}
	return durationText(wall) + "（计时 " + durationText(k.Response.Took) + "）"
}

func valueIf(d kpi.Dimension, value string) string {
	if value == "" {
		return ""
	}
	return valueName(d, value)
}

func levelText(level int) string {
	if level == 0 {
		return ""
	}
	return strconv.Itoa(level)
}

// warnings say what makes this complaint's figures special.
func warnings(k transform.Complaint) []string {
	var out []string
	if k.Orphan {
		out = append(out, "还没有收到登记事件，这件投诉暂不计入任何指标。")
	}
	if len(k.Anomalies) > 0 {
		out = append(out, "事件的先后不可能成立，相关时钟不计入时长与按时率。")
	}
	if k.Conflicting {
		out = append(out, "同一事件编号出现过两种内容，以先到的为准。")
	}
	if k.Erased {
		out = append(out, "客户已要求删除个人信息，文本与身份不再保存。")
	}
	return out
}

// timelineDay groups events by their date.
type timelineDay struct {
	Day     string
	Entries []timelineEntry
}

// timelineEntry is one event in words.
type timelineEntry struct {
	Time, Full, Kind, Name string
	// Who is the department that acted, Role in what part; either may be empty.
	Who, Role string
	// Tone is start, good, bad, wait or empty.
	Tone    string
	Details []fact
	Text    string
	// Ignored says that the event changed nothing, and EventID what to look for in the source.
	Ignored bool
	EventID string
}

var kindTones = map[ingest.Kind]string{ //nolint:gochecknoglobals // a constant table
	ingest.KindRegistered: "start", ingest.KindResolved: "good", ingest.KindClosed: "good", ingest.KindReopened: "bad", ingest.KindEscalated: "bad",
	ingest.KindPaused: "wait", ingest.KindPlanRejected: "bad", ingest.KindWithdrawn: "wait", ingest.KindRejected: "wait", ingest.KindMerged: "wait",
}

func timeline(events []ingest.Stored, steps []transform.Step, now time.Time) []timelineDay {
	ignored := map[string]bool{}
	for _, s := range steps {
		ignored[s.EventID] = s.Ignored
	}
	var days []timelineDay
	for _, e := range events {
		t := e.OccurredAt.In(now.Location())
		date := t.Format("2006 年 1 月 2 日") + " " + weekdays[(int(t.Weekday())+6)%7]
		if len(days) == 0 || days[len(days)-1].Day != date {
			days = append(days, timelineDay{Day: date})
		}
		entry := describe(e.Event, now)
		entry.Time, entry.Full = t.Format("15:04"), t.Format("2006-01-02 15:04:05")
		entry.Kind, entry.Name, entry.Tone = string(e.Kind), name(kindNames, e.Kind), kindTones[e.Kind]
		entry.Who, entry.Role = who(e.Actor)
		entry.Ignored, entry.EventID = ignored[e.EventID], e.EventID
		days[len(days)-1].Entries = append(days[len(days)-1].Entries, entry)
	}
	return days
}

func who(a ingest.Actor) (department, role string) {
	role = name(roleNames, a.Role)
	if a.Department != "" && a.Role == ingest.RoleDepartment {
		role = ""
	}
	return a.Department, role
}
