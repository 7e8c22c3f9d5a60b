package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// mostDepartments bounds the ranking of TimerScope.
const mostDepartments = 20

// TimerScope says what clocks can be counted by at an instant, and what they are measured against.
func (s *Store) TimerScope(ctx context.Context, at time.Time) (kpi.TimerScope, error) {
	rules, err := s.currentRules()
	if err != nil {
		return kpi.TimerScope{}, err
	}
	scope := policyScope(rules.Current())
	params := values{"since": instant(timersSince(rules, windowEdges(at))), "most": number(mostDepartments)}
	err = s.timerRows(ctx, "page_timers_departments", params, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		scope.Departments = append(scope.Departments, name)
		return err
	})
	return scope, err
}

// policyScope is what the policy knows. A stage is counted under every priority and rule it has a promise of; the sync
// stage has no clocks, its delays are measured.
func policyScope(p *sla.Policy) kpi.TimerScope {
	scope := kpi.TimerScope{
		Owners: slices.Sorted(maps.Keys(p.Owners)), Calendars: map[string]time.Time{},
		Detection: kpi.Detection{
			Healthy: p.Alerts.Healthy, Unhealthy: p.Alerts.Unhealthy, FalseAlarms: p.Alerts.FalseAlarms, Hold: p.Alerts.Hold,
		},
	}
	for _, c := range p.Calendars() {
		if until := c.ValidUntil(); !until.IsZero() {
			scope.Calendars[c.Name()] = until
		}
	}
	for _, stage := range []sla.Stage{
		sla.Acknowledge, sla.Dispatch, sla.Confirm, sla.Plan, sla.Resolve, sla.Survey, sla.Redo, sla.Assist, sla.Sync,
	} {
		rules := map[string]bool{}
		for _, t := range p.Targets(stage) {
			rules[t.Rule] = stage != sla.Sync
		}
		for _, priority := range ingest.Priorities {
			for _, rule := range slices.Sorted(maps.Keys(rules)) {
				if rules[rule] {
					scope.Keys = append(scope.Keys, kpi.TimerKey{Stage: string(stage), Priority: priority, Rule: rule})
				}
				if t, ok := p.Promise(stage, priority, rule); ok {
					scope.Targets = append(scope.Targets, kpi.TimerTarget{
						Stage: string(stage), Priority: priority, Rule: rule, Target: t.Duration, Warning: t.Duration - t.WarnAfter,
					})
				}
			}
		}
	}
	return scope
}

// windowEdges are where the windows that end at an instant begin, the latest first.
func windowEdges(at time.Time) []time.Time {
	edges := make([]time.Time, len(kpi.Windows))
	for i, w := range kpi.Windows {
		edges[i] = at.Add(-w.Length)
	}
	return edges
}

// timersSince is the earliest last event of a complaint that may have a clock due after the last edge: a clock can
// be due as long as its target after the complaint's last event, when it was finished early. It holds for every target of
// the policies; a date that a person named, which may lie anywhere, is found when it lies up to four weeks after the last
// event.
func timersSince(rules transform.Rules, edges []time.Time) time.Time {
	last := edges[len(edges)-1]
	lead := 28 * 24 * time.Hour
	for _, a := range rules.History {
		for _, t := range policyTargets(a.Policy) {
			for t.Calendar.Between(last.Add(-lead), last) < t.Duration && lead < 10*365*24*time.Hour {
				lead *= 2
			}
		}
	}
	return last.Add(-lead)
}

func policyTargets(p *sla.Policy) []sla.Target {
	var all []sla.Target
	for _, stage := range []sla.Stage{
		sla.Acknowledge, sla.Dispatch, sla.Confirm, sla.Plan, sla.Resolve, sla.Survey, sla.Redo, sla.Assist,
	} {
		all = append(all, p.Targets(stage)...)
	}
	return all
}

// atRisk tells for each calendar and each warning margin the latest deadline that is at risk at an instant: a deadline
// lies on counted time, so that less than the margin is left exactly up to there.
func atRisk(rules transform.Rules, at time.Time) string {
	latest := map[string]int64{}
	for _, a := range rules.History {
		for _, t := range policyTargets(a.Policy) {
			margin := t.Duration - t.WarnAfter
			latest[t.Calendar.ID()+"|"+number(margin.Milliseconds())] = t.Calendar.Due(at, margin).UnixMilli()
		}
	}
	entries := make([]string, 0, len(latest))
	for key, due := range latest {
		entries = append(entries, "'"+text(strings.ReplaceAll(key, "'", `\'`))+"':"+number(due))
	}
	slices.Sort(entries)
	return "{" + strings.Join(entries, ",") + "}"
}

// Timers counts the clocks of complaints at an instant, which should be about now: what facts hold of later events
// counts too.
func (s *Store) Timers(ctx context.Context, q kpi.TimersQuery) ([]kpi.Timers, error) {
	rules, err := s.currentRules()
	if err != nil {
		return nil, err
	}
	edges := windowEdges(q.At)
	oldest := edges
	if q.DecidedFrom.Before(edges[len(edges)-1]) {
		oldest = []time.Time{q.DecidedFrom}
	}
	params := values{
		"at": instant(q.At), "t": number(q.At.UnixMilli()), "edges": instants(edges), "since": instant(timersSince(rules, oldest)),
		"departments": list(q.Departments), "other": kpi.Other, "risk": atRisk(rules, q.At),
		"decided_from": number(q.DecidedFrom.UnixMilli()), "decided_to": number(q.DecidedTo.UnixMilli()),
	}
	var found []kpi.Timers
	err = s.timerRows(ctx, "page_timers", params, func(row scanner) error {
		var t kpi.Timers
		var next int64
		var met, breached []int64
		err := row.Scan(&t.Stage, &t.Priority, &t.Department, &t.Rule, &t.OK, &t.AtRisk, &t.Overdue, &next, &met, &breached,
			&t.Decided.Met, &t.Decided.Breached)
		t.NextDue = millis(next)
		for i := range t.Windows {
			t.Windows[i] = kpi.Verdicts{Met: nth(met, i), Breached: nth(breached, i)}
		}
		found = append(found, t)
		return err
	})
	return found, err
}

// nth is an element of a list that is empty when there was nothing to add up.
func nth(list []int64, i int) int64 {
	if i < len(list) {
		return list[i]
	}
	return 0
}

// Happenings counts what happened up to an instant, which should be about now.
func (s *Store) Happenings(ctx context.Context, at time.Time) (kpi.Happenings, error) {
	var h kpi.Happenings
	edges := windowEdges(at)
	params := values{"at": instant(at), "t": number(at.UnixMilli()), "edges": instants(edges), "since": instant(edges[len(edges)-1])}
	err := s.timerRows(ctx, "page_timers_cases", params, func(row scanner) error {
		var received, completed, escalated, missed, reopened, repeated []int64
		err := row.Scan(&received, &completed, &escalated, &missed, &reopened, &repeated)
		for i := range h.Windows {
			h.Windows[i] = kpi.Cases{
				Received: nth(received, i), Completed: nth(completed, i), Escalated: nth(escalated, i),
				Missed: nth(missed, i), Reopened: nth(reopened, i), Repeated: nth(repeated, i),
			}
		}
		return err
	})
	if err != nil {
		return h, err
	}
	err = s.timerRows(ctx, "page_timers_sync", params, func(row scanner) error {
		var c kpi.ChannelSync
		var last, p50, p95 int64
		err := row.Scan(&c.Channel, &last, &c.Arrived, &p50, &p95)
		c.LastAt, c.P50, c.P95 = millis(last), time.Duration(p50)*time.Millisecond, time.Duration(p95)*time.Millisecond
		h.Sync = append(h.Sync, c)
		return err
	})
	if err != nil {
		return h, err
	}
	h.Issues, err = s.issueStates(ctx, at)
	return h, err
}

// issueStates counts the issues of the last discovery by state.
func (s *Store) issueStates(ctx context.Context, at time.Time) (map[string]int64, error) {
	known, err := s.knownIssues(ctx)
	if err != nil {
		return nil, err
	}
	states := map[string]int64{}
	if len(known) == 0 {
		return states, nil
	}
	pasts, err := s.issuePasts(ctx, at)
	if err != nil {
		return nil, err
	}
	all, err := s.registeredByWeek(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		p := pasts[k.id]
		states[string(issue.StateOf(issue.Past{
			FirstSeen: happened(p.first), LastSeen: happened(p.last), Weeks: byWeek(p.weekly), All: all,
		}, at))]++
	}
	return states, nil
}

// timerRows asks one file and reads its rows.
func (s *Store) timerRows(ctx context.Context, name string, params values, each func(scanner) error) error {
	rows, err := s.conn.Query(with(final(ctx), params), s.query(name))
	if err != nil {
		return fmt.Errorf("ask %s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("scan %s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
