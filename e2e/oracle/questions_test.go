package oracle

import (
	"fmt"
	"math/rand/v2"

	"wenguo/transform/kpi"
)

// periods are days, weeks, months, a quarter, years, and some that are none of these.
var periods = [][2]string{
	{"2026-10-10T00:00:00", "2026-10-11T00:00:00"},
	{"2026-11-01T00:00:00", "2026-11-02T00:00:00"},
	{"2026-10-05T00:00:00", "2026-10-12T00:00:00"},
	{"2026-12-28T00:00:00", "2027-01-04T00:00:00"},
	{"2026-09-28T00:00:00", "2026-11-09T00:00:00"},
	{"2026-10-01T00:00:00", "2026-11-01T00:00:00"},
	{"2026-11-01T00:00:00", "2026-12-01T00:00:00"},
	{"2026-12-01T00:00:00", "2027-01-01T00:00:00"},
	{"2027-01-01T00:00:00", "2027-02-01T00:00:00"},
	{"2026-10-01T00:00:00", "2027-01-01T00:00:00"},
	{"2026-10-01T00:00:00", "2027-01-01T00:00:00"},
	{"2026-01-01T00:00:00", "2027-01-01T00:00:00"},
	{"2026-09-01T00:00:00", "2027-06-01T00:00:00"},
	{"2026-10-09T17:59:59.999", "2026-11-02T09:59:00.001"},
	{"2026-09-24T17:30:00", "2027-01-04T09:00:00"},
	{"2026-11-19T08:00:00", "2026-12-31T18:00:00"},
	{"2026-11-20T12:00:00", "2026-11-20T12:00:00.001"},
	{"2025-01-01T00:00:00", "2026-01-01T00:00:00"},
}

// moments are as-of instants: long after everything, at the edges of periods and 72 h later, inside, and before.
var moments = []string{
	"2028-12-20T00:00:00", "2027-06-01T00:00:00", "2027-02-01T00:00:00", "2027-01-04T00:00:00", "2027-01-03T23:59:59.999",
	"2027-01-01T00:00:00", "2026-12-31T23:59:59.999", "2026-12-04T00:00:00", "2026-12-01T00:00:00", "2026-11-20T12:00:00",
	"2026-11-02T10:07:33.123", "2026-11-01T00:00:00", "2026-10-11T00:00:00", "2026-09-10T00:00:00",
}

func one(d kpi.Dimension, values ...string) kpi.Slice { return kpi.Slice{d: values} }

// cuts are slices: each dimension singly, branches, the empty value, other, several values, several dimensions.
var cuts = []kpi.Slice{
	nil,
	one(kpi.Category, "技术支持"), one(kpi.Category, "技术支持/登录"), one(kpi.Category, ""), one(kpi.Category, "服务中断"),
	one(kpi.Category, "账务", "物流", "技术支持/登录/验证码"), one(kpi.Category, "技术"),
	one(kpi.Priority, "high"), one(kpi.Priority, "other"), one(kpi.Priority, ""), one(kpi.Priority, "urgent", "low"),
	{},
	one(kpi.Channel, "phone"), one(kpi.Channel, "other"), one(kpi.Channel, "web", "wechat", "telegram"),
	one(kpi.Department, "技术部"), one(kpi.Department, ""), one(kpi.Department, "客服中心", "财务部"),
	one(kpi.Owner, "张工"), one(kpi.Owner, ""),
	nil,
	one(kpi.Region, "长沙"), one(kpi.Region, "", "杭州"),
	one(kpi.Tier, "gold"), one(kpi.Tier, ""), one(kpi.Tier, "silver", ""),
	one(kpi.Product, "会员中心"), one(kpi.Product, ""), one(kpi.Product, "没有"),
	one(kpi.Level, "1"), one(kpi.Level, "other"), one(kpi.Level, ""), one(kpi.Level, "2", "3"),
	one(kpi.CauseGroup, "people"), one(kpi.CauseGroup, "other"), one(kpi.CauseGroup, ""),
	one(kpi.Issue, "i-1"), one(kpi.Issue, ""), one(kpi.Issue, "i-2", ""),
	{kpi.Category: {"技术支持", "账务"}, kpi.Priority: {"normal", ""}},
	{kpi.Department: {"客服中心", "技术部"}, kpi.Channel: {"web", "other"}, kpi.Tier: {"gold", ""}},
	{kpi.Issue: {"i-1", "i-3"}, kpi.Level: {"", "other"}},
}

// exact are questions whose instant is the edge of a rule: the maturity of a month, the dues and ties of the handmade
// histories.
func exact() []kpi.Query {
	var all []kpi.Query
	november := kpi.Query{From: at(local("2026-11-01T00:00:00")), To: at(local("2026-12-01T00:00:00"))}
	for _, asOf := range []instant{
		local("2026-12-04T00:00:00"), local("2026-12-03T23:59:59.999"), handmadeFrom + 4*day, handmadeFrom + 10*minute, handmadeFrom + 20*minute,
	} {
		q := november
		q.AsOf = at(asOf)
		all = append(all, q)
	}
	return all
}

// ask draws questions: first the exact ones, then every slice in turn, with a period and an instant at random, the instant rarely before the period.
func ask(seed uint64, n int, more ...instant) []kpi.Query {
	random := rand.New(rand.NewPCG(seed, 7))
	var known []instant
	for _, text := range moments {
		known = append(known, local(text))
	}
	known = append(known, more...)
	all := exact()
	for len(all) < n {
		period := periods[random.IntN(len(periods))]
		q := kpi.Query{From: at(local(period[0])), To: at(local(period[1])), Slice: cuts[len(all)%len(cuts)]}
		q.AsOf = at(known[random.IntN(len(known))])
		if random.IntN(3) == 0 {
			q.AsOf = at(known[random.IntN(3)])
		}
		if q.AsOf.Before(q.From) && random.IntN(10) > 0 {
			continue
		}
		all = append(all, q)
	}
	return all
}

// title names a question in a test's report.
func title(q kpi.Query) string {
	local := func(ms instant) string { return clockTime(ms) }
	return fmt.Sprintf("%s to %s as of %s %v", local(q.From.UnixMilli()), local(q.To.UnixMilli()), local(q.AsOf.UnixMilli()), q.Slice)
}
