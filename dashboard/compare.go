package dashboard

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"wenguo/transform/kpi"
)

// KPIReader answers key figures, and says what they are compared with beside the calendar.
type KPIReader interface {
	// KPIs answers the named key figures, all of them without a name. A figure that the store does not know is absent.
	KPIs(ctx context.Context, q kpi.Query, ids ...string) (kpi.Result, error)
	// KPIsBy answers them for every value of a dimension that any of them finds, by value and id.
	KPIsBy(ctx context.Context, q kpi.Query, by kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error)
	// KPIsOf answers them for several periods, in their order.
	KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error)
	// Baseline is the declared period to compare with; zero times without one.
	Baseline() (from, to time.Time)
}

// before are the answers that figures are compared with: of the period before, of the same period last year, and of the
// declared baseline. What the store does not wholly hold is not asked.
type before struct {
	list []*earlier
}

// earlier is one period to compare with.
type earlier struct {
	// Name is what the page calls it; Period what it is.
	Name   string
	Period period
	// Asked says that the store holds the whole period.
	Asked  bool
	Result part[kpi.Result]
	// hidden says that the reader does not compare with it.
	hidden bool
}

// Names of the periods to compare with.
const (
	namePrevious = "上期"
	nameYear     = "去年同期"
	nameBaseline = "基准期"
)

// references are the periods to compare with, in the order in which pages show them.
var references = []struct { //nolint:gochecknoglobals // a constant list
	of   kpi.Reference
	name string
}{{kpi.Previous, namePrevious}, {kpi.LastYear, nameYear}, {kpi.Baseline, nameBaseline}}

// What a change means, in words.
const (
	wordBetter = "变好"
	wordWorse  = "变差"
)

// noBefore stands where the period before is not wholly in the store.
const noBefore = "库中没有完整的数据，不作比较"

// askFigures asks figures of the view's period and of the periods to compare with, all at once.
func (s *Server) askFigures(ctx context.Context, wg *sync.WaitGroup, v view, now *part[kpi.Result], ids ...string) *before {
	from, to := s.deps.Reader.Baseline()
	periods := v.Period.span().References(kpi.Period{From: from, To: to}, s.cfg.Zone)
	b := &before{}
	for _, r := range references {
		hidden := v.Against != "" && v.Against != string(r.of)
		if hidden && r.of != kpi.Baseline { // which targets are measured by, shown or not
			continue
		}
		if p, declared := periods[r.of]; declared {
			b.list = append(b.list, &earlier{Name: r.name, Period: named(periodCustom, p), hidden: hidden})
		}
	}
	var asked []*earlier
	spans := []kpi.Period{v.Period.span()}
	for _, e := range b.list {
		if e.Asked = v.holds(e.Period); e.Asked {
			asked, spans = append(asked, e), append(spans, e.Period.span())
		}
	}
	wg.Go(func() {
		var all part[[]kpi.Result]
		var inner sync.WaitGroup
		ask(s, &inner, "key figures", &all, func() ([]kpi.Result, error) {
			return s.deps.Reader.KPIsOf(ctx, v.query(), spans, ids...)
		})
		inner.Wait()
		result := func(i int) part[kpi.Result] {
			return convert(all, func(results []kpi.Result) kpi.Result { return results[i] })
		}
		*now = result(0)
		for i, e := range asked {
			e.Result = result(i + 1)
		}
	})
	return b
}

// value is a figure's answer in the named period; false where it was not asked or not answered.
func (b *before) value(name, id string) (kpi.Value, bool) {
	if b == nil {
		return kpi.Value{}, false
	}
	for _, e := range b.list {
		if e.Name == name && e.Asked && !e.Result.Failed {
			v, ok := e.Result.V.KPIs[id]
			return v, ok
		}
	}
	return kpi.Value{}, false
}

// baseline is a figure's answer in the declared baseline period, nil without one.
func (b *before) baseline(id string) *kpi.Value {
	if v, ok := b.value(nameBaseline, id); ok {
		return &v
	}
	return nil
}

// deltas compare a value with every period that was asked, in their order.
func (b *before) deltas(d definition, v kpi.Value) []delta {
	if b == nil {
		return nil
	}
	var out []delta
	for _, e := range b.list {
		then, ok := b.value(e.Name, d.ID)
		switch {
		case !e.Asked, e.hidden:
		case e.Result.Failed:
			out = append(out, delta{Name: e.Name, Text: dash, Hint: e.Name + "：没有取到", None: true})
		case !ok:
			out = append(out, delta{Name: e.Name, Text: dash, Hint: e.Name + "没有这个指标", None: true})
		default:
			out = append(out, d.compare(e.Name, v, then))
		}
	}
	return out
}

// texts name the periods that were asked.
func (b *before) texts() []fact {
	var out []fact
	for _, e := range b.list {
		if e.Asked && !e.hidden {
			out = append(out, fact{e.Name, periodText(e.Period)})
		}
	}
	return out
}

// delta compares with another period.
type delta struct {
	// Name of the period compared with.
	Name string
	// Arrow is ▲, ▼ or ＝; Text the change; Tone good or bad only where chance would not bring it about.
	Arrow, Text, Tone, Hint string
	// Word says what the colour does: 变好 or 变差.
	Word string
	// None says that there is nothing to compare with.
	None bool
}

// compare writes the change since another period; colour only where chance would not bring it about.
func (d definition) compare(name string, v, then kpi.Value) delta {
	if v.Value == nil || then.Value == nil {
		return delta{Name: name, Text: dash, Hint: name + "无可比数据", None: true}
	}
	diff := kpi.Differ(d.Entry, v, then)
	change := *diff.Change
	out := delta{Name: name, Hint: name + " " + d.text(*then.Value)}
	if then.State != kpi.OK {
		out.Hint += "（" + stateWords[then.State] + "）"
	}
	if diff.Spread != nil {
		out.Hint += fmt.Sprintf("，差异的 95%% 区间 %+.1f 至 %+.1f 个百分点", diff.Spread[0]*100, diff.Spread[1]*100)
	}
	switch diff.Verdict {
	case kpi.Better:
		out.Tone, out.Word = "good", wordBetter
	case kpi.Worse:
		out.Tone, out.Word = "bad", wordWorse
	case kpi.Noise:
		out.Hint += "，在波动范围内"
	case kpi.TooFew:
		out.Hint += "，样本不够，不判断好坏"
	case kpi.Unjudged:
	}
	switch d.Unit {
	case kpi.UnitRate:
		out.Text = fmt.Sprintf("%.1f 个百分点", math.Abs(change)*100)
	case kpi.UnitDuration:
		out.Text = spanText(math.Abs(change))
	default:
		out.Text = grouped(int64(math.Abs(change)))
		if *then.Value > 0 {
			out.Text += fmt.Sprintf("（%.0f%%）", math.Abs(change) / *then.Value * 100)
		}
	}
	switch {
	case math.Abs(change) < 0.0005 && d.Unit == kpi.UnitRate, change == 0:
		out.Arrow, out.Text, out.Tone = "＝", "持平", ""
		out.Word = ""
	case change > 0:
		out.Arrow = "▲"
	default:
		out.Arrow = "▼"
	}
	return out
}
