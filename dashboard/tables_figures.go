package dashboard

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"

	"wenguo/dashboard/sheet"
	"wenguo/transform/kpi"
)

// Cells of a figure whose unit is known from its column: seconds become hours.
func hoursOf(seconds *float64) *float64 {
	if seconds == nil {
		return nil
	}
	return new(*seconds / 3600)
}

// ends are the two ends of an interval, nil without one.
func ends(i *[2]float64) (low, high *float64) {
	if i == nil {
		return nil, nil
	}
	return &i[0], &i[1]
}

// inUnit is a value as the column 数值 shows it: percent, hours, or as it is, and the name of that unit.
func inUnit(unit kpi.Unit, v *float64) *float64 {
	if v == nil {
		return nil
	}
	switch unit {
	case kpi.UnitRate:
		return new(*v * 100)
	case kpi.UnitDuration:
		return new(*v / 3600)
	case kpi.UnitCount:
	}
	return v
}

var unitNames = map[kpi.Unit]string{kpi.UnitRate: "%", kpi.UnitDuration: "小时", kpi.UnitCount: "件"} //nolint:gochecknoglobals // a constant table

func kpiTable() *table {
	columns := []sheet.Column{
		textColumn("编号"), textColumn("指标"), numberColumn("数值"), textColumn("单位"), numberColumn("95% 区间下限"), numberColumn("95% 区间上限"),
		countColumn("分子（件）"), countColumn("分母（件）"), countColumn("n（件）"), countColumn("待定（件）"), textColumn("状态"), textColumn("目标"),
	}
	return tableOf("指标", columns, func(_ view, a kpisAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			for _, e := range kpi.Catalogue {
				v, asked := a.KPIs[e.ID]
				if !asked {
					continue
				}
				d := define(e.ID)
				low, high := ends(v.Interval)
				state := cmp.Or(stateWords[v.State], "正常")
				if !yield([]any{
					e.ID, e.Name, inUnit(e.Unit, v.Value.Value), unitNames[e.Unit], inUnit(e.Unit, low), inUnit(e.Unit, high),
					v.Numerator, v.Denominator, v.N, v.Pending, state, d.targetText(),
				}) {
					return
				}
			}
		}
	})
}

func stripTable() *table {
	columns := []sheet.Column{textColumn("符号"), textColumn("项"), countColumn("件数（件）")}
	return tableOf("账目", columns, func(_ view, a stripAnswer) iter.Seq[[]any] {
		return slices.Values([][]any{
			{"", "期初", a.Opening},
			{"加", "登记", a.Registered},
			{"加", "重开", a.Reopened},
			{"减", "办结", a.Resolved},
			{"减", "撤诉/不成立", a.Withdrawn},
			{"减", "并单", a.Merged},
			{"得", "期末", a.Closing},
		})
	})
}

func seriesTable() *table {
	columns := []sheet.Column{
		textColumn("编号"), textColumn("指标"), instantColumn("起始"), textColumn("宽度"), numberColumn("数值"), textColumn("单位"),
		numberColumn("95% 区间下限"), numberColumn("95% 区间上限"), countColumn("n（件）"), textColumn("状态"),
	}
	return tableOf("指标走势", columns, func(_ view, e envelope) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			list, _ := e.Items.([]kpi.Series)
			for _, s := range list {
				d := define(s.KPI)
				for _, p := range s.Points {
					low, high := ends(p.Interval)
					if !yield([]any{
						s.KPI, d.Name, p.Start, stepNames[s.Step], inUnit(d.Unit, p.Value), unitNames[d.Unit],
						inUnit(d.Unit, low), inUnit(d.Unit, high), p.N, cmp.Or(stateWords[p.State], "正常"),
					}) {
						return
					}
				}
			}
		}
	})
}

func flowTable() *table {
	columns := []sheet.Column{
		instantColumn("起始"), countColumn("期初在办（件）"), countColumn("登记（件）"), countColumn("重开（次）"), countColumn("办结（次）"),
		countColumn("撤诉/不成立（件）"), countColumn("并单（件）"), countColumn("期末在办（件）"),
	}
	return tableOfList("来件与办结", columns, func(_ view, p kpi.FlowPoint) []any {
		return []any{p.Start, p.Opening, p.Registered, p.Reopened, p.Resolved, p.Withdrawn, p.Merged, p.Closing}
	})
}

func departmentTable() *table {
	columns := []sheet.Column{textColumn("部门"), countColumn("登记（件）"), countColumn("办结（件）"), countColumn("在办（件）"), countColumn("其中超期（件）")}
	for _, name := range []string{"按时响应率", "按时办结率", "满意率"} {
		columns = append(columns, shareColumn(name), shareColumn(name+"区间下限"), shareColumn(name+"区间上限"), countColumn(name+" n（件）"))
	}
	columns = append(columns, numberColumn("处理时长中位（小时）"), numberColumn("处理时长 P90（小时）"), countColumn("处理时长 n（件）"))
	return tableOfList("部门", columns, func(_ view, r kpi.DepartmentRow) []any {
		row := []any{valueName(kpi.Department, r.Department), r.Registered, r.Resolved, r.Backlog, r.Overdue}
		for _, v := range []kpi.Value{r.ResponseOnTime, r.ResolveOnTime, r.Satisfaction} {
			low, high := ends(v.Interval)
			row = append(row, v.Value, low, high, v.N)
		}
		return append(row, hoursOf(r.HandlingTime.Value), hoursOf(r.HandlingTime.P90), r.HandlingTime.N)
	})
}

func heatTable() *table {
	columns := []sheet.Column{textColumn("星期"), countColumn("小时（0–23）"), countColumn("登记（件）")}
	return tableOfList("来件时段", columns, func(_ view, c kpi.HeatCell) []any {
		day := strconv.Itoa(c.Weekday)
		if c.Weekday >= 1 && c.Weekday <= len(weekdays) {
			day = weekdays[c.Weekday-1]
		}
		return []any{day, c.Hour, c.Count}
	})
}

func qualityTable() *table {
	columns := []sheet.Column{textColumn("分组"), textColumn("项"), textColumn("原因"), countColumn("件数（件）"), instantColumn("最近")}
	return tableOf("数据质量", columns, func(_ view, a qualityAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			rows := [][]any{
				{"登记", "本期登记", "", a.Registered, nil},
				{"矛盾", "先后顺序不可能", "", a.Anomalous, nil},
				{"矛盾", "同一事件编号两种内容", "", a.Conflicting, nil},
				{"矛盾", "跨入没有节假日数据的年份", "", a.Provisional, nil},
				{"未登记", "只有后续事件的投诉", "", a.Orphans.Complaints, a.Orphans.NewestAt},
			}
			for _, n := range a.Anomalies {
				rows = append(rows, []any{"先后顺序", anomalyName(n.Name), "", n.Complaints, nil})
			}
			for _, m := range a.Missing {
				rows = append(rows, []any{"未填写", dimensionNames[m.Dimension], "", m.Complaints, nil})
			}
			for _, c := range a.Channels {
				rows = append(rows, []any{"一小时内到达", valueName(kpi.Channel, c.Channel), "", c.Arrived, c.LastAt})
			}
			for _, r := range a.Refused {
				rows = append(rows, []any{"拒收", name(refusalNames, r.Class) + " " + r.Field, r.Reason.Reason, r.Messages, r.LastAt})
			}
			for _, row := range rows {
				if !yield(row) {
					return
				}
			}
		}
	})
}

func waitingTable() *table {
	columns := []sheet.Column{textColumn("优先级"), numberColumn("受理目标（分钟）"), countColumn("n（件）"), numberColumn("经过（分钟）"), shareColumn("仍未答复")}
	return tableOf("等待答复", columns, func(_ view, a waitingAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			for _, c := range a.Items {
				name, target := "全部", any(nil)
				if c.Priority != "" {
					name, target = valueName(kpi.Priority, c.Priority), c.Target/60
				}
				for _, step := range append([][2]float64{{0, 1}}, c.Steps...) {
					if !yield([]any{name, target, c.N, step[0] / time.Minute.Seconds(), step[1]}) {
						return
					}
				}
			}
		}
	})
}
