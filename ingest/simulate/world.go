package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/ingest"
)

// lookBack is how many days a life may last: nothing of it arrives later.
const lookBack = 90

// Config describes a history. The same Config gives the same history.
type Config struct {
	// Seed decides everything that is drawn.
	Seed uint64
	// Start is the first instant of the history; its day (in Zone) is day 0.
	Start time.Time
	// Zone is the company's zone; nil means UTC+8.
	Zone *time.Location
	// PerDay gives the complaints expected on a plain weekday; nil means Growth. At most 50,000.
	PerDay func(day int) float64
	// IsWorkday says whether a date is worked; nil means Monday to Friday.
	IsWorkday func(time.Time) bool
}

// Growth is the default rate: from about 40 complaints a day to about 65 after 13 months (20,000 in all), then steady.
func Growth(day int) float64 { return 39 + 26*float64(min(max(day, 0), 395))/395 }

// Record is one message as it reaches the bus.
type Record struct {
	// Arrives is the Kafka message time: never before occurred_at, mostly within a minute of it.
	Arrives     time.Time
	ComplaintID string
	Key         string
	Value       []byte
	Kind        ingest.Kind
	// Bad names the reject class of a deliberately broken record; empty for a valid one.
	Bad string

	order string
}

// World is one company and its history. It holds no history and is safe for concurrent use.
type World struct {
	cfg   Config
	start time.Time // local midnight of day 0
	texts *library
	plan  schedule
}

// New reads the texts and checks the Config.
func New(cfg Config) (*World, error) {
	if cfg.Start.IsZero() {
		return nil, errors.New("simulate: no start")
	}
	if cfg.Zone == nil {
		cfg.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	if cfg.PerDay == nil {
		cfg.PerDay = Growth
	}
	if cfg.IsWorkday == nil {
		cfg.IsWorkday = func(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }
	}
	texts, err := loadLibrary()
	if err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	y, m, d := cfg.Start.In(cfg.Zone).Date()
	w := &World{cfg: cfg, start: time.Date(y, m, d, 0, 0, 0, 0, cfg.Zone), texts: texts}
	w.plan = newSchedule(cfg.Seed, texts.issues)
	return w, nil
}

// Records gives every record with from ≤ Arrives < to, in order of arrival. Neighbouring intervals join without gap or
// overlap. The first record costs the 90 days before it, so a live feed ranges once with a distant end and waits for
// each record's instant, rather than asking for every second anew.
func (w *World) Records(from, to time.Time) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		if from.Before(w.cfg.Start) {
			from = w.cfg.Start
		}
		var pending []Record
		for day := max(0, w.dayOf(from)-lookBack); w.dayStart(day).Before(to); day++ {
			for _, r := range w.day(day) {
				if !r.Arrives.Before(from) && r.Arrives.Before(to) {
					pending = append(pending, r)
				}
			}
			slices.SortStableFunc(pending, func(a, b Record) int {
				return cmp.Or(a.Arrives.Compare(b.Arrives), strings.Compare(a.order, b.order))
			})
			end, done := w.dayStart(day+1), 0
			for _, r := range pending {
				if !r.Arrives.Before(end) {
					break
				}
				if !yield(r) {
					return
				}
				done++
			}
			pending = slices.Clone(pending[done:])
		}
		for _, r := range pending {
			if !yield(r) {
				return
			}
		}
	}
}

// Truth names the recurring issue a complaint belongs to; empty when it belongs to none.
func (w *World) Truth(complaintID string) string {
	day, seq, ok := parseID(complaintID)
	if !ok {
		return ""
	}
	return w.topic(day, seq).issue
}

// Issues lists the names Truth can give.
func (w *World) Issues() []string {
	var names []string
	for _, t := range slices.Concat(w.texts.issues, w.texts.storms) {
		names = append(names, t.issue)
	}
	return names
}

// Fixes are the days before an instant on which the company mended what an issue is about, oldest first: from then on few
// complain of it.
func (w *World) Fixes(name string, until time.Time) []time.Time {
	var out []time.Time
	for i, about := range w.texts.issues {
		if about.issue != name {
			continue
		}
		for _, day := range w.plan.fixes(i, w.dayOf(until)) {
			out = append(out, w.dayStart(day))
		}
	}
	return out
}

func (w *World) dayStart(day int) time.Time {
	y, m, d := w.start.Date()
	return time.Date(y, m, d+day, 0, 0, 0, 0, w.cfg.Zone)
}

func (w *World) dayOf(t time.Time) int {
	day := int(t.Sub(w.start).Hours() / 24)
	for w.dayStart(day).After(t) {
		day--
	}
	for !w.dayStart(day + 1).After(t) {
		day++
	}
	return day
}

// A complaint's number holds its day, its place in that day and its role; storms take places of their own.
const (
	perDayPlaces = 100_000
	stormPlace   = 60_000

	roleFirst, roleDuplicate, roleRepeat = 0, 1, 2
	roles                                = 3
)

func complaintID(day, seq, role int) string {
	return fmt.Sprintf("C-%09d", (day*perDayPlaces+seq)*roles+role)
}

func parseID(id string) (day, seq int, ok bool) {
	digits, found := strings.CutPrefix(id, "C-")
	n, err := strconv.Atoi(digits)
	if !found || err != nil || n < 0 {
		return 0, 0, false
	}
	return n / roles / perDayPlaces, n / roles % perDayPlaces, true
}
