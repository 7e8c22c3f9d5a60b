package warehouse

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// oracle answers the key figures slowly and plainly, one complaint after the other, from facts that plain folding made.
// It is written from the definitions, not from the queries.
type oracle struct {
	all   []transform.Complaint
	rules transform.Rules
	// from, to and t are the period and the as-of instant.
	from, to, t time.Time
	slice       kpi.Slice
	// issues of the complaints that belong to one.
	issues map[string]string
}

const month = 30 * 24 * time.Hour

func (o oracle) in(t time.Time) bool { return !t.IsZero() && !t.Before(o.from) && t.Before(o.to) }

func (o oracle) ended(c transform.Complaint, states ...transform.State) bool {
	return slices.Contains(states, c.State)
}

func dimension(c transform.Complaint, d kpi.Dimension, issues map[string]string) string {
	switch d {
	case kpi.Category:
		return c.Category
	case kpi.Priority:
		return ingest.Normal(c.Priority, ingest.Priorities)
	case kpi.Channel:
		return ingest.Normal(c.Channel, ingest.Channels)
	case kpi.Department:
		return c.Department
	case kpi.Owner:
		return c.Owner
	case kpi.Region:
		return c.Region
	case kpi.Tier:
		return c.Tier
	case kpi.Product:
		return c.Product
	case kpi.Level:
		if c.Level == 0 {
			return ""
		}
		return ingest.Normal(strconv.Itoa(c.Level), []string{"1", "2", "3"})
	case kpi.CauseGroup:
		return ingest.Normal(c.CauseGroup, ingest.CauseGroups)
	default:
		return issues[c.ID]
	}
}

// sliced are the complaints of the slice.
func (o oracle) sliced() []transform.Complaint {
	var out []transform.Complaint
	for _, c := range o.all {
		keep := true
		for d, wanted := range o.slice {
			if len(wanted) == 0 {
				continue
			}
			value, hit := dimension(c, d, o.issues), false
			for _, w := range wanted {
				hit = hit || w == value || d == kpi.Category && w != "" && strings.HasPrefix(value, w+"/")
			}
			keep = keep && hit
		}
		if keep {
			out = append(out, c)
		}
	}
	return out
}

// count adds up a rate: in says whether a complaint is in the denominator, hit in the numerator, wait pending.
func (o oracle) count(in, hit, wait func(c transform.Complaint) bool) kpi.Value {
	var num, den, pending int64
	for _, c := range o.sliced() {
		if !in(c) {
			continue
		}
		den++
		if hit(c) {
			num++
		}
		if wait != nil && wait(c) {
			pending++
		}
	}
	return rate(num, den, pending)
}

func rate(num, den, pending int64) kpi.Value {
	v := kpi.Value{Numerator: num, Denominator: den, N: den, Pending: pending, State: kpi.OK}
	switch {
	case den == 0:
		v.State = kpi.NoData
	case den < 30:
		v.State = kpi.Insufficient
	}
	if den > 0 {
		share := float64(num) / float64(den)
		v.Value = &share
		const z = 1.959964
		n := float64(den)
		root := z * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
		v.Interval = &[2]float64{(share + z*z/(2*n) - root) / (1 + z*z/n), (share + z*z/(2*n) + root) / (1 + z*z/n)}
	}
	return v
}

// clocks is the on-time rate of a stage.
func (o oracle) clocks(stage sla.Stage) kpi.Value {
	var num, den, pending, anomalous, registered int64
	for _, c := range o.sliced() {
		odd := false
		for _, clock := range c.Clocks {
			if clock.Stage != stage {
				continue
			}
			state := clock.StateAt(o.t, o.rules.Calendar(clock.Calendar))
			due := clock.DueAt(o.t, o.rules.Calendar(clock.Calendar))
			odd = odd || state == sla.NoVerdict
			if state == sla.NoVerdict || state == sla.Cancelled || due.Before(o.from) || !due.Before(o.to) {
				continue
			}
			if !due.Before(o.t) {
				pending++
				continue
			}
			den++
			if state == sla.Met {
				num++
			}
		}
		if o.in(c.RegisteredAt) && c.State != transform.Merged {
			registered++
			if odd {
				anomalous++
			}
		}
	}
	v := rate(num, den, pending)
	v.Anomalies = &kpi.Ratio{Numerator: anomalous, Denominator: registered}
	return v
}

func nearest(list []time.Duration, p float64) *float64 {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	s := list[int(math.Ceil(p*float64(len(list))-1e-9))-1].Seconds()
	return &s
}

func durations(list []time.Duration) kpi.Value {
	n := int64(len(list))
	v := kpi.Value{N: n, State: rate(0, n, 0).State, P50: nearest(list, .5), P90: nearest(list, .9), P95: nearest(list, .95)}
	if n > 0 {
		var sum time.Duration
		for _, d := range list {
			sum += d
		}
		mean := float64(sum.Milliseconds()) / float64(n) / 1000
		v.Mean = &mean
	}
	v.Value = v.P50
	return v
}

// survival is the smallest time at which at most 1 − p of the waiting remain, by the product over all times.
func survival(events, censored []time.Duration, p float64) *float64 {
	times := slices.Clone(events)
	slices.Sort(times)
	share := 1.0
	for _, t := range slices.Compact(times) {
		var happened, waiting float64
		for _, e := range events {
			if e == t {
				happened++
			}
			if e >= t {
				waiting++
			}
		}
		for _, c := range censored {
			if c >= t {
				waiting++
			}
		}
		share *= 1 - happened/waiting
		if share <= 1-p+1e-9 {
			s := t.Seconds()
			return &s
		}
	}
	return nil
}

func (o oracle) firstResponse() kpi.Value {
	var events, censored []time.Duration
	var pending int64
	for _, c := range o.sliced() {
		if !o.in(c.RegisteredAt) || c.Response.Anomaly {
			continue
		}
		cal := o.rules.Calendar(c.Response.Calendar)
		until := o.t
		if r := c.Rounds[0]; !r.EndedAt.IsZero() {
			until = r.EndedAt
		} else if c.Response.FirstAt.IsZero() {
			pending++
		}
		if reply := c.Response.FirstAt; !reply.IsZero() && !reply.After(until) {
			events = append(events, cal.Between(c.RegisteredAt, reply))
		} else {
			censored = append(censored, cal.Between(c.RegisteredAt, until))
		}
	}
	n := int64(len(events) + len(censored))
	v := rate(int64(len(events)), n, pending)
	v.Interval = nil
	v.P50, v.P90, v.P95 = survival(events, censored, .5), survival(events, censored, .9), survival(events, censored, .95)
	v.Value = v.P50
	if v.Value == nil && v.State == kpi.OK {
		v.State = kpi.NotReached
	}
	return v
}

// openAt says whether the complaint was open just before an instant.
func openAt(c transform.Complaint, t time.Time) bool {
	for _, r := range c.Rounds {
		if r.StartedAt.Before(t) && (r.EndedAt.IsZero() || !r.EndedAt.Before(t)) {
			return true
		}
	}
	return false
}

func (o oracle) strip() kpi.Strip {
	var s kpi.Strip
	for _, c := range o.sliced() {
		if openAt(c, o.from) {
			s.Opening++
		}
		if openAt(c, o.to) {
			s.Closing++
		}
		for i, r := range c.Rounds {
			if o.in(r.StartedAt) && i == 0 {
				s.Registered++
			}
			if o.in(r.StartedAt) && i > 0 {
				s.Reopened++
			}
			if !o.in(r.EndedAt) {
				continue
			}
			switch r.EndedAs {
			case transform.Resolved:
				s.Resolved++
			case transform.Merged:
				s.Merged++
			default:
				s.Withdrawn++
			}
		}
	}
	return s
}

// repeats says whether later repeats an earlier complaint with the given closure rule.
func (o oracle) repeats(later, earlier transform.Complaint, same func(a, b transform.Complaint) bool) bool {
	if later.ID == earlier.ID || later.CustomerKey == "" || later.CustomerKey != earlier.CustomerKey || !same(later, earlier) {
		return false
	}
	if gap := later.RegisteredAt.Sub(earlier.RegisteredAt).Abs(); gap < 24*time.Hour &&
		ingest.Normal(later.Channel, ingest.Channels) != ingest.Normal(earlier.Channel, ingest.Channels) {
		return false
	}
	for _, r := range earlier.Rounds {
		if r.EndedAt.IsZero() || r.EndedAs == transform.Merged || !r.EndedAt.Before(later.RegisteredAt) {
			continue
		}
		if !r.ReopenedAt.IsZero() && r.ReopenedAt.Before(later.RegisteredAt) {
			continue
		}
		if later.RegisteredAt.Sub(r.EndedAt) <= month {
			return true
		}
	}
	return false
}

func sameMatter(a, b transform.Complaint) bool {
	return a.Category != "" && a.Category == b.Category && a.Product == b.Product
}

func (o oracle) sameIssue(a, b transform.Complaint) bool {
	return o.issues[a.ID] != "" && o.issues[a.ID] == o.issues[b.ID]
}
