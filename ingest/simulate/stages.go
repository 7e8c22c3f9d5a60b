package simulate

import (
	"time"

	"wenguo/ingest"
)

// run lives a first or repeated complaint.
func (l *life) run() {
	l.registered()
	l.botGreets()
	l.classified()
	switch x := l.r.Float64(); {
	case l.seq >= stormPlace:
		l.outage()
	case l.way.digital && x < .30:
		l.selfService()
	case l.way.byAgent && x < .14, l.way.name == "im" && x > .93:
		l.firstContact()
	default:
		l.handled()
	}
	l.afterlife()
}

// runDuplicate lives a complaint that turns out to be another's matter.
func (l *life) runDuplicate(into string) {
	l.registered()
	l.botGreets()
	l.classified()
	l.dispatched()
	reply := l.firstReply()
	l.acknowledged(reply)
	at := l.w.afterDuty(reply, time.Duration(between(l.r, 3, 500)*float64(time.Minute)))
	l.emit(ingest.KindMerged, at, l.agent(), &ingest.Merged{Into: into})
	l.ended, l.endKind = at, ingest.KindMerged
}

func (l *life) botGreets() {
	if l.way.digital && chance(l.r, .9) {
		at := l.registeredAt.Add(time.Duration(between(l.r, .4, 6) * float64(time.Second)))
		l.emit(ingest.KindAcknowledged, at, l.bot(), &ingest.Acknowledged{Channel: l.way.name})
	}
}

func (l *life) classified() {
	at := l.registeredAt.Add(time.Duration(between(l.r, 1, 45) * float64(time.Second)))
	d := &ingest.Classified{Category: l.about.category, Priority: l.priority, Level: 1 + weighted(l.r, []float64{70, 24, 6}), By: "model"}
	confidence := float64(int(1000*(1-.5*l.r.Float64()*l.r.Float64()))) / 1000
	d.Confidence = &confidence
	actor := l.machine()
	if l.way.byAgent {
		d.By, d.Confidence, actor = "human", nil, l.agent()
	}
	if l.seq >= stormPlace || !chance(l.r, .03) {
		l.emit(ingest.KindClassified, at, actor, d)
		return
	}
	right := *d
	wrong := pick(l.r, l.w.texts.singular)
	d.Category = wrong.category
	l.emit(ingest.KindClassified, at, actor, d)
	later := l.w.afterDuty(at, time.Duration(between(l.r, 12, 400)*float64(time.Minute)))
	fields := ingest.CorrectedFields{Category: right.Category}
	if chance(l.r, .3) {
		fields.Priority = pick(l.r, []string{"high", "normal"})
	}
	l.emit(ingest.KindCorrected, later, l.agent(), &ingest.Corrected{Fields: fields, Reason: l.say("更正", "")})
}

func (l *life) acknowledged(at time.Time) {
	if chance(l.r, .05) {
		l.emit(ingest.KindAcknowledged, l.registeredAt.Add(at.Sub(l.registeredAt)/2), l.agent(), &ingest.Acknowledged{Internal: true})
	}
	l.emit(ingest.KindAcknowledged, at, l.agent(), &ingest.Acknowledged{Channel: l.way.name})
}

func (l *life) dispatched() time.Time {
	at, _ := l.around(l.registeredAt.Add(3*time.Second), targetDispatch-5*time.Second, .015)
	if chance(l.r, .0015) { // a clock that is behind
		at = l.registeredAt.Add(-time.Duration(between(l.r, 20, 190) * float64(time.Second)))
	}
	actor := l.machine()
	if at.Sub(l.registeredAt) > 4*time.Minute {
		actor = l.agent()
	}
	l.emit(ingest.KindDispatched, at, actor, &ingest.Assigned{Department: l.dept.name, Owner: l.owner})
	return at
}

// selfService ends with the bot's answer, often before anybody looks.
func (l *life) selfService() {
	l.dept = departmentNamed(service)
	at := l.registeredAt.Add(time.Duration(between(l.r, 8, 60) * float64(time.Second)))
	l.emit(ingest.KindDispatched, at, l.machine(), &ingest.Assigned{Department: service})
	at = at.Add(time.Duration(between(l.r, 1, 25) * l.r.Float64() * float64(time.Minute)))
	l.emit(ingest.KindResolved, at, l.bot(), &ingest.Resolved{Outcome: l.say("自助", ""), BySelfService: true})
	l.sore -= .02
	l.rounds(at)
}

// firstContact is settled while the customer is still there.
func (l *life) firstContact() {
	l.dept = departmentNamed(service)
	l.owner = pick(l.r, l.dept.owners)
	at := l.registeredAt.Add(time.Duration(between(l.r, 5, 40) * float64(time.Second)))
	l.emit(ingest.KindDispatched, at, l.machine(), &ingest.Assigned{Department: service, Owner: l.owner})
	at = l.registeredAt.Add(time.Duration(between(l.r, 2.5, 22) * float64(time.Minute)))
	l.emit(ingest.KindResolved, at, l.agent(), &ingest.Resolved{Outcome: l.say("办结", ""), Measures: l.say("措施", l.dept.name), FirstContact: true})
	l.sore -= .08
	l.rounds(at)
}

// outage has everybody on one cause: one announcement, one repair.
func (l *life) outage() {
	l.dispatched()
	reply := l.firstReply()
	l.acknowledged(reply)
	s := l.w.plan.storm(l.day/stormEvery, len(l.w.texts.storms))
	repaired := l.w.dayStart(l.day).Add(time.Duration((s.from + s.hours) * float64(time.Hour)))
	confirmed := l.registeredAt.Add(time.Duration(between(l.r, 11, 40) * float64(time.Minute)))
	l.emit(ingest.KindConfirmed, confirmed, l.worker(), &ingest.Assigned{Department: l.dept.name, Owner: l.owner})
	planned := confirmed.Add(time.Duration(between(l.r, 2, 170) * float64(time.Minute)))
	due := repaired.Add(time.Duration(between(l.r, 20, 240) * float64(time.Minute))).Truncate(time.Minute)
	l.emit(ingest.KindPlanProposed, planned, l.worker(), &ingest.Plan{Measures: l.say("抢修", ""), DueAt: &due})
	if chance(l.r, .3) {
		l.emit(ingest.KindEscalated, confirmed.Add(10*time.Minute), l.worker(), &ingest.Escalated{Level: 2, Reason: "影响范围大，升级至值班负责人"})
	}
	valid := true
	at := repaired.Add(time.Duration(between(l.r, 5, 300) * float64(time.Minute)))
	if at.Before(planned) {
		at = planned.Add(12 * time.Minute)
	}
	l.emit(ingest.KindInvestigated, at.Add(-3*time.Minute), l.worker(), &ingest.Investigated{Valid: &valid, CauseGroup: l.about.cause, Cause: l.root(), Level: 1})
	l.emit(ingest.KindResolved, at, l.worker(), &ingest.Resolved{Outcome: l.say("恢复", ""), Measures: l.say("抢修", "")})
	l.sore += .12
	l.rounds(at)
}

// afterlife is what happens to some complaints when all is over.
func (l *life) afterlife() {
	if !l.ended.IsZero() && chance(l.r, .0018) {
		at := l.ended.Add(time.Duration(between(l.r, 5, 300) * float64(time.Hour)))
		l.emit(ingest.KindErased, at, l.agent(), &ingest.Reasoned{Reason: "客户申请删除个人信息"})
	}
}
