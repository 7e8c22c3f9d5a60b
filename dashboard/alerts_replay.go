package dashboard

import "wenguo/transform/backtest"

// backtestView is what the alerts would have done.
type backtestView struct {
	Complaints, Clocks string
	Rows               []backtestRow
}

type backtestRow struct {
	Name, Fired, Followed, Lead, Breaches, Unwarned string
	Quiet                                           bool
}

func newBacktest(r backtest.Report) *backtestView {
	v := &backtestView{Complaints: grouped(int64(r.Complaints)), Clocks: grouped(int64(r.Clocks))}
	count := func(n int) string { return grouped(int64(n)) }
	for _, rule := range r.Rules {
		row := backtestRow{
			Name: rule.Alert, Fired: count(rule.Fired), Followed: count(rule.Followed), Lead: dash,
			Breaches: count(rule.Breaches), Unwarned: count(rule.Unwarned), Quiet: rule.Fired == 0,
		}
		if rule.LeadMedian != nil {
			row.Lead = spanText(*rule.LeadMedian)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
