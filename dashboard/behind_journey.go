package dashboard

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// parseJourney reads these parameters.
func parseJourney(f *transform.ComplaintFilter, own url.Values) error {
	for _, s := range own["with"] {
		factor, value, _ := strings.Cut(s, ".")
		if !slices.Contains(kpi.FactorValues[kpi.Factor(factor)], value) {
			return badField("with", "可用 reply.late、reopened.yes、transfers.2、handling.7 等")
		}
		f.Traits = append(f.Traits, transform.Trait{Factor: kpi.Factor(factor), Value: value})
	}
	f.Milestone, f.Missed = kpi.Milestone(own.Get("step")), own.Get("reached") == "0"
	f.Spent = kpi.Spending(own.Get("spent"))
	f.Moved = transform.Moved{Senders: own["moved_from"], Receivers: own["moved_to"], Bounced: own.Get("bounced") == "1"}
	_, milestone := milestoneNames[f.Milestone]
	_, spending := spendingNames[f.Spent]
	walked := []transform.Scope{transform.ScopeCohort, transform.ScopeResolved, transform.ScopePlanned}
	switch {
	case len(f.Traits) > 0 && f.Scope != transform.ScopeRated:
		return badField("with", "with 只能和 scope=rated 一起用")
	case f.Milestone != "" && (!milestone || !slices.Contains(walked, f.Scope)):
		return badField("step", "要写明环节，如 dispatched、confirmed、closed，并且只能和 scope=cohort、resolved 或 planned 一起用")
	case f.Missed && f.Milestone == "":
		return badField("reached", "reached 只能和 step 一起用")
	case f.Spent != "" && (!spending || f.Scope != transform.ScopeResolved):
		return badField("spent", "要写明阶段，如 confirm、redo、paused，并且只能和 scope=resolved 一起用")
	case f.Scope != transform.ScopeMoved && (len(f.Moved.Senders) > 0 || len(f.Moved.Receivers) > 0 || f.Moved.Bounced):
		return badField("moved_from", "moved_from、moved_to 与 bounced 只能和 scope=moved 一起用")
	}
	return nil
}

// journeyChips say in labels and values which of these lists it is, and lead back to the plain one.
func journeyChips(v view, f transform.ComplaintFilter) []chip {
	plain := v.With("/complaints", "q", f.Text)
	var out []chip
	if words := map[transform.Scope]string{
		transform.ScopeCohort: "本期登记，不含并单", transform.ScopePlanned: "本期首次提出方案", transform.ScopeMoved: "本期首次派单，且转派过",
	}[f.Scope]; words != "" {
		out = append(out, chip{Name: "范围", Value: words, Remove: plain})
	}
	for _, t := range f.Traits {
		out = append(out, chip{Name: factorNames[t.Factor], Value: traitNames[t.Factor][t.Value], Remove: v.Set("with", "")})
	}
	if f.Milestone != "" {
		name := map[bool]string{false: "到过", true: "没有到过"}[f.Missed]
		out = append(out, chip{Name: name, Value: milestoneNames[f.Milestone], Remove: plain})
	}
	if f.Spent != "" {
		out = append(out, chip{Name: "用过时间的阶段", Value: spendingNames[f.Spent], Remove: plain})
	}
	for _, sender := range f.Moved.Senders {
		out = append(out, chip{Name: "转出部门", Value: valueName(kpi.Department, sender), Remove: v.Set("moved_from", "")})
	}
	for _, receiver := range f.Moved.Receivers {
		out = append(out, chip{Name: "转入部门", Value: valueName(kpi.Department, receiver), Remove: v.Set("moved_to", "")})
	}
	if f.Moved.Bounced {
		out = append(out, chip{Name: "转派", Value: "只看推诿或退回", Remove: v.Set("bounced", "")})
	}
	return out
}

// lists is the list of complaints of the view's period and filters; slice replaces filters, own are the list's parameters.
func lists(v view, slice kpi.Slice, own url.Values) string {
	w := v
	w.Slice = maps.Clone(v.Slice)
	if w.Slice == nil {
		w.Slice = kpi.Slice{}
	}
	maps.Copy(w.Slice, slice)
	q := w.shared()
	maps.Copy(q, own)
	return address("/complaints", q)
}
