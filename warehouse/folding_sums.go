package warehouse

import (
	"sync"
	"time"

	"wenguo/transform"
)

// sumsShare is how much longer than the last sums took the facts' worker folds before it makes sums again: with millions
// of complaints a month's sums take seconds, and folding comes first.
const sumsShare = 4

// sumsDue remembers what the sums are behind: the months of facts that were stored since, and how far each partition was
// folded.
type sumsDue struct {
	lock   sync.Mutex
	months Months
	upTo   map[int]int64
	next   time.Time
}

// touch notes the months of stored facts.
func (d *sumsDue) touch(facts []transform.Complaint) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.months.Own == nil {
		d.months = NewMonths()
	}
	for _, c := range facts {
		d.months.touch(c)
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
func (d *sumsDue) take() (Months, map[int]int64) {
	d.lock.Lock()
	defer d.lock.Unlock()
	months, reached := d.months, d.upTo
	d.months, d.upTo = Months{}, nil
	return months, reached
}

// took notes how long sums took; after a failure their months are due again, and what was folded is folded again.
func (d *sumsDue) took(length time.Duration, months Months, err error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.next = time.Now().Add(sumsShare * length)
	if err == nil {
		return
	}
	if d.months.Own == nil {
		d.months = NewMonths()
	}
	d.months.addAll(months)
}
