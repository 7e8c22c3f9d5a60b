package simulate

import (
	"math"
	"time"
)

// Targets of the default policy, which people work against.
const (
	targetDispatch  = 10 * time.Minute
	targetConfirm   = time.Hour
	workingDay      = 7*time.Hour + 30*time.Minute
	targetResolve   = 72 * time.Hour
	targetRedo      = 48 * time.Hour
	targetOutageAck = 5 * time.Minute
)

// share draws how much of a target is used: mostly little when kept; beyond it when missed.
func (l *life) share(miss float64) (x float64, missed bool) {
	if chance(l.r, min(.6, miss*l.slow)) {
		return 1.06 + .9*l.r.ExpFloat64(), true
	}
	return .02 + .88*math.Pow(l.r.Float64(), 2.1), false
}

func scale(d time.Duration, x float64) time.Duration {
	return time.Duration(float64(d) * x).Round(time.Millisecond)
}

// inOffice is a step with a target in working time. Kept ones may be done in duty time, outside office hours;
// missed ones wait for the office.
func (l *life) inOffice(from time.Time, target time.Duration, miss float64) time.Time {
	x, missed := l.share(miss)
	if missed {
		return l.w.afterOffice(from, scale(target, x))
	}
	return l.w.afterDuty(from, scale(target, x)).Add(time.Duration(l.r.IntN(40)) * time.Millisecond)
}

// around the clock is a step with a target in plain time.
func (l *life) around(from time.Time, target time.Duration, miss float64) (time.Time, bool) {
	x, missed := l.share(miss)
	return from.Add(scale(target, x)), missed
}

// firstReply is the instant of the first human answer.
func (l *life) firstReply() time.Time {
	at, hour := l.registeredAt, l.registeredAt.In(l.w.cfg.Zone).Hour()
	var reply time.Time
	missed := false
	switch {
	case l.seq >= stormPlace:
		reply, missed = l.around(at, targetOutageAck, .05)
	case l.way.byAgent, l.way.name == "im" && hour >= 8 && hour < 22 && chance(l.r, .9):
		reply = at.Add(time.Duration(between(l.r, 20, 540) * float64(time.Second)))
	case l.priority == "urgent" || l.priority == "high":
		reply, missed = l.around(at, time.Hour, .022)
	case l.priority == "low":
		reply = l.inOffice(at, workingDay, .012)
	default:
		reply = l.inOffice(at, 2*time.Hour, .02)
	}
	if missed {
		l.sore += .1
	}
	if chance(l.r, .006) { // nobody noticed it
		reply = l.w.afterOffice(at, scale(3*workingDay, between(l.r, 1, 3)))
		l.sore += .2
	}
	return reply
}

// settled is the instant of the solution, never before its plan.
func (l *life) settled(from, plan time.Time, target time.Duration, miss float64, waited time.Duration) (time.Time, bool) {
	x, missed := l.share(miss)
	if l.priority == "urgent" && !missed {
		x *= .5
	}
	at := from.Add(scale(target, x) + waited)
	if soonest := l.w.afterDuty(plan, time.Duration(between(l.r, 4, 150)*float64(time.Minute))); at.Before(soonest) {
		at = soonest
	}
	if hour := at.In(l.w.cfg.Zone).Hour(); (hour < 8 || hour >= 22) && l.seq < stormPlace {
		at = l.w.afterDuty(at, time.Duration(between(l.r, 1, 90)*float64(time.Minute)))
	}
	if missed {
		l.sore += .22
	}
	return at, missed
}
