package warehouse

import (
	"strconv"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

// fact is a row of complaints; a deleted one is the tombstone of a registration that moved to another day.
type fact struct {
	transform.Complaint
	deleted bool
}

// ms is an instant as the facts hold it: unix milliseconds, 0 for one that has not happened.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func column[T any](facts []fact, value func(*fact) T) []T {
	out := make([]T, len(facts))
	for i := range facts {
		out[i] = value(&facts[i])
	}
	return out
}

func nested[E, T any](facts []fact, list func(*fact) []E, value func(E) T) [][]T {
	out := make([][]T, len(facts))
	for i := range facts {
		elements := list(&facts[i])
		out[i] = make([]T, len(elements))
		for j, e := range elements {
			out[i][j] = value(e)
		}
	}
	return out
}

// factColumns gives the columns of insert_facts.sql in its order.
func factColumns(facts []fact) []any {
	columns := headColumns(facts)
	columns = append(columns, roundColumns(facts)...)
	columns = append(columns, clockColumns(facts)...)
	columns = append(columns, responseColumns(facts)...)
	columns = append(columns, flowColumns(facts)...)
	columns = append(columns, voiceColumns(facts)...)
	columns = append(columns, markColumns(facts)...)
	return append(columns, journeyColumns(facts)...)
}

func headColumns(facts []fact) []any {
	str := func(value func(*fact) string) []string { return column(facts, value) }
	return []any{
		str(func(f *fact) string { return f.ID }),
		column(facts, func(f *fact) uint64 { return f.Version }),
		column(facts, func(f *fact) uint8 { return flag(f.deleted) }),
		column(facts, func(f *fact) time.Time { return f.RegisteredAt }),
		column(facts, func(f *fact) time.Time { return f.FirstEventAt }),
		column(facts, func(f *fact) time.Time { return f.LastEventAt }),
		column(facts, func(f *fact) uint32 { return uint32(f.Events) }), //nolint:gosec // a count
		str(func(f *fact) string { return f.Category }),
		str(func(f *fact) string { return ingest.Normal(f.Priority, ingest.Priorities) }),
		str(func(f *fact) string { return ingest.Normal(f.Channel, ingest.Channels) }),
		str(func(f *fact) string { return f.Department }),
		str(func(f *fact) string { return f.Owner }),
		str(func(f *fact) string { return f.Region }),
		str(func(f *fact) string { return f.Tier }),
		str(func(f *fact) string { return f.Product }),
		str(func(f *fact) string { return level(f.Level) }),
		str(func(f *fact) string { return ingest.Normal(f.CauseGroup, ingest.CauseGroups) }),
		str(func(f *fact) string { return f.CustomerKey }),
		str(func(f *fact) string { return f.Title }),
		str(func(f *fact) string { return f.Content }),
		column(facts, func(f *fact) uint32 { return uint32(max(f.AffectedCustomers, 0)) }), //nolint:gosec // a count
		column(facts, func(f *fact) int8 { return valid(f.Valid) }),
		str(func(f *fact) string { return string(f.State) }),
		column(facts, func(f *fact) int64 { return ms(f.EndedAt) }),
		str(func(f *fact) string { return f.MergedInto }),
		column(facts, func(f *fact) int64 { return ms(f.FirstClosedAt) }),
		column(facts, pausedSince),
	}
}

func flag(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// level is the counted value: 1 to 3, other outside, empty without.
func level(n int) string {
	if n == 0 {
		return ""
	}
	return ingest.Normal(strconv.Itoa(n), []string{"1", "2", "3"})
}

// valid is 1 or 0 as the last investigation found, −1 before one.
func valid(found *bool) int8 {
	if found == nil {
		return -1
	}
	return int8(flag(*found)) //nolint:gosec // 0 or 1
}

func pausedSince(f *fact) int64 {
	if n := len(f.Pauses); n > 0 && f.Pauses[n-1].EndedAt.IsZero() {
		return ms(f.Pauses[n-1].StartedAt)
	}
	return 0
}

func roundColumns(facts []fact) []any {
	rounds := func(f *fact) []transform.Round { return f.Rounds }
	return []any{
		nested(facts, rounds, func(r transform.Round) int64 { return ms(r.StartedAt) }),
		nested(facts, rounds, func(r transform.Round) int64 { return ms(r.EndedAt) }),
		nested(facts, rounds, func(r transform.Round) string { return string(r.EndedAs) }),
		nested(facts, rounds, func(r transform.Round) int64 { return ms(r.ReopenedAt) }),
	}
}

func clockColumns(facts []fact) []any {
	clocks := func(f *fact) []sla.Clock { return f.Clocks }
	instant := func(value func(sla.Clock) int64) [][]int64 { return nested(facts, clocks, value) }
	return []any{
		nested(facts, clocks, func(c sla.Clock) string { return string(c.Stage) }),
		nested(facts, clocks, func(c sla.Clock) uint16 { return uint16(c.Round) }), //nolint:gosec // a count
		nested(facts, clocks, func(c sla.Clock) string { return c.Rule }),
		nested(facts, clocks, func(c sla.Clock) string { return c.Department }),
		nested(facts, clocks, func(c sla.Clock) string { return c.Calendar }),
		instant(func(c sla.Clock) int64 { return ms(c.Started) }),
		instant(func(c sla.Clock) int64 { return c.Target.Milliseconds() }),
		instant(func(c sla.Clock) int64 { return c.WarnAfter.Milliseconds() }),
		instant(func(c sla.Clock) int64 { return ms(c.Due) }),
		nested(facts, clocks, func(c sla.Clock) bool { return c.Frozen }),
		instant(func(c sla.Clock) int64 { return c.Remaining.Milliseconds() }),
		instant(func(c sla.Clock) int64 { return ms(c.Finished) }),
		instant(func(c sla.Clock) int64 { return ms(c.Cancelled) }),
		nested(facts, clocks, func(c sla.Clock) bool { return c.Anomaly }),
		nested(facts, clocks, func(c sla.Clock) bool { return c.Provisional }),
		column(facts, func(f *fact) int64 { return handling(f, f.Handling.Gross) }),
		column(facts, func(f *fact) int64 { return handling(f, f.Handling.Net) }),
	}
}

// handling is a duration in milliseconds, −1 where there is none.
func handling(f *fact, d time.Duration) int64 {
	if !f.Handling.Known {
		return -1
	}
	return d.Milliseconds()
}

func responseColumns(facts []fact) []any {
	instant := func(value func(transform.Response) time.Time) []int64 {
		return column(facts, func(f *fact) int64 { return ms(value(f.Response)) })
	}
	says := func(value func(transform.Response) bool) []bool {
		return column(facts, func(f *fact) bool { return value(f.Response) })
	}
	return []any{
		instant(func(r transform.Response) time.Time { return r.FirstAt }),
		instant(func(r transform.Response) time.Time { return r.Until }),
		says(func(r transform.Response) bool { return r.Replied }),
		column(facts, func(f *fact) int64 { return f.Response.Took.Milliseconds() }),
		column(facts, func(f *fact) string { return f.Response.Calendar }),
		column(facts, func(f *fact) int64 { return f.Response.Base }),
		instant(func(r transform.Response) time.Time { return r.MissedAfter }),
		says(func(r transform.Response) bool { return r.Abandoned }),
		says(func(r transform.Response) bool { return r.Anomaly }),
		column(facts, func(f *fact) uint16 { return uint16(min(f.Response.TouchesToResolution, 1<<16-1)) }), //nolint:gosec // bounded
		says(func(r transform.Response) bool { return r.ResolvedByHuman }),
		column(facts, func(f *fact) int64 { return f.Silence.Longest.Milliseconds() }),
		column(facts, func(f *fact) int64 { return ms(f.Silence.LastSignAt) }),
	}
}

func flowColumns(facts []fact) []any {
	says := func(value func(transform.Flow) bool) []bool {
		return column(facts, func(f *fact) bool { return value(f.Flow) })
	}
	transfers := func(f *fact) []transform.Transfer { return f.Transfers }
	return []any{
		column(facts, func(f *fact) int64 { return ms(f.Flow.FirstDispatchedAt) }),
		says(func(w transform.Flow) bool { return w.Deviated }),
		says(func(w transform.Flow) bool { return w.Bounced }),
		says(func(w transform.Flow) bool { return w.SelfService }),
		says(func(w transform.Flow) bool { return w.AllSteps }),
		column(facts, firstEscalation),
		nested(facts, transfers, func(t transform.Transfer) int64 { return ms(t.At) }),
		nested(facts, transfers, func(t transform.Transfer) string { return t.From }),
		nested(facts, transfers, func(t transform.Transfer) string { return t.To }),
		nested(facts, transfers, func(t transform.Transfer) bool { return t.ToOwner != "" }),
		nested(facts, transfers, func(t transform.Transfer) bool { return t.Bounce }),
	}
}

func firstEscalation(f *fact) int64 {
	if len(f.Escalations) == 0 {
		return 0
	}
	return ms(f.Escalations[0])
}

func voiceColumns(facts []fact) []any {
	surveys := func(f *fact) []transform.Survey { return f.Surveys }
	ratings := func(f *fact) []transform.Rating { return f.Ratings }
	promises := func(f *fact) []transform.Promise { return f.Promises }
	verified := func(f *fact) []transform.Verification { return f.Verifications }
	lags := func(f *fact) []transform.SyncLag { return f.SyncLags }
	return []any{
		nested(facts, surveys, func(s transform.Survey) int64 { return ms(s.OfferedAt) }),
		nested(facts, surveys, func(s transform.Survey) int64 { return ms(s.AnsweredAt) }),
		nested(facts, surveys, func(s transform.Survey) uint8 { return uint8(s.Score) }), //nolint:gosec // 0 to 5
		nested(facts, ratings, func(r transform.Rating) int64 { return ms(r.At) }),
		nested(facts, ratings, func(r transform.Rating) uint8 { return uint8(r.Score) }), //nolint:gosec // 1 to 5
		nested(facts, ratings, func(r transform.Rating) bool { return r.ReopenedAfter }),
		nested(facts, promises, func(p transform.Promise) int64 { return ms(p.Due) }),
		nested(facts, promises, func(p transform.Promise) int64 { return ms(p.KeptAt) }),
		nested(facts, promises, func(p transform.Promise) bool { return p.Cancelled }),
		nested(facts, verified, func(v transform.Verification) int64 { return ms(v.At) }),
		nested(facts, verified, func(v transform.Verification) bool { return v.Accepted }),
		nested(facts, lags, func(l transform.SyncLag) int64 { return ms(l.OccurredAt) }),
		nested(facts, lags, func(l transform.SyncLag) int64 { return l.BusAt.Sub(l.OccurredAt).Milliseconds() }),
		nested(facts, func(f *fact) []string { return f.Anomalies }, func(s string) string { return s }),
		column(facts, func(f *fact) bool { return f.Conflicting }),
		column(facts, func(f *fact) bool { return f.Erased }),
	}
}
