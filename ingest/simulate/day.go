package simulate

import (
	"time"
)

// hourly is the share of complaints by hour of a weekday; the first follows the evening meal and the shop's busy hours.
var hourly = []float64{ //nolint:gochecknoglobals // a constant table
	1.3, .7, .4, .3, .3, .5, 1.2, 2.4, 4.6, 7.4, 8.0, 6.6, 5.4, 5.2, 6.2, 6.6, 6.0, 5.2, 5.0, 5.6, 6.2, 5.8, 4.2, 2.6,
}

// restHourly is the same for days off: later mornings, longer evenings.
var restHourly = []float64{ //nolint:gochecknoglobals // a constant table
	2.0, 1.2, .6, .4, .3, .3, .8, 1.6, 3.0, 5.2, 6.6, 6.8, 6.2, 5.4, 5.6, 5.8, 5.6, 5.4, 5.8, 6.6, 7.0, 6.6, 5.2, 3.4,
}

// weekdayFactor starts with Sunday.
var weekdayFactor = [7]float64{.86, 1.14, 1.06, 1.02, 1.0, 1.03, .91} //nolint:gochecknoglobals // a constant table

// volume is the expected number of first complaints of a day.
func (w *World) volume(day int) float64 {
	date := w.dayStart(day)
	f := weekdayFactor[date.Weekday()]
	weekend := date.Weekday() == time.Saturday || date.Weekday() == time.Sunday
	switch work := w.cfg.IsWorkday(date); {
	case !work && !weekend:
		f = .78 // a public holiday
	case work && weekend:
		f = 1.02 // a make-up day
	case work && !w.cfg.IsWorkday(date.AddDate(0, 0, -1)) && !w.cfg.IsWorkday(date.AddDate(0, 0, -3)):
		f *= 1.12 // the first day after a long holiday
	}
	switch _, m, d := date.Date(); {
	case m == time.November && d >= 10 && d <= 20, m == time.June && d >= 17 && d <= 24:
		f *= 1.28 // the two shopping festivals and their deliveries
	}
	f *= between(stream(w.cfg.Seed, purposeDay, uint64(day)), .86, 1.14)
	return w.cfg.PerDay(day) * f * firstShare
}

// firstShare leaves room for what follows from first complaints: duplicates, repeats, storms.
const firstShare = .93

// counts gives the number of first complaints of a day and those of its storm, with the storm.
func (w *World) counts(day int) (plain, stormy int, s storm) {
	r := stream(w.cfg.Seed, purposeDay, uint64(day), 1)
	plain = min(poisson(r, w.volume(day)), stormPlace-1)
	if len(w.texts.storms) > 0 {
		if s = w.plan.storm(day/stormEvery, len(w.texts.storms)); s.day == day {
			stormy = min(poisson(r, w.cfg.PerDay(day)*s.factor), perDayPlaces-stormPlace-1)
		}
	}
	return plain, stormy, s
}

// topic decides what a complaint is about.
func (w *World) topic(day, seq int) *topic {
	if seq >= stormPlace {
		return w.texts.storms[w.plan.storm(day/stormEvery, len(w.texts.storms)).topic]
	}
	return w.topicAt(w.plan.shares(day), day, seq)
}

func (w *World) topicAt(shares []float64, day, seq int) *topic {
	r := stream(w.cfg.Seed, purposeTopic, uint64(day), uint64(seq))
	x := r.Float64()
	for i, p := range shares {
		if x -= p; x < 0 {
			return w.texts.issues[i]
		}
	}
	return w.texts.singular[weighted(r, w.texts.singularWeights)]
}

// day makes every record of the lives that begin on a day.
func (w *World) day(day int) []Record {
	plain, stormy, s := w.counts(day)
	shares, start := w.plan.shares(day), w.dayStart(day)
	hours := restHourly
	if w.cfg.IsWorkday(start) {
		hours = hourly
	}
	var out []Record
	for seq := range plain {
		r := stream(w.cfg.Seed, purposeLife, uint64(day), uint64(seq))
		at := start.Add(time.Duration((float64(weighted(r, hours)) + r.Float64()) * float64(time.Hour)))
		out = append(out, w.family(r, day, seq, at, w.topicAt(shares, day, seq))...)
	}
	for i := range stormy {
		r := stream(w.cfg.Seed, purposeLife, uint64(day), uint64(stormPlace+i))
		x := r.Float64() * (0.4 + 0.6*r.Float64()) // most come early in the outage
		at := start.Add(time.Duration((s.from + s.hours*x) * float64(time.Hour)))
		out = append(out, w.family(r, day, stormPlace+i, at, w.texts.storms[s.topic])...)
	}
	out = append(out, w.broken(day)...)
	horizon := w.dayStart(day + lookBack)
	kept := out[:0]
	for _, r := range out {
		if r.Arrives.Before(horizon) && !r.Arrives.Before(w.cfg.Start) {
			kept = append(kept, r)
		}
	}
	return kept
}
