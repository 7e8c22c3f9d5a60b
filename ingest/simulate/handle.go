package simulate

import (
	"time"

	"wenguo/ingest"
)

// handled is the long way: reply, dispatch, confirmation, investigation, plan, solution.
func (l *life) handled() {
	sent := l.dispatched()
	reply := l.firstReply()
	l.acknowledged(reply)
	fate := l.r.Float64()
	if fate < .016 {
		at := l.w.afterDuty(reply, time.Duration(between(l.r, 8, 700)*float64(time.Minute)))
		l.emit(ingest.KindWithdrawn, at, l.customer(), &ingest.Reasoned{Reason: l.say("撤诉", "")})
		l.ended, l.endKind = at, ingest.KindWithdrawn
		return
	}
	if sent.Before(l.registeredAt) {
		sent = l.registeredAt
	}
	confirmed := l.confirmed(sent)
	if fate < .03 {
		at := l.investigated(confirmed, false)
		at = l.w.afterDuty(at, time.Duration(between(l.r, 5, 90)*float64(time.Minute)))
		l.emit(ingest.KindRejected, at, l.worker(), &ingest.Reasoned{Reason: l.say("不成立", "")})
		l.ended, l.endKind = at, ingest.KindRejected
		return
	}
	planned := l.inOffice(confirmed, workingDay, .018)
	known := confirmed.Add(scale(planned.Sub(confirmed), between(l.r, .3, .95)))
	if hour := known.In(l.w.cfg.Zone).Hour(); hour < 8 || hour >= 22 {
		known = planned.Add(-planned.Sub(confirmed) / 50)
	}
	if chance(l.r, .78) {
		l.investigated(known, chance(l.r, .9))
	}
	if fate > .995 {
		l.neverEnding(planned)
		return
	}
	var waited time.Duration
	silent := chance(l.r, .012)
	if silent || chance(l.r, .075) {
		waited = l.pause(planned, silent)
	}
	at, missed := l.settled(l.registeredAt, planned.Add(waited), targetResolve, .02, waited)
	l.plan(planned, at)
	l.conversation(reply, at)
	if chance(l.r, .065) {
		l.assist(confirmed, at)
	}
	if chance(l.r, .012) || missed && chance(l.r, .3) {
		l.emit(ingest.KindEscalated, planned.Add(at.Sub(planned)/2), l.worker(), &ingest.Escalated{Level: 1 + l.r.IntN(2), Reason: l.say("升级", "")})
	}
	outcome := l.say("办结", "")
	if silent {
		outcome = l.say("失联", "")
		l.sore = 1
	}
	l.emit(ingest.KindResolved, at, l.worker(), &ingest.Resolved{Outcome: outcome, Measures: l.say("措施", l.dept.name)})
	l.rounds(at)
}

// confirmed gives the instant at which a department takes the complaint, after those who passed it on.
func (l *life) confirmed(sent time.Time) time.Time {
	bounces := 0
	for range 2 {
		if !chance(l.r, .028+.012*float64(bounces)*10) {
			break
		}
		other := pick(l.r, departments)
		if other.name == l.dept.name || other.name == service {
			break
		}
		from := l.dept
		l.dept = other
		if bounces == 0 { // the wrong one passes it to the right one; a second one passes it back
			l.dept = from
			from = other
			l.emit(ingest.KindTransferred, sent.Add(time.Second), l.machine(), &ingest.Transferred{From: l.dept.name, To: from.name, Reason: "routing"})
		}
		sent = l.w.afterDuty(sent, time.Duration(between(l.r, 3, 24)*float64(time.Minute)))
		d := &ingest.Transferred{From: from.name, To: l.dept.name, Reason: "bounce"}
		if chance(l.r, .6) {
			l.owner = pick(l.r, l.dept.owners)
			d.ToOwner = l.owner
		}
		l.emit(ingest.KindTransferred, sent, ingest.Actor{ID: "d900", Department: from.name, Role: ingest.RoleDepartment}, d)
		l.sore += .06
		bounces++
	}
	at := l.inOffice(sent, targetConfirm, .012)
	l.owner = pick(l.r, l.dept.owners)
	l.emit(ingest.KindConfirmed, at, l.worker(), &ingest.Assigned{Department: l.dept.name, Owner: l.owner})
	return at
}

func (l *life) investigated(at time.Time, valid bool) time.Time {
	d := &ingest.Investigated{Valid: &valid, CauseGroup: l.about.cause, Level: 1 + weighted(l.r, []float64{8, 32, 60})}
	if chance(l.r, .15) {
		d.CauseGroup = pick(l.r, ingest.CauseGroups)
	}
	d.Cause = l.root()
	if !valid {
		d.CauseGroup, d.Cause = "customer_use", l.say("不成立", "")
	}
	l.emit(ingest.KindInvestigated, at, l.worker(), d)
	return at
}

// plan proposes what will be done by when; the promise is mostly kept.
func (l *life) plan(planned, done time.Time) {
	promise := l.w.promised(done.Add(time.Duration(between(l.r, .2, 20) * float64(time.Hour))))
	if chance(l.r, .03*l.slow) {
		if early := planned.Add(done.Sub(planned) * 2 / 3).Truncate(time.Hour); early.After(planned) {
			promise = early
			l.sore += .08
		}
	}
	propose := func(at time.Time) {
		d := &ingest.Plan{Measures: l.say("方案", l.dept.name), DueAt: &promise}
		if chance(l.r, .3) {
			d.Compensation = l.say("补偿", "")
		}
		if chance(l.r, .1) {
			d.Resources = l.say("资源", "")
		}
		l.emit(ingest.KindPlanProposed, at, l.worker(), d)
	}
	propose(planned)
	left := done.Sub(planned)
	if chance(l.r, .06) {
		l.emit(ingest.KindPlanRejected, planned.Add(left/5), l.customer(), &ingest.Plan{Measures: l.say("拒绝", "")})
		propose(planned.Add(left / 2))
		planned, left = planned.Add(left/2), left/2
	}
	if chance(l.r, .7) {
		l.emit(ingest.KindPlanAccepted, planned.Add(scale(left, between(l.r, .05, .8))), l.customer(), &ingest.Plan{})
	}
}

// promised is the next hour that people name when they promise something.
func (w *World) promised(at time.Time) time.Time {
	local := at.In(w.cfg.Zone)
	y, m, d := local.Date()
	for _, hour := range []int{10, 12, 15, 18, 20, 34} {
		if p := time.Date(y, m, d, hour, 0, 0, 0, w.cfg.Zone); p.After(local) {
			return p
		}
	}
	return local
}

func (l *life) pause(from time.Time, silent bool) time.Duration {
	reason := []string{"customer", "supplier", "force_majeure", ingest.Other}[weighted(l.r, []float64{62, 28, 4, 6})]
	hours := between(l.r, 2, 58)
	if silent {
		reason, hours = "customer", between(l.r, 71, 75)
	}
	at := from.Add(time.Duration(between(l.r, 5, 60) * float64(time.Minute)))
	waited := time.Duration(hours * float64(time.Hour))
	l.emit(ingest.KindPaused, at, l.worker(), &ingest.Reasoned{Reason: reason})
	actor := l.worker()
	if silent {
		actor = l.machine()
	}
	l.emit(ingest.KindResumed, at.Add(waited), actor, &ingest.Reasoned{Reason: reason})
	return waited + at.Sub(from)
}

// conversation keeps the customer informed, more or less; a long wait makes them ask.
func (l *life) conversation(reply, done time.Time) {
	left := done.Sub(reply)
	if left < 30*time.Minute {
		return
	}
	for at := reply; ; {
		at = l.w.afterDuty(at.Add(scale(20*time.Hour, between(l.r, .3, 1.6))), time.Duration(l.r.IntN(90))*time.Minute)
		if !at.Before(done) || chance(l.r, .25) {
			break
		}
		l.emit(ingest.KindContacted, at, l.worker(), &ingest.Contacted{Direction: "out", Channel: pick(l.r, []string{"phone", "phone", "im", "wechat"}), Note: l.say("沟通", "")})
	}
	if left > 20*time.Hour && chance(l.r, .3) {
		l.emit(ingest.KindContacted, reply.Add(scale(left, between(l.r, .3, .95))), l.customer(),
			&ingest.Contacted{Direction: "in", Channel: l.way.name, Note: l.say("催促", "")})
	}
}

func (l *life) assist(from, done time.Time) {
	other := pick(l.r, departments)
	if other.name == l.dept.name {
		return
	}
	asked := from.Add(done.Sub(from) / 6)
	due := l.w.afterOffice(asked, scale(workingDay, between(l.r, .8, 2))).Truncate(time.Minute)
	l.emit(ingest.KindAssistRequested, asked, l.worker(), &ingest.AssistRequested{Department: other.name, DueAt: &due, Item: l.say("协办", "")})
	x, _ := l.share(.05)
	at := asked.Add(scale(due.Sub(asked), x))
	l.emit(ingest.KindAssistDone, at, ingest.Actor{ID: "d901", Department: other.name, Role: ingest.RoleDepartment}, &ingest.AssistDone{Department: other.name})
}

// neverEnding is what falls between all chairs.
func (l *life) neverEnding(from time.Time) {
	for i := range 3 {
		from = from.Add(time.Duration(between(l.r, 30, 160) * float64(time.Hour)))
		l.emit(ingest.KindContacted, from, l.customer(), &ingest.Contacted{Direction: "in", Channel: l.way.name, Note: l.say("催促", "")})
		l.emit(ingest.KindEscalated, from.Add(time.Hour), l.agent(), &ingest.Escalated{Level: min(i+1, 3), Reason: l.say("升级", "")})
	}
}
