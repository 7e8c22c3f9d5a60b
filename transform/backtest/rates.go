package backtest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"wenguo/transform/breach"
	"wenguo/transform/kpi"
)

// place is what breach rates are watched by.
type place struct{ stage, department string }

// places sorts the clocks by deadline, the met before the breached, as the exporter's evidence is counted.
func (h *History) places() map[place][]clock {
	out := map[place][]clock{}
	for _, c := range h.clocks {
		key := place{c.group.Stage, c.group.Department}
		out[key] = append(out[key], c)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b clock) int {
			return cmp.Or(a.due.Compare(b.due), cmp.Compare(number(a.breach), number(b.breach)))
		})
	}
	return out
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func broken(lists map[place][]clock) map[place][]time.Time {
	out := map[place][]time.Time{}
	for key, list := range lists {
		for _, c := range list {
			if c.breach {
				out[key] = append(out[key], c.due)
			}
		}
	}
	return out
}

// breachRate replays the CUSUM. Its threshold follows the verdicts of the four weeks before each day and the stages that
// share the department's false alarms.
func (h *History) breachRate() Rule {
	lists := h.places()
	a := h.policy.Alerts
	rates := breach.Rates{Healthy: a.Healthy, Unhealthy: a.Unhealthy}
	table := breach.Table{Rates: rates, FalseAlarms: a.FalseAlarms}
	day := func(t time.Time) int { return int(t.Sub(h.Since()) / (24 * time.Hour)) }
	volumes, sharing := h.volumes(lists, day)
	fired := map[place][]stretch{}
	for key, list := range lists {
		d, today := breach.NewDetector(rates, math.Inf(1)), -1
		for _, c := range list {
			if n := day(c.due); n != today {
				today = n
				d.Threshold = table.At(volumes[key][n], sharing[key.department][n])
			}
			if !c.breach {
				d.Met(1)
			} else if _, alarmed := d.Breached(); alarmed {
				fired[key] = append(fired[key], stretch{c.due, c.due.Add(a.Hold)})
			}
		}
		fired[key] = merged(fired[key], keepRates)
	}
	return judge("ComplaintSLABreachRateHigh", h, fired, broken(lists), after)
}

// volumes counts for each day the verdicts of the four weeks up to it, and the stages that had any.
func (h *History) volumes(lists map[place][]clock, day func(time.Time) int) (volumes map[place][]int, sharing map[string][]int) {
	days := day(h.to) + 1
	volumes, sharing = map[place][]int{}, map[string][]int{}
	for key, list := range lists {
		daily, sums := make([]int, days), make([]int, days)
		for _, c := range list {
			daily[day(c.due)]++
		}
		if sharing[key.department] == nil {
			sharing[key.department] = make([]int, days)
		}
		sum := 0
		for i, n := range daily {
			sum += n
			if i >= 28 {
				sum -= daily[i-28]
			}
			sums[i] = sum
			sharing[key.department][i] += number(sum > 0)
		}
		volumes[key] = sums
	}
	return volumes, sharing
}

// budgets replay the two alerts on the budget of four weeks.
func (h *History) budgets() []Rule {
	lists := h.places()
	half, spent := map[place][]stretch{}, map[place][]stretch{}
	for key, list := range lists {
		budget, ok := kpi.Budget(key.stage)
		if !ok {
			continue
		}
		changes := make([]change, 0, 2*len(list))
		for _, c := range list {
			changes = append(changes, change{c.due, 1, number(c.breach)}, change{c.due.Add(window), -1, -number(c.breach)})
		}
		isHalf := func(n, k int) bool { return k >= 2 && lower(k, n) > budget/2 }
		half[key] = holds(changes, h.to, isHalf)
		spent[key] = holds(changes, h.to, func(n, k int) bool { return isHalf(n, k) && float64(k) >= budget*float64(n) })
	}
	return []Rule{
		judge("ComplaintSLABudgetHalfSpent", h, half, broken(lists), after),
		judge("ComplaintSLABudgetSpent", h, spent, broken(lists), after),
	}
}

// resolveOnTime replays the alert on all resolutions together.
func (h *History) resolveOnTime() Rule {
	var changes []change
	var late []time.Time
	for _, c := range h.clocks {
		if c.group.Stage != "resolve" {
			continue
		}
		changes = append(changes, change{c.due, 1, number(c.breach)}, change{c.due.Add(window), -1, -number(c.breach)})
		if c.breach {
			late = append(late, c.due)
		}
	}
	budget, _ := kpi.Budget("resolve")
	fired := map[place][]stretch{{}: holds(changes, h.to, func(n, k int) bool { return k >= 2 && lower(k, n) > budget })}
	return judge("ComplaintResolveOnTimeLow", h, fired, sorted(map[place][]time.Time{{}: late}), after)
}

// caseRate replays an alert on the complaints registered in four weeks.
func (h *History) caseRate(alert, figure string, when func(event) time.Time) Rule {
	var changes []change
	var all []time.Time
	for _, c := range h.cases {
		leaves := c.registered.Add(window)
		changes = append(changes, change{c.registered, 1, 0}, change{leaves, -1, 0})
		at := when(c)
		if at.IsZero() || !at.Before(leaves) {
			continue
		}
		at = later(at, c.registered)
		changes = append(changes, change{at, 0, 1}, change{leaves, 0, -1})
		all = append(all, at)
	}
	entry, _ := kpi.Lookup(figure)
	fired := map[place][]stretch{{}: holds(changes, h.to, func(n, k int) bool { return k >= 2 && lower(k, n) > entry.Target.Value })}
	return judge(alert, h, fired, sorted(map[place][]time.Time{{}: all}), after)
}

// change of a window's counts at an instant.
type change struct {
	at   time.Time
	n, k int
}

// holds gives the stretches in which a condition on the counts holds, up to an instant.
func holds(changes []change, until time.Time, condition func(n, k int) bool) []stretch {
	slices.SortFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	var out []stretch
	n, k, on := 0, 0, false
	for i, c := range changes {
		n, k = n+c.n, k+c.k
		if i+1 < len(changes) && changes[i+1].at.Equal(c.at) {
			continue
		}
		switch now := n > 0 && condition(n, k); {
		case now && !on:
			out, on = append(out, stretch{c.at, until}), true
		case !now && on:
			out[len(out)-1].to, on = c.at, false
		}
	}
	return merged(out, keepRates)
}

// lower is the lower bound of the 95 % Wilson interval.
func lower(k, n int) float64 { return kpi.Wilson(int64(k), int64(n))[0] }
