package simulate

import (
	"time"

	"wenguo/ingest"
)

// rounds asks for a rating, reopens what was not settled, and closes.
func (l *life) rounds(resolved time.Time) {
	for round := range 3 {
		if chance(l.r, .3) && l.sore < 1 {
			accepted := chance(l.r, .95-max(0, l.sore)/2)
			at := resolved.Add(time.Duration(between(l.r, .1, 20) * float64(time.Hour)))
			l.emit(ingest.KindVerified, at, l.customer(), &ingest.Verified{Accepted: &accepted})
		}
		last, reason := l.survey(resolved)
		if reason == "" && l.sore < 1 && chance(l.r, .012) {
			reason = "not_fixed"
			if chance(l.r, .1) {
				reason = "regulator"
			}
			last = resolved.Add(time.Duration(between(l.r, 5, 200) * float64(time.Hour)))
		}
		if reason == "" || round == 2 {
			l.close(last)
			return
		}
		resolved = l.redo(last, reason)
	}
}

// survey offers a rating and perhaps gets one; the reason is that of the reopening that follows.
func (l *life) survey(resolved time.Time) (last time.Time, reason string) {
	if chance(l.r, .008) { // forgotten
		return resolved, ""
	}
	offered := l.inOffice(resolved, workingDay, .02)
	if chance(l.r, .45) {
		offered = resolved.Add(time.Duration(between(l.r, 2, 30) * float64(time.Minute)))
	}
	offered = offered.Truncate(time.Millisecond)
	way := pick(l.r, []string{"app", "wechat", "phone"})
	l.emit(ingest.KindSurveyed, offered, l.machine(), &ingest.Surveyed{OfferedAt: &offered, Channel: way})
	if l.sore >= 1 || !chance(l.r, .36) {
		return offered, ""
	}
	at := offered.Add(time.Duration(between(l.r, 1, 60*40*l.r.Float64()*l.r.Float64()+3) * float64(time.Minute)))
	score := float64(1 + weighted(l.r, []float64{40, 24, 36}))
	pool := "差评"
	if chance(l.r, .9-l.sore) {
		score, pool = float64(4+weighted(l.r, []float64{30, 70})), "好评"
	}
	d := &ingest.Surveyed{OfferedAt: &offered, Answered: true, Score: &score, Channel: way}
	if chance(l.r, .4) {
		d.Comment = l.say(pool, "")
	}
	l.emit(ingest.KindSurveyed, at, l.customer(), d)
	if score <= 3 && chance(l.r, .72) {
		return l.w.afterDuty(at, time.Duration(between(l.r, 5, 900)*float64(time.Minute))), "low_score"
	}
	return at, ""
}

func (l *life) redo(at time.Time, reason string) time.Time {
	actor := l.agent()
	if reason == "not_fixed" {
		actor = l.customer()
	}
	l.emit(ingest.KindReopened, at, actor, &ingest.Reasoned{Reason: reason})
	sent := at.Add(time.Duration(between(l.r, .1, 9) * float64(time.Minute)))
	l.emit(ingest.KindDispatched, sent, l.machine(), &ingest.Assigned{Department: l.dept.name, Owner: l.owner})
	confirmed := l.inOffice(sent, targetConfirm, .02)
	l.emit(ingest.KindConfirmed, confirmed, l.worker(), &ingest.Assigned{Department: l.dept.name, Owner: l.owner})
	planned := l.inOffice(confirmed, workingDay, .03)
	done, _ := l.settled(at, planned, targetRedo, .03, 0)
	l.plan(planned, done)
	l.emit(ingest.KindResolved, done, l.worker(), &ingest.Resolved{Outcome: l.say("办结", ""), Measures: l.say("措施", l.dept.name)})
	l.sore -= .15
	return done
}

func (l *life) close(last time.Time) {
	if chance(l.r, .03) {
		return
	}
	at := last.Add(time.Duration(between(l.r, 20, 120) * float64(time.Hour)))
	l.emit(ingest.KindClosed, at, l.machine(), &ingest.Reasoned{Reason: pick(l.r, []string{"到期自动归档", "客户已确认", "回访完成归档", "无异议归档"})})
	l.ended, l.endKind = at, ingest.KindClosed
}
