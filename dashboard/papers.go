package dashboard

import (
	"context"
	"time"

	"wenguo/dashboard/report"
	"wenguo/transform/improve"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// PaperReader is what papers and publishing ask beside what pages do.
type PaperReader interface {
	report.Reader

	// Publications are the periods that were published, the oldest first.
	Publications(ctx context.Context) ([]restate.Publication, error)
	// Known says up to which offset of each partition events are in the figures of now, and the revision of their rules.
	Known(ctx context.Context) (map[int]int64, uint32, error)
	// Arrived are the complaints that differ, as of the instant of a publication, from what was known when it was published;
	// whole is false where there are more than were compared.
	Arrived(ctx context.Context, p restate.Publication) (changes []restate.Change, whole bool, err error)
	// Actions are the improvement actions as of an instant.
	Actions(ctx context.Context, asOf time.Time) ([]improve.Action, error)
	// Looks counts what is worth a second glance in a period.
	Looks(ctx context.Context, q kpi.Query) ([]kpi.Look, error)
}

// PaperMaker makes papers of what a store holds, in the words of the pages.
func PaperMaker(r PaperReader, zone *time.Location) report.Maker {
	return report.Maker{
		Reader: r, Words: PaperWords(), Zone: zone, Publications: r.Publications, Actions: r.Actions,
		Restated: func(ctx context.Context, p restate.Publication) ([]restate.Difference, error) {
			again, err := restatement(ctx, r, p, zone)
			return again.Differences, err
		},
		Looks: func(ctx context.Context, q kpi.Query) ([]report.LookLine, error) {
			found, err := r.Looks(ctx, q)
			return lookLines(found), err
		},
	}
}

// restated is a publication beside what the same questions answer today.
type restated struct {
	restate.Publication

	Edition     int
	Differences []restate.Difference
	Changes     []restate.Change
	// Whole is false where more complaints changed than were compared.
	Whole bool
	// Revision is that of today's rules.
	Revision uint32
}

// restatement compares a publication with today.
func restatement(ctx context.Context, r PaperReader, p restate.Publication, zone *time.Location) (restated, error) {
	out := restated{Publication: p}
	q, err := publishedQuery(p, zone)
	if err != nil {
		return out, err
	}
	now, err := r.KPIs(ctx, q)
	if err != nil {
		return out, err
	}
	if _, out.Revision, err = r.Known(ctx); err != nil {
		return out, err
	}
	if out.Changes, out.Whole, err = r.Arrived(ctx, p); err != nil {
		return out, err
	}
	out.Differences = restate.Differences(p, now.KPIs, out.Changes, out.Revision)
	return out, nil
}

// publishedQuery is the question that a publication answered.
func publishedQuery(p restate.Publication, zone *time.Location) (kpi.Query, error) {
	from, err := parseInstant(p.From, zone)
	if err != nil {
		return kpi.Query{}, err
	}
	to, err := parseInstant(p.To, zone)
	return kpi.Query{From: from, To: to, AsOf: p.AsOf}, err
}
