package warehouse

import (
	"context"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
)

// EachPast gives what the replay of alerts asks of every complaint that may have had a deadline in [since, to): identity,
// values, ends of rounds, first escalation, response and clocks; everything else is left out. calendar finds the calendars
// of the clocks.
func (s *Store) EachPast(
	ctx context.Context, since, to time.Time, each func(c transform.Complaint, calendar func(id string) *sla.Calendar),
) error {
	rules, err := s.currentRules()
	if err != nil {
		return err
	}
	params := values{"since": instant(timersSince(rules, []time.Time{since})), "to": instant(to)}
	return s.timerRows(ctx, "past_clocks", params, func(row scanner) error {
		c, err := pastComplaint(row)
		if err == nil {
			each(c, rules.Calendar)
		}
		return err
	})
}

func pastComplaint(row scanner) (transform.Complaint, error) {
	var c transform.Complaint
	var state string
	var ended, started, target, warn, due, finished, cancelled []int64
	var escalated, until, missed int64
	var stages, rules, calendars []string
	var rounds []uint16
	var frozen, anomalous []bool
	err := row.Scan(&c.ID, &c.RegisteredAt, &state, &c.Priority, &c.Department, &ended, &escalated, &until,
		&missed, &c.Response.Abandoned, &c.Response.Anomaly, &stages, &rounds, &rules, &calendars, &started, &target, &warn, &due,
		&frozen, &finished, &cancelled, &anomalous)
	if err != nil {
		return c, err
	}
	c.State, c.Response.Until, c.Response.MissedAfter = transform.State(state), millis(until), millis(missed)
	if escalated != 0 {
		c.Escalations = []time.Time{millis(escalated)}
	}
	for i, at := range ended {
		c.Rounds = append(c.Rounds, transform.Round{Number: i + 1, EndedAt: millis(at)})
	}
	c.Clocks = make([]sla.Clock, len(stages))
	for i := range stages {
		c.Clocks[i] = sla.Clock{
			Stage: sla.Stage(stages[i]), Round: int(rounds[i]), Rule: rules[i], Calendar: calendars[i], Started: millis(started[i]),
			Target: time.Duration(target[i]) * time.Millisecond, WarnAfter: time.Duration(warn[i]) * time.Millisecond, Due: millis(due[i]),
			Frozen: frozen[i], Finished: millis(finished[i]), Cancelled: millis(cancelled[i]), Anomaly: anomalous[i],
		}
	}
	return c, nil
}
