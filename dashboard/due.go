package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// dueRows is the length of each list of clocks.
const dueRows = 15

// dueBoard is what somebody has to do next.
type dueBoard struct {
	// Overdue and Upcoming are the lists; the sums count all clocks of the chosen stages.
	Overdue, Upcoming             dueList
	Late, AtRisk, Running, Paused string
	Provisional                   int64
	Stages                        []stageTab
	Holders                       []holderRow
	AsOf                          string
	// Now is the instant that the remaining times are of, for the script that counts them down; empty in a past view.
	Now string
	// Refresh is the address that renews the board; empty in a past view.
	Refresh string
}

type dueList struct {
	Rows []dueRow
	// More continues the list, First leads back to its beginning.
	More, First string
}

// dueRow is one open clock.
type dueRow struct {
	ID, Key, URL, Title      string
	Stage, Round             string
	Priority, PriorityName   string
	Department, Owner, Asked string
	NoDepartment, NoOwner    bool
	// Due is the deadline in the organisation's zone, DueISO the same for programs; Left what remains or has gone by.
	Due, DueISO, Left string
	// Tone is bad, warn, wait or empty; Word says the same.
	Tone, Word  string
	Paused      bool
	Provisional bool
}

// stageTab narrows the lists to a stage.
type stageTab struct {
	Name, URL, Late, All string
	Chosen               bool
}

// holderRow says how much lies with a department.
type holderRow struct {
	Name, URL                     string
	Late, AtRisk, Running, Paused string
	HasLate, HasRisk              bool
	late, risk, all               int64
}

// parseDue reads the address of the lists of clocks.
func parseDue(v view) (transform.DueFilter, error) {
	f := transform.DueFilter{At: v.AsOf, Slice: v.Slice, Limit: dueRows}
	for _, s := range v.Own["stage"] {
		if s == "" {
			continue
		}
		if _, ok := stageNames[sla.Stage(s)]; !ok {
			return f, badField("stage", "没有名为“"+s+"”的环节，可用 acknowledge、dispatch、confirm、plan、resolve、survey、redo、assist")
		}
		f.Stages = append(f.Stages, sla.Stage(s))
	}
	for _, at := range []struct {
		field string
		to    *transform.DueCursor
	}{{"late_after", &f.OverdueAfter}, {"next_after", &f.UpcomingAfter}} {
		s := v.Own.Get(at.field)
		if s == "" {
			continue
		}
		cursor, ok := decodeDue(s)
		if !ok {
			return f, badField(at.field, "翻页标记读不懂，请从第一页开始")
		}
		*at.to = cursor
	}
	if s := v.Own.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxPageRows {
			return f, badField("limit", "每页 1 到 "+strconv.Itoa(maxPageRows)+" 行")
		}
		f.Limit = n
	}
	return f, nil
}

func newDueBoard(v view, b transform.DueBoard) dueBoard {
	out := dueBoard{AsOf: v.AsOf.Format("01-02 15:04:05")}
	if !v.Fixed {
		out.Now, out.Refresh = v.Clock.Format(time.RFC3339), v.withOwn("/fragments/due")
	}
	var late, risk, running, paused int64
	for _, n := range b.Counts {
		late, risk, running, paused = late+n.Overdue, risk+n.AtRisk, running+n.OK, paused+n.Paused
		out.Provisional += n.Provisional
	}
	out.Late, out.AtRisk, out.Running, out.Paused = grouped(late), grouped(risk), grouped(running), grouped(paused)
	out.Overdue = newDueList(v, b.Overdue, b.MoreOverdue, "late_after")
	out.Upcoming = newDueList(v, b.Upcoming, b.MoreUpcoming, "next_after")
	out.Stages, out.Holders = stageTabs(v, b.Counts), holderRows(v, b.Counts)
	return out
}

func newDueList(v view, clocks []transform.OpenClock, more bool, field string) dueList {
	var l dueList
	for _, c := range clocks {
		l.Rows = append(l.Rows, newDueRow(v, c))
	}
	if more {
		l.More = v.Set(field, encodeDue(clocks[len(clocks)-1].Cursor()))
	}
	if v.Own.Get(field) != "" {
		l.First = v.Set(field, "")
	}
	return l
}

func newDueRow(v view, c transform.OpenClock) dueRow {
	row := dueRow{
		ID: c.ComplaintID, Key: "due-" + c.ComplaintID + "-" + strconv.Itoa(c.Place), URL: v.To("/complaints/" + pathEscape(c.ComplaintID)),
		Title: c.Title, Stage: name(stageNames, c.Stage), Priority: c.Priority, PriorityName: name(priorityNames, c.Priority),
		Department: valueName(kpi.Department, c.Department), NoDepartment: c.Department == "", Owner: c.Owner, NoOwner: c.Owner == "",
		Asked: c.Asked, Due: clockTime(c.Due, v.AsOf), DueISO: c.Due.In(v.AsOf.Location()).Format(time.RFC3339),
		Left: leftText(c.Due.Sub(v.AsOf)), Paused: c.Standing == transform.StandingPaused, Provisional: c.Provisional,
	}
	if row.Title == "" {
		row.Title = c.ComplaintID
	}
	if c.Round > 1 {
		row.Round = "第 " + strconv.Itoa(c.Round) + " 轮"
	}
	switch c.Standing {
	case transform.StandingOverdue:
		row.Tone, row.Word = "bad", "已超期"
	case transform.StandingAtRisk:
		row.Tone, row.Word = "warn", "即将到期"
	case transform.StandingPaused:
		row.Tone, row.Word = "wait", "挂起"
		row.Left = "挂起"
	case transform.StandingOK:
	}
	return row
}

// leftText is the time to a deadline or since it, in two units; static/countdown.js writes the same.
func leftText(d time.Duration) string {
	if d < 0 {
		return "超 " + twoUnits(-d)
	}
	return "剩 " + twoUnits(d)
}

func twoUnits(d time.Duration) string {
	s := int64(d / time.Second)
	switch {
	case s < 3600:
		return fmt.Sprintf("%d 分 %02d 秒", s/60, s%60)
	case s < 86400:
		return fmt.Sprintf("%d 小时 %02d 分", s/3600, s/60%60)
	}
	return fmt.Sprintf("%d 天 %d 小时", s/86400, s/3600%24)
}

// stageTabs narrow the lists; the counts are those of the stages shown, so that a chosen stage still shows its own.
func stageTabs(v view, counts []transform.DueCount) []stageTab {
	late, all := map[sla.Stage]int64{}, map[sla.Stage]int64{}
	for _, n := range counts {
		late[n.Stage] += n.Overdue
		all[n.Stage] += n.Overdue + n.AtRisk + n.OK + n.Paused
	}
	chosen := v.Own["stage"]
	tabs := []stageTab{{Name: "全部环节", URL: v.Set("stage", ""), Chosen: len(chosen) == 0}}
	for _, e := range kpi.Catalogue {
		stage := sla.Stage(e.Stage)
		is := slices.Contains(chosen, e.Stage)
		if e.Query != "on_time" || all[stage] == 0 && !is && len(chosen) == 0 {
			continue
		}
		tab := stageTab{Name: name(stageNames, stage), URL: v.Set("stage", e.Stage), Chosen: is}
		if all[stage] > 0 {
			tab.All = grouped(all[stage])
		}
		if late[stage] > 0 {
			tab.Late = grouped(late[stage])
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

// holderRows are the departments that have to act, the one with most overdue clocks first.
func holderRows(v view, counts []transform.DueCount) []holderRow {
	sums := map[string]transform.DueCount{}
	for _, n := range counts {
		s := sums[n.Department]
		s.Overdue, s.AtRisk, s.OK, s.Paused = s.Overdue+n.Overdue, s.AtRisk+n.AtRisk, s.OK+n.OK, s.Paused+n.Paused
		sums[n.Department] = s
	}
	var rows []holderRow
	for department, n := range sums {
		rows = append(rows, holderRow{
			Name: valueName(kpi.Department, department), URL: departmentURL(v, "/timeliness", department),
			Late: grouped(n.Overdue), AtRisk: grouped(n.AtRisk), Running: grouped(n.OK), Paused: grouped(n.Paused),
			HasLate: n.Overdue > 0, HasRisk: n.AtRisk > 0, late: n.Overdue, risk: n.AtRisk, all: n.Overdue + n.AtRisk + n.OK + n.Paused,
		})
	}
	slices.SortFunc(rows, func(a, b holderRow) int {
		return cmp.Or(cmp.Compare(b.late, a.late), cmp.Compare(b.risk, a.risk), cmp.Compare(b.all, a.all), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// warning is a banner; empty without a reason.
type warning struct{ Tone, Title, Text string }

// calendarSoon is how long before the end of the known holidays a page begins to say so.
const calendarSoon = 60 * 24 * time.Hour

// calendarWarning says that deadlines are a guess: holidays are known until an instant, and so many open clocks reach
// beyond it.
func calendarWarning(until, now time.Time, provisional int64) warning {
	if until.IsZero() {
		return warning{}
	}
	year := strconv.Itoa(until.In(now.Location()).Add(-time.Second).Year() + 1)
	rest := "跨入 " + year + " 年的工作时间按周一到周五推算，期限为暂定；放假安排公布后更新政策文件里的日历，期限会随之改正。"
	switch {
	case !now.Before(until):
		return warning{"bad", "工作日历已过期", "日历里没有 " + year + " 年的放假和调休安排，现在按工作时间计的期限都是推算的（周一到周五都算上班）。请更新政策文件里的日历。"}
	case provisional > 0:
		return warning{"warn", grouped(provisional) + " 个在办时钟的期限是暂定的", rest}
	case now.Add(calendarSoon).After(until):
		return warning{"warn", year + " 年的放假安排还没有", rest}
	}
	return warning{}
}
