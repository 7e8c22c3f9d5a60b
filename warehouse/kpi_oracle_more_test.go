package warehouse

import (
	"slices"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

func (o oracle) registered(c transform.Complaint) bool { return o.in(c.RegisteredAt) }

func (o oracle) kept(c transform.Complaint) bool {
	return o.in(c.RegisteredAt) && c.State != transform.Merged
}

// value answers one figure.
func (o oracle) value(e kpi.Entry) kpi.Value {
	if e.Query == "on_time" {
		return o.clocks(sla.Stage(e.Stage))
	}
	switch e.ID {
	case "first_response":
		return o.firstResponse()
	case "handling_time":
		return o.handling()
	case "completion":
		return o.completion()
	case "throughput":
		return kpi.Count(o.strip().Resolved)
	case "backlog":
		return kpi.Count(o.strip().Closing)
	case "backlog_age":
		return o.age()
	case "satisfaction":
		return o.satisfaction()
	case "sync_lag":
		return o.syncLag()
	case "longest_silence":
		return o.silence()
	case "promise_kept":
		return o.promises()
	case "reopen":
		return o.reopen()
	case "first_contact":
		return o.firstContact()
	case "handover_unnamed":
		return o.handover()
	}
	return o.plainRate(e.ID)
}

func (o oracle) plainRate(id string) kpi.Value {
	first := func(c transform.Complaint) bool { return o.in(c.Flow.FirstDispatchedAt) }
	switch id {
	case "dissatisfied_redo":
		low := func(r transform.Rating) bool { return r.Score <= 3 && o.in(r.At) }
		return o.count(
			func(c transform.Complaint) bool { return slices.ContainsFunc(c.Ratings, low) },
			func(c transform.Complaint) bool { return c.Ratings[slices.IndexFunc(c.Ratings, low)].ReopenedAfter }, nil)
	case "repeat", "repeat_issue":
		same := sameMatter
		if id == "repeat_issue" {
			same = o.sameIssue
		}
		return o.count(o.kept, func(c transform.Complaint) bool {
			return slices.ContainsFunc(o.all, func(e transform.Complaint) bool { return o.repeats(c, e, same) })
		}, nil)
	case "missed":
		waits := func(c transform.Complaint) bool {
			return c.Response.Until.IsZero() && !o.t.After(c.Response.MissedAfter)
		}
		return o.count(o.kept, func(c transform.Complaint) bool {
			until := c.Response.Until
			if until.IsZero() {
				until = o.t
			}
			return !c.Response.Anomaly && (c.Response.Abandoned || until.After(c.Response.MissedAfter))
		}, func(c transform.Complaint) bool { return !c.Response.Anomaly && waits(c) })
	case "deviation":
		return o.count(first, func(c transform.Complaint) bool { return c.Flow.Deviated }, nil)
	case "bounce":
		return o.count(first, func(c transform.Complaint) bool { return c.Flow.Bounced }, nil)
	case "escalation":
		return o.count(o.kept, func(c transform.Complaint) bool { return len(c.Escalations) > 0 }, nil)
	case "self_service":
		return o.count(o.kept, func(c transform.Complaint) bool { return c.Flow.SelfService }, nil)
	case "step_coverage":
		return o.count(func(c transform.Complaint) bool { return o.in(c.FirstClosedAt) && !c.Flow.SelfService },
			func(c transform.Complaint) bool { return c.Flow.AllSteps }, nil)
	case "issue_share":
		v := o.count(o.kept, func(c transform.Complaint) bool { return o.issues[c.ID] != "" }, nil)
		v.More = map[string]kpi.Value{"unclustered": rate(v.N-v.Numerator, v.N, 0)}
		return v
	default: // verified_ok
		inW := func(v transform.Verification) bool { return o.in(v.At) }
		return o.count(func(c transform.Complaint) bool { return slices.ContainsFunc(c.Verifications, inW) },
			func(c transform.Complaint) bool {
				last := false
				for _, v := range c.Verifications {
					if inW(v) {
						last = v.Accepted
					}
				}
				return last
			}, nil)
	}
}

func (o oracle) handling() kpi.Value {
	var gross, net []time.Duration
	within := map[string]int{"3": 0, "7": 0, "15": 0, "30": 0}
	limits := map[string]time.Duration{"3": 3, "7": 7, "15": 15, "30": 30}
	for _, c := range o.sliced() {
		if c.State != transform.Resolved || !o.in(c.EndedAt) || slices.Contains(c.Anomalies, transform.AnomalyClock+"resolve") {
			continue
		}
		g := c.EndedAt.Sub(c.RegisteredAt)
		n := g
		for _, p := range c.Pauses {
			n -= p.EndedAt.Sub(p.StartedAt)
		}
		for i := 1; i < len(c.Rounds); i++ {
			n -= c.Rounds[i].StartedAt.Sub(c.Rounds[i-1].EndedAt)
		}
		gross, net = append(gross, g), append(net, n)
		for days, limit := range limits {
			if g <= limit*24*time.Hour {
				within[days]++
			}
		}
	}
	v := durations(gross)
	if len(gross) > 0 {
		v.Distribution = map[string]float64{}
		for days, n := range within {
			v.Distribution[days] = float64(n) / float64(len(gross))
		}
	}
	v.More = map[string]kpi.Value{"net": durations(net)}
	return v
}

func (o oracle) completion() kpi.Value {
	v := o.count(func(c transform.Complaint) bool {
		return o.registered(c) && !o.ended(c, transform.Withdrawn, transform.Rejected, transform.Merged)
	}, func(c transform.Complaint) bool { return c.State == transform.Resolved }, func(c transform.Complaint) bool {
		for _, clock := range c.Clocks {
			if clock.Stage == sla.Resolve {
				return c.State == transform.Open && !o.t.After(clock.DueAt(o.t, o.rules.Calendar(clock.Calendar)))
			}
		}
		return false
	})
	if v.State == kpi.OK && o.t.Before(o.to.Add(72*time.Hour)) {
		v.State = kpi.Immature
	}
	return v
}

func (o oracle) age() kpi.Value {
	end := o.to
	if o.t.Before(end) {
		end = o.t
	}
	var ages []time.Duration
	for _, c := range o.sliced() {
		if openAt(c, o.to) {
			ages = append(ages, end.Sub(c.RegisteredAt))
		}
	}
	v := durations(ages)
	if len(ages) == 0 {
		return v
	}
	limits := []int{0, 1, 3, 7, 15, 30, 60, 1 << 20}
	v.Distribution = map[string]float64{}
	for i, name := range kpi.AgeBuckets {
		var n int
		for _, a := range ages {
			days := a.Hours() / 24
			if days >= float64(limits[i]) && days < float64(limits[i+1]) {
				n++
			}
		}
		v.Distribution[name] = float64(n) / float64(len(ages))
	}
	return v
}

func (o oracle) satisfaction() kpi.Value {
	var last, first []int
	var offered, answered, satisfied int64
	for _, c := range o.sliced() {
		if n := len(c.Ratings); n > 0 {
			if o.in(c.Ratings[n-1].At) {
				last = append(last, c.Ratings[n-1].Score)
			}
			if o.in(c.Ratings[0].At) {
				first = append(first, c.Ratings[0].Score)
			}
		}
		for _, s := range c.Surveys {
			if !o.in(s.OfferedAt) || s.OfferedAt.After(o.t) {
				continue
			}
			offered++
			if !s.AnsweredAt.IsZero() {
				answered++
			}
			if s.Score >= 4 {
				satisfied++
			}
		}
	}
	scores := func(list []int, pending int64) kpi.Value {
		var good, sum int64
		for _, s := range list {
			sum += int64(s)
			if s >= 4 {
				good++
			}
		}
		v := rate(good, int64(len(list)), pending)
		if v.N > 0 {
			mean := float64(sum) / float64(v.N)
			v.Mean = &mean
		}
		return v
	}
	v := scores(last, offered-answered)
	bounds := rate(satisfied, offered, offered-answered)
	bounds.Interval = nil
	if offered > 0 {
		bounds.Interval = &[2]float64{float64(satisfied) / float64(offered), float64(satisfied+offered-answered) / float64(offered)}
	}
	v.More = map[string]kpi.Value{
		"first": scores(first, 0), "participation": rate(answered, offered, offered-answered), "non_response": bounds,
	}
	return v
}

func (o oracle) syncLag() kpi.Value {
	var lags []time.Duration
	var within, negative int64
	for _, c := range o.sliced() {
		for _, l := range c.SyncLags {
			lag := l.BusAt.Sub(l.OccurredAt)
			switch {
			case !o.in(l.OccurredAt):
			case lag < 0:
				negative++
			default:
				lags = append(lags, lag)
				if lag <= 5*time.Minute {
					within++
				}
			}
		}
	}
	v := durations(lags)
	v.Value = v.P95
	v.Numerator, v.Denominator = within, v.N
	v.Anomalies = &kpi.Ratio{Numerator: negative, Denominator: negative + v.N}
	v.More = map[string]kpi.Value{"within_300s": rate(within, v.N, 0)}
	return v
}

func (o oracle) silence() kpi.Value {
	var list []time.Duration
	for _, c := range o.sliced() {
		if !o.registered(c) {
			continue
		}
		end := o.t
		if c.State != transform.Open {
			end = c.EndedAt
		}
		longest, last := time.Duration(0), c.RegisteredAt
		for _, r := range c.Replies {
			if !r.At.After(end) {
				longest, last = max(longest, r.At.Sub(last)), r.At
			}
		}
		list = append(list, max(longest, end.Sub(last)))
	}
	v := durations(list)
	v.Value = v.P90
	return v
}

func (o oracle) promises() kpi.Value {
	var num, den, pending int64
	for _, c := range o.sliced() {
		for _, p := range c.Promises {
			switch {
			case p.Cancelled || !o.in(p.Due):
			case !p.Due.Before(o.t):
				pending++
			default:
				den++
				if !p.KeptAt.IsZero() && !p.KeptAt.After(p.Due) {
					num++
				}
			}
		}
	}
	return rate(num, den, pending)
}

func (o oracle) reopen() kpi.Value {
	var num, den, pending int64
	for _, c := range o.sliced() {
		for _, r := range c.Rounds {
			switch {
			case r.EndedAs != transform.Resolved || !o.in(r.EndedAt):
			case o.t.Sub(r.EndedAt) < month:
				pending++
			default:
				den++
				if !r.ReopenedAt.IsZero() && r.ReopenedAt.Sub(r.EndedAt) <= month {
					num++
				}
			}
		}
	}
	return rate(num, den, pending)
}

func (o oracle) firstContact() kpi.Value {
	var num, den, pending int64
	for _, c := range o.sliced() {
		i := slices.IndexFunc(c.Rounds, func(r transform.Round) bool { return r.EndedAs == transform.Resolved })
		if i < 0 || !o.in(c.Rounds[i].EndedAt) {
			continue
		}
		r := c.Rounds[i]
		if o.t.Sub(r.EndedAt) < month {
			pending++
			continue
		}
		den++
		once := c.Response.TouchesToResolution == 1 || c.Response.TouchesToResolution == 0 && c.Response.ResolvedByHuman
		again := !r.ReopenedAt.IsZero() && r.ReopenedAt.Sub(r.EndedAt) <= month
		repeated := slices.ContainsFunc(o.all, func(later transform.Complaint) bool {
			return later.State != transform.Merged && later.RegisteredAt.After(r.EndedAt) &&
				later.RegisteredAt.Sub(r.EndedAt) <= month && o.repeats(later, c, sameMatter)
		})
		if once && !again && !repeated {
			num++
		}
	}
	return rate(num, den, pending)
}

func (o oracle) handover() kpi.Value {
	var num, den int64
	for _, c := range o.sliced() {
		for _, t := range c.Transfers {
			if !o.in(t.At) {
				continue
			}
			den++
			if t.ToOwner == "" {
				num++
			}
		}
	}
	return rate(num, den, 0)
}
