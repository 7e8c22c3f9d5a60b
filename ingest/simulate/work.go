package simulate

import "time"

// span is a stretch of a day, as offsets from its midnight.
type span struct{ from, to time.Duration }

// office is the default policy's working time; duty is when somebody answers, also on days off.
var (
	office = []span{{9 * time.Hour, 12 * time.Hour}, {13*time.Hour + 30*time.Minute, 18 * time.Hour}} //nolint:gochecknoglobals // a constant table
	duty   = []span{{8*time.Hour + 30*time.Minute, 22 * time.Hour}}                                   //nolint:gochecknoglobals // a constant table
)

// afterOffice is the instant d of working time after t.
func (w *World) afterOffice(t time.Time, d time.Duration) time.Time {
	return w.after(t, d, office, w.cfg.IsWorkday)
}

// afterDuty is the instant d of duty time after t.
func (w *World) afterDuty(t time.Time, d time.Duration) time.Time {
	return w.after(t, d, duty, func(time.Time) bool { return true })
}

// after walks whole days; d is days at most, so the walk is short.
func (w *World) after(t time.Time, d time.Duration, spans []span, open func(time.Time) bool) time.Time {
	local := t.In(w.cfg.Zone)
	y, m, day := local.Date()
	for i := range 120 {
		date := time.Date(y, m, day+i, 0, 0, 0, 0, w.cfg.Zone)
		if !open(date) {
			continue
		}
		for _, s := range spans {
			from, to := date.Add(s.from), date.Add(s.to)
			if from.Before(local) {
				from = local
			}
			if !from.Before(to) {
				continue
			}
			if have := to.Sub(from); d <= have {
				return from.Add(d)
			}
			d -= to.Sub(from)
		}
	}
	return local.Add(d)
}
