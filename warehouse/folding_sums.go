package warehouse

import (
	"sync"
	"time"

	"wenguo/transform"
)

// sumsShare is how much longer than the last sums took the facts' worker folds before it makes sums again: with millions
// of complaints a week's sums take seconds, and folding comes first.
const sumsShare = 4

// sumsDue remembers what the sums are behind: the weeks of facts that were stored since, and how far each partition was
// folded.
type sumsDue struct {
	lock  sync.Mutex
	weeks Weeks
	upTo  map[int]int64
	next  time.Time
}

// touch notes the weeks of stored facts.
func (d *sumsDue) touch(facts []transform.Complaint) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.weeks.Own == nil {
		d.weeks = NewWeeks()
	}
	for _, c := range facts {
		d.weeks.touch(c)
	}
}

// folded notes how far a partition was folded.
func (d *sumsDue) folded(partition int, to int64) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.upTo == nil {
		d.upTo = map[int]int64{}
	}
	d.upTo[partition] = to
}

// reached is how far a partition was folded without its sums.
func (d *sumsDue) reached(partition int) int64 {
	d.lock.Lock()
	defer d.lock.Unlock()
	return d.upTo[partition]
}

// turn says whether sums may be made now.
func (d *sumsDue) turn() bool {
	d.lock.Lock()
	defer d.lock.Unlock()
	return len(d.upTo) > 0 && !time.Now().Before(d.next)
}

// take gives what is due and forgets it.
func (d *sumsDue) take() (Weeks, map[int]int64) {
	d.lock.Lock()
	defer d.lock.Unlock()
	weeks, reached := d.weeks, d.upTo
	d.weeks, d.upTo = Weeks{}, nil
	return weeks, reached
}

// took notes how long sums took; after a failure their weeks are due again, and what was folded is folded again.
func (d *sumsDue) took(length time.Duration, weeks Weeks, err error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.next = time.Now().Add(sumsShare * length)
	if err == nil {
		return
	}
	if d.weeks.Own == nil {
		d.weeks = NewWeeks()
	}
	d.weeks.addAll(weeks)
}
