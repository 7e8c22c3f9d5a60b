package metrics

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/transform"
	"wenguo/transform/breach"
	"wenguo/transform/kpi"
)

const (
	// settle is how long a verdict may still change before it is counted for good: events are to arrive within it.
	settle = 5 * time.Minute
	// happenEvery is how many refreshes one answer about happenings serves: they move slowly and cost more.
	happenEvery = 4
	// patience is how many beats a refresh may take.
	patience = 4
	// mostCases is how many clocks of single complaints have a series.
	mostCases = 200
	// Outdated is when measurements of a snapshot are no longer shown. Deadlines stay: they are as true as before, and an
	// alert about one that went away would read as resolved.
	Outdated = 10 * time.Minute
)

// Reader answers what is exported. Instants are about now.
type Reader interface {
	// TimerScope says what clocks can be counted by.
	TimerScope(ctx context.Context, at time.Time) (kpi.TimerScope, error)
	// Timers counts clocks; combinations without any are left out.
	Timers(ctx context.Context, q kpi.TimersQuery) ([]kpi.Timers, error)
	// Happenings counts what happened beside clocks.
	Happenings(ctx context.Context, at time.Time) (kpi.Happenings, error)
	// CaseClocks lists the clocks of single complaints that are at risk or overdue, the nearest deadline first, and how
	// many there are.
	CaseClocks(ctx context.Context, q transform.CaseClocksQuery) ([]transform.CaseClock, int, error)
	// Breaches gives the verdicts of [from, at) in the order of their deadlines.
	Breaches(ctx context.Context, from, at time.Time, departments []string) ([]transform.BreachSeries, error)
	// Lasted tells how long the clocks took that were finished in [from, to).
	Lasted(ctx context.Context, from, to time.Time) ([]transform.Lasted, error)
}

// Config of an Exporter. The zero value is usable.
type Config struct {
	// Every is the time between refreshes, 15 s by default.
	Every time.Duration
	// Departments that are counted apart at most, 20 by default; the policy's owners may be more.
	Departments int
	// Version of the program.
	Version string
}

// Exporter is a collector whose series come from a snapshot. Register it once and Run it.
type Exporter struct {
	cfg    Config
	reader Reader
	now    func() time.Time
	log    *slog.Logger
	shown  atomic.Pointer[snapshot]

	// What follows belongs to Run.
	departments departments
	// total are the verdicts counted for good, up to settled.
	total      map[kpi.TimerKey]kpi.Verdicts
	settled    time.Time
	refreshes  int
	happenings kpi.Happenings
	breaches   []transform.BreachSeries
	thresholds breach.Table
	lasted     durations
}

// snapshot is what scrapes hand out: promises for as long as the process lives, measured only while it is fresh.
type snapshot struct {
	at                 time.Time
	promises, measured []prometheus.Metric
}

// New makes an exporter that shows nothing but its version until Run has asked the reader.
func New(cfg Config, reader Reader, now func() time.Time, log *slog.Logger) *Exporter {
	if cfg.Every <= 0 {
		cfg.Every = 15 * time.Second
	}
	if cfg.Departments <= 0 {
		cfg.Departments = 20
	}
	if cfg.Version == "" {
		cfg.Version = "unversioned"
	}
	e := &Exporter{cfg: cfg, reader: reader, now: now, log: log, total: map[kpi.TimerKey]kpi.Verdicts{}}
	e.departments.most = cfg.Departments
	e.shown.Store(&snapshot{promises: []prometheus.Metric{buildInfo(cfg.Version)}})
	return e
}

// Run refreshes the snapshot until ctx ends. A refresh that fails is tried again at the next beat.
func (e *Exporter) Run(ctx context.Context) error {
	tick := time.NewTicker(e.cfg.Every)
	defer tick.Stop()
	for {
		if err := e.refresh(ctx); err != nil && ctx.Err() == nil {
			e.log.Warn("metrics stay as they were", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// refresh takes a snapshot. It shows all of it or nothing.
func (e *Exporter) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience*e.cfg.Every)
	defer cancel()
	at := e.now().Truncate(time.Millisecond)
	scope, err := e.reader.TimerScope(ctx, at)
	if err != nil {
		return fmt.Errorf("refresh metrics: %w", err)
	}
	e.departments.admit(scope)
	from, to := e.settled, at.Add(-settle)
	if from.IsZero() || to.Before(from) {
		from, to = latest(from, to), latest(from, to)
	}
	found, err := e.reader.Timers(ctx, kpi.TimersQuery{At: at, Departments: e.departments.listed, DecidedFrom: from, DecidedTo: to})
	if err != nil {
		return fmt.Errorf("refresh metrics: %w", err)
	}
	cases, all, err := e.reader.CaseClocks(ctx, transform.CaseClocksQuery{At: at, Departments: e.departments.listed, Limit: mostCases})
	if err != nil {
		return fmt.Errorf("refresh metrics: %w", err)
	}
	lasted, err := e.reader.Lasted(ctx, from, to)
	if err != nil {
		return fmt.Errorf("refresh metrics: %w", err)
	}
	if e.refreshes%happenEvery == 0 {
		if err := e.slowly(ctx, at); err != nil {
			return fmt.Errorf("refresh metrics: %w", err)
		}
	}
	e.refreshes++
	e.settled = to
	e.lasted.add(scope, lasted)
	timers := e.fold(scope, found)
	next := snapshot{at: at}
	next.promises, next.measured = slaSeries(timers, e.total)
	next.promises = append(next.promises, scopeSeries(scope)...)
	next.promises = append(next.promises, e.caseSeries(cases, all)...)
	next.promises = append(next.promises, e.lasted.series()...)
	next.promises = append(next.promises, gauge(lastEvaluation, seconds(at)), buildInfo(e.cfg.Version))
	next.measured = append(next.measured, happeningSeries(e.happenings)...)
	next.measured = append(next.measured, e.breachSeries(scope, at)...)
	e.shown.Store(&next)
	return nil
}

// slowly asks what moves slowly and costs more.
func (e *Exporter) slowly(ctx context.Context, at time.Time) error {
	happenings, err := e.reader.Happenings(ctx, at)
	if err != nil {
		return fmt.Errorf("happenings: %w", err)
	}
	breaches, err := e.reader.Breaches(ctx, at.Add(-breach.Month), at, e.departments.listed)
	if err != nil {
		return fmt.Errorf("breaches: %w", err)
	}
	e.happenings, e.breaches = happenings, breaches
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fold adds the clocks up under the labels they are shown with, with a zero for every combination that could occur, and
// counts the verdicts that have settled.
func (e *Exporter) fold(scope kpi.TimerScope, found []kpi.Timers) map[kpi.TimerKey]kpi.Timers {
	timers := map[kpi.TimerKey]kpi.Timers{}
	for _, key := range scope.Keys {
		key = bounded(key)
		for _, department := range e.departments.labels() {
			key.Department = department
			timers[key] = kpi.Timers{TimerKey: key}
		}
	}
	for key := range e.total {
		timers[key] = kpi.Timers{TimerKey: key}
	}
	for _, t := range found {
		key := bounded(t.TimerKey)
		key.Department = e.departments.label(t.Department)
		timers[key] = sum(timers[key], t)
		decided := e.total[key]
		decided.Met += max(t.Decided.Met, 0)
		decided.Breached += max(t.Decided.Breached, 0)
		e.total[key] = decided
	}
	for key := range timers {
		if _, shown := e.total[key]; !shown {
			e.total[key] = kpi.Verdicts{} // its series never goes away
		}
	}
	return timers
}

func sum(a, b kpi.Timers) kpi.Timers {
	a.OK, a.AtRisk, a.Overdue = a.OK+b.OK, a.AtRisk+b.AtRisk, a.Overdue+b.Overdue
	if a.NextDue.IsZero() || !b.NextDue.IsZero() && b.NextDue.Before(a.NextDue) {
		a.NextDue = b.NextDue
	}
	for i := range a.Windows {
		a.Windows[i].Met += b.Windows[i].Met
		a.Windows[i].Breached += b.Windows[i].Breached
	}
	return a
}

// Describe implements prometheus.Collector.
func (e *Exporter) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range all {
		descriptions <- d
	}
}

// Collect implements prometheus.Collector: it hands out the snapshot and asks nobody.
func (e *Exporter) Collect(metrics chan<- prometheus.Metric) {
	shown := e.shown.Load()
	for _, m := range shown.promises {
		metrics <- m
	}
	if e.now().Sub(shown.at) > Outdated {
		return
	}
	for _, m := range shown.measured {
		metrics <- m
	}
}
