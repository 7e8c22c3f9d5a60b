package sla

import (
	"maps"
	"slices"
	"time"
)

// Alerts says when an alarm is due and who is told of what has no owner.
type Alerts struct {
	// Healthy and Unhealthy are the breach rates that the detector tells apart.
	Healthy   float64
	Unhealthy float64
	// Hold is how long an alarm of the detector is held.
	Hold time.Duration
	// FalseAlarms a month of 28 days that a healthy department may cause, all its stages together.
	FalseAlarms float64
	// Quiet is the calendar outside of which nothing is told that can wait; nil tells everything at once.
	Quiet *Calendar
	// OnCall is told what has no owner.
	OnCall Owner
}

// usualAlerts hold where a policy is silent.
func usualAlerts() Alerts {
	return Alerts{Healthy: 0.01, Unhealthy: 0.06, Hold: 24 * time.Hour, FalseAlarms: 0.15}
}

func (a fileAlerts) read(r *reader, calendars map[string]*Calendar) Alerts {
	out := usualAlerts()
	out.OnCall = a.onCall
	for _, n := range []struct {
		from number
		to   *float64
	}{{a.healthy, &out.Healthy}, {a.unhealthy, &out.Unhealthy}, {a.falseAlarms, &out.FalseAlarms}} {
		if n.from.line > 0 {
			*n.to = n.from.value
		}
	}
	if a.hold.line > 0 {
		out.Hold = r.duration(a.hold, "hold", 0)
	}
	if a.quiet.line > 0 {
		known := false
		if out.Quiet, known = calendars[a.quiet.text]; !known {
			r.wrong(a.quiet.line, remedy(a.quiet.text, slices.Collect(maps.Keys(calendars))), "unknown calendar %q", a.quiet.text)
		}
	}
	if out.Healthy <= 0 || out.Unhealthy <= out.Healthy || out.Unhealthy >= 1 {
		r.wrong(max(a.healthy.line, a.unhealthy.line, a.line), "0 < healthy < unhealthy < 1 must hold",
			"healthy %g and unhealthy %g", out.Healthy, out.Unhealthy)
	}
	if out.FalseAlarms <= 0 || out.FalseAlarms > 28 {
		r.wrong(a.falseAlarms.line, "0.15 is usual", "false_alarms %g a month does not lie in (0, 28]", out.FalseAlarms)
	}
	return out
}
