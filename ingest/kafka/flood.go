package kafka

import (
	"errors"

	"wenguo/ingest"
)

// flood watches the share of refused messages of a partition. A producer that sends nothing but refusals is a mistake to
// be repaired at its source; thousands of dead letters would only hide the few that matter.
type flood struct {
	// run is how many of the last messages were refused one after another, seen and refused count those of the window.
	run, seen, refused int
	// probing says that the partition has rested and tries a few messages.
	probing bool
}

// judge counts a block that is about to be planned and says whether it is part of a flood.
func (f *flood) judge(cfg Config, b ingest.Block) bool {
	if f.probing {
		*f = flood{probing: true}
	}
	longest, events := f.run, b.Events
	for _, r := range b.Rejects {
		n := 0
		for n < len(events) && events[n].Offset < r.Offset {
			n++
		}
		if n > 0 {
			events, f.run = events[n:], 0
		}
		f.run++
		longest = max(longest, f.run)
	}
	if len(events) > 0 {
		f.run = 0
	}
	f.seen += len(b.Events) + len(b.Rejects)
	f.refused += len(b.Rejects)
	full := f.seen >= cfg.FloodWindow || f.probing
	over := cfg.FloodRun > 0 && longest >= cfg.FloodRun ||
		cfg.FloodRatio > 0 && full && float64(f.refused) >= cfg.FloodRatio*float64(f.seen)
	over = over && len(b.Rejects) > 0
	if full {
		f.seen, f.refused = 0, 0
	}
	return over
}

// errFlood is why a partition rests.
var errFlood = errors.New("too many messages are refused")

// dam stops the partition for a while.
func (w *worker) dam(b ingest.Block) error {
	w.flood = flood{probing: true}
	w.c.metrics.flooded.WithLabelValues(w.label).Set(1)
	w.c.metrics.floods.WithLabelValues(w.label).Inc()
	first := b.Rejects[0]
	w.log.Error("flood of refused messages: the partition rests, then tries a few; repair the producer, or set kafka.flood_run and kafka.flood_ratio to 0 to let all of them become dead letters",
		"offset", w.next, "refused", len(b.Rejects), "accepted", len(b.Events), "first_class", first.Err.Class, "first_field", first.Err.Field,
		"pause_seconds", w.c.cfg.FloodPause.Seconds())
	return &restError{time: w.c.cfg.FloodPause, why: errFlood}
}

// undam goes on.
func (w *worker) undam() {
	w.flood = flood{}
	w.c.metrics.flooded.WithLabelValues(w.label).Set(0)
	w.log.Info("the flood of refused messages is over, the partition goes on")
}
