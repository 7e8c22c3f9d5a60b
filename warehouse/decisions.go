package warehouse

import (
	"context"
	"fmt"
	"time"

	"wenguo/ingest"
)

// InsertDecisions stores a block of complaints.decisions. Repeating it, after an error or a crash at any point, changes
// nothing.
func (s *Store) InsertDecisions(ctx context.Context, b ingest.Block) error {
	ctx = once(ctx, b)
	if len(b.Events) > 0 {
		if err := s.insert(ctx, "insert_decisions", decisionColumns(b)); err != nil {
			return fmt.Errorf("insert decisions %s: %w", b.Token(), insertError(err))
		}
	}
	return s.insertRejects(ctx, b)
}

// decisionColumns gives the block's decisions in the order of insert_decisions.sql.
func decisionColumns(b ingest.Block) []any {
	n := len(b.Events)
	topic, partition, offset, start, end := place(b, n)
	var (
		busTime, occurred     = make([]time.Time, n), make([]time.Time, n)
		backfill              = make([]bool, n)
		event, kind, src      = make([]string, n), make([]string, n), make([]string, n)
		actor, role           = make([]string, n), make([]string, n)
		subject, raw          = make([]string, n), make([]string, n)
		department, owner     = make([]string, n), make([]string, n)
		issue, cause, verdict = make([]string, n), make([]string, n), make([]string, n)
		due, done             = make([]int64, n), make([]int64, n)
	)
	for i, row := range b.Events {
		e, a := row.Event, actionOf(row.Event)
		offset[i], busTime[i], backfill[i], raw[i] = uint64(row.Offset), row.BusTime, row.Backfill, string(row.Value) //nolint:gosec // offsets are not negative
		event[i], kind[i], occurred[i], src[i] = e.EventID, string(e.Kind), e.OccurredAt, e.Source
		actor[i], role[i], subject[i] = e.Actor.ID, string(e.Actor.Role), e.Subject()
		department[i], owner[i], issue[i], cause[i] = a.department, a.owner, a.issue, a.cause
		due[i], done[i], verdict[i] = a.due, a.done, a.verdict
	}
	return []any{
		topic, partition, offset, start, end, busTime, backfill, event, kind, occurred, src, actor, role, subject, raw,
		department, owner, issue, cause, due, done, verdict,
	}
}

// action is what a decision says about an improvement action: instants in unix milliseconds, 0 for none.
type action struct {
	department, owner, issue, cause, verdict string
	due, done                                int64
}

// actionOf reads it; values outside an enumeration become other, as they are counted.
func actionOf(e ingest.Event) action {
	switch d := e.Data.(type) {
	case *ingest.ActionOpened:
		a := action{
			department: d.Department, owner: d.Owner, issue: d.Issue,
			cause: ingest.Normal(d.CauseGroup, ingest.CauseGroups),
		}
		if d.DueAt != nil {
			a.due = d.DueAt.UnixMilli()
		}
		return a
	case *ingest.ActionUpdated:
		return action{
			department: d.Fields.Department, owner: d.Fields.Owner, cause: ingest.Normal(d.Fields.CauseGroup, ingest.CauseGroups),
		}
	case *ingest.ActionDone:
		if d.At != nil {
			return action{done: d.At.UnixMilli()}
		}
		return action{done: e.OccurredAt.UnixMilli()}
	case *ingest.ActionVerified:
		return action{verdict: ingest.Normal(d.Verdict, ingest.Verdicts)}
	}
	return action{}
}
