package dashboard

import (
	"math"
	"strconv"

	"wenguo/dashboard/report"
	"wenguo/transform/kpi"
)

// lookWords say what is asked, what an innocent explanation would be, and how it is counted. They ask and never judge.
type lookWords struct{ Title, Question, Honest, Looked, Found, Other, How string }

var looks = map[kpi.LookID]lookWords{ //nolint:gochecknoglobals // a constant table
	kpi.LookReopen: {
		Title: "期限前办结，随后重开", Question: "临近期限时，有没有先办结、再重新打开的？",
		Honest: "客户在期限前后集中反馈，或者补充了新的情况，也会这样。",
		Looked: "期限前 4 小时内的办结", Found: "3 天内又重开的", Other: "其余的办结",
		How: "看期内的每次办结（办结满 3 天的）：离办结或二次处置期限不到 4 小时的，有多大比例在 3 天内重开；与其余办结的比例相比。",
	},
	kpi.LookPause: {
		Title: "临到期前挂起", Question: "快到期时的挂起，是不是比平时多？",
		Honest: "等客户、等供应商往往正是在催办之后才记下来。",
		Looked: "到期前 4 小时内的挂起", Found: "到期前 4 小时内的挂起", Other: "再往前 24 小时内的挂起",
		How: "看期内的每次挂起离当时的办结期限有多远：最后 4 小时里的次数，与之前 24 小时平均每 4 小时的次数相比。只看按自然日计时的期限，同一次挂起不重复计。",
	},
	kpi.LookBot: {
		Title: "只有机器人受理", Question: "机器人应答之后，真人是不是来得更晚？",
		Honest: "夜间和节假日只有机器人在线，真人按排班回复。",
		Looked: "机器人应答过的投诉", Found: "期限内没有真人回复的", Other: "机器人没有应答过的投诉",
		How: "看期内登记、受理期限已过的投诉：有机器人或系统受理的，多大比例在期限内没有真人回复；与没有机器人受理的比例相比。机器人的受理从不计入按时响应。",
	},
	kpi.LookSurvey: {
		Title: "可能不满意的客户没有被回访", Question: "处理不顺的投诉，是不是更少发出回访？",
		Honest: "客户明确不愿被打扰，或者回访渠道不覆盖这类投诉。",
		Looked: "处理不顺的投诉", Found: "没有发出回访的", Other: "其余办结的投诉",
		How: "看期内最后办结、回访期限已过的投诉：重开过、超期、推诿或升级过的，多大比例在最后一轮没有发出回访；与其余投诉的比例相比。",
	},
	kpi.LookMass: {
		Title: "月末集中办结", Question: "月末最后三天，有没有成批办结的？",
		Honest: "同一原因的投诉一起解决，或者系统批量补录，也会集中。",
		Looked: "月末最后三天的办结", Found: "同一部门 10 分钟内办结 5 件及以上的", Other: "其余日子的办结",
		How: "看期内的每次办结：同一部门在同一个 10 分钟里办结 5 件及以上的，月末最后三天占多大比例；与其余日子的比例相比。",
	},
}

// lookRow is a question with its numbers.
type lookRow struct {
	lookWords

	ID                kpi.LookID
	Cases, URL        string
	FoundN, LookedN   string
	Rate, RateBasis   string
	Base, BaseBasis   string
	Expected, Compare string
	Weak              bool
	Empty             bool
}

func newLook(v view, l kpi.Look) lookRow {
	r := lookRow{
		lookWords: looks[l.ID], ID: l.ID, Cases: grouped(l.Cases), FoundN: grouped(l.Found), LookedN: grouped(l.Looked), Rate: dash, Base: dash,
		Expected: dash, Empty: l.Looked == 0,
	}
	if l.Cases > 0 {
		r.URL = v.With("/complaints", "scope", "look", "look", string(l.ID))
	}
	rate, base := l.Rate(), l.Base()
	if l.ID != kpi.LookPause {
		if rate.Value != nil {
			r.Rate, r.RateBasis = percent(*rate.Value)+"%", lookBasis(rate)
		}
		if base.Value != nil {
			r.Base, r.BaseBasis = percent(*base.Value)+"%", lookBasis(base)
		}
		r.Weak = rate.State != kpi.OK || base.State != kpi.OK
	} else {
		r.Base, r.BaseBasis = grouped(l.OtherFound)+" 次", ""
		r.Weak = l.Found+l.OtherFound < 30
	}
	if e := l.Expected(); e != nil {
		r.Expected = strconv.FormatFloat(*e, 'f', 1, 64)
		r.Compare = compareLook(l, *e, r.Weak)
	}
	return r
}

func lookBasis(v kpi.Value) string {
	return "n=" + grouped(v.N) + " · 95% 区间 " + percent(v.Interval[0]) + "–" + percent(v.Interval[1]) + "%"
}

// compareLook says in words how what was found stands to what is usual. It never says why.
func compareLook(l kpi.Look, expected float64, weak bool) string {
	rate, base := l.Rate(), l.Base()
	switch {
	case l.Looked == 0:
		return "没有可看的"
	case weak:
		return "样本不足，只列案例"
	case l.ID == kpi.LookPause:
		// The square root is the spread of a count.
		if float64(l.Found) > expected+2*math.Sqrt(expected+1) {
			return "比之前多"
		}
		return "与之前相当"
	case rate.Interval[0] > base.Interval[1]:
		return "高于其余"
	case rate.Interval[1] < base.Interval[0]:
		return "低于其余"
	}
	return "与其余相当"
}

// lookLines are the questions as a paper holds them.
func lookLines(found []kpi.Look) []report.LookLine {
	var out []report.LookLine
	for _, l := range found {
		w := looks[l.ID]
		line := report.LookLine{Title: w.Title, Question: w.Question, Found: grouped(l.Found) + " / " + grouped(l.Looked) + "（" + w.Looked + "）", Expected: dash}
		if l.ID == kpi.LookPause {
			line.Found = grouped(l.Found) + " 次"
		}
		if e := l.Expected(); e != nil {
			line.Expected = "约 " + strconv.FormatFloat(*e, 'f', 1, 64) + "，n=" + grouped(l.Other)
		}
		out = append(out, line)
	}
	return out
}
