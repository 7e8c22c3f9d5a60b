package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/kpi"
)

// Bounds of a moment.
const (
	// momentShortest is how long one lasts though it cost nothing, and momentRest how many times longer it lasts than its
	// answers took, up to a share of what a moment may be old: making moments takes little of the time.
	momentShortest = time.Second
	momentRest     = 5
	momentShare    = 6
	// momentPatience is how long a page waits for a store that does not say how far it is: then it says so and shows the rest.
	momentPatience = 5 * time.Second
	// momentKept is for how many moments in a row an answer is made that no reader asked for again.
	momentKept = 3
	// momentAnswers bounds the answers of one moment, and momentWorkers how many of them are made at once: readers go first.
	momentAnswers = 512
	momentWorkers = 1
)

// moment is the instant that pages say they are as of, and what was answered for it. Many readers open the same pages: what
// one of them asked is answered to all, and it is as of the instant that the page says.
type moment struct {
	at    time.Time
	fresh kpi.Freshness
	marks string

	lock    sync.Mutex
	answers map[string]*memo
}

// memo is one question's answer as of a moment.
type memo struct {
	done  chan struct{}
	value any
	err   error
	// again asks the same as of another instant; nil for a question that names its own.
	again func(ctx context.Context, at time.Time) (any, error)
	// unasked counts the moments in a row in which no reader asked.
	unasked int
}

// moments makes one moment after the other, and forgets all when something was decided here.
type moments struct {
	reader  FrameReader
	marksOf func(kpi.Freshness) marks
	now     func() time.Time
	log     *slog.Logger
	// longest is the age at which a moment is too old to be shown; zero gives each request a moment of its own. timeout
	// bounds one answer.
	longest, timeout time.Duration
	// wake asks Run of the stream for a new moment.
	wake func()

	// beginning guards failed, why the last moment did not begin, and failedAt, when.
	beginning sync.Mutex
	failed    error
	failedAt  time.Time

	lock    sync.Mutex
	current *moment
	lasts   time.Duration
	// forgotten counts how often everything was forgotten: what began before is not shown after.
	forgotten int
}

// take is the moment of a page, when it is asked for.
func (m *moments) take(ctx context.Context) (*moment, error) {
	if current := m.young(); current != nil {
		return current, nil
	}
	m.beginning.Lock() // one reader begins a moment, the others find it
	defer m.beginning.Unlock()
	if current := m.young(); current != nil {
		return current, nil
	}
	m.lock.Lock()
	forgotten := m.forgotten
	m.lock.Unlock()
	if since := m.now().Sub(m.failedAt); m.failed != nil && since >= 0 && since < momentShortest {
		return nil, m.failed // those who waited need not each wait for it
	}
	bounded, cancel := context.WithTimeout(ctx, momentPatience)
	defer cancel()
	next, err := m.begin(bounded)
	if err != nil {
		if ctx.Err() == nil { // the store, not the reader, gave up
			m.failed, m.failedAt = err, m.now()
		}
		return nil, err
	}
	m.failed = nil
	return m.show(next, forgotten, momentShortest), nil
}

// young is the current moment if it may be shown. When it is time for the next one, that is asked for.
func (m *moments) young() *moment {
	m.lock.Lock()
	current, lasts := m.current, m.lasts
	m.lock.Unlock()
	if current == nil {
		return nil
	}
	switch age := m.now().Sub(current.at); {
	case age < 0 || age >= m.longest: // the clock was set back, or nobody renewed it
		return nil
	case age >= lasts:
		m.wake()
	}
	return current
}

// begin is a new moment without answers.
func (m *moments) begin(ctx context.Context) (*moment, error) {
	at := m.now().Truncate(time.Millisecond)
	fresh, err := m.reader.Freshness(ctx)
	if err != nil {
		return nil, fmt.Errorf("read freshness: %w", err)
	}
	return &moment{at: at, fresh: fresh, marks: m.marksOf(fresh).text(), answers: map[string]*memo{}}, nil
}

// show makes a moment the current one, unless everything was forgotten since it began or a newer one is shown.
func (m *moments) show(next *moment, forgotten int, lasts time.Duration) *moment {
	if m.longest <= 0 {
		return next
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.forgotten == forgotten && (m.current == nil || m.now().Sub(m.current.at) >= m.longest || next.at.After(m.current.at)) {
		m.current, m.lasts = next, min(max(lasts, momentShortest), m.longest/momentShare)
	}
	return next
}

// renew makes the next moment if it is time, with all that readers asked lately already answered, and says what the
// current one is made of. wanted is true when a reader found the current one old; otherwise only a change is a reason.
func (m *moments) renew(ctx context.Context, wanted bool) (string, error) {
	m.lock.Lock()
	current, lasts, forgotten := m.current, m.lasts, m.forgotten
	m.lock.Unlock()
	if current != nil {
		if age := m.now().Sub(current.at); age >= 0 && age < lasts {
			return current.marks, nil
		}
	}
	next, err := m.begin(ctx)
	if err != nil {
		return "", err
	}
	if current != nil && !wanted && next.marks == current.marks {
		return current.marks, nil
	}
	if current != nil && m.longest > 0 {
		m.carry(ctx, current, next)
	}
	m.show(next, forgotten, momentRest*m.now().Sub(next.at))
	return next.marks, nil
}

// carry asks for the next moment what readers asked for the current one. What fails is asked again by who needs it.
func (m *moments) carry(ctx context.Context, current, next *moment) {
	var workers errgroup.Group
	workers.SetLimit(momentWorkers)
	for key, had := range current.wanted() {
		workers.Go(func() error {
			bounded, cancel := context.WithTimeout(ctx, m.timeout)
			defer cancel()
			value, err := had.again(bounded, next.at)
			if err != nil {
				m.log.Warn("a question of the pages could not be asked again", slog.Any("error", err))
				return nil
			}
			made := &memo{done: make(chan struct{}), value: value, again: had.again, unasked: had.unasked + 1}
			close(made.done)
			next.lock.Lock()
			defer next.lock.Unlock()
			next.answers[key] = made
			return nil
		})
	}
	_ = workers.Wait() // no worker fails
}

// wanted are the answers to make again: finished, and asked for not long ago.
func (m *moment) wanted() map[string]*memo {
	m.lock.Lock()
	defer m.lock.Unlock()
	out := map[string]*memo{}
	for key, a := range m.answers {
		select {
		case <-a.done:
			if a.again != nil && a.err == nil && a.unasked < momentKept {
				out[key] = &memo{again: a.again, unasked: a.unasked}
			}
		default:
		}
	}
	return out
}

// forget lets the next page be as of now: somebody decided something and wants to see it.
func (m *moments) forget() {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.current = nil
	m.forgotten++
}

type momentKey struct{}

// during is a context whose questions are of a moment.
func during(ctx context.Context, m *moment) context.Context {
	return context.WithValue(ctx, momentKey{}, m)
}

// alone is a context whose questions are answered for it alone, by what the store holds when they are asked.
func alone(ctx context.Context) context.Context { return during(ctx, nil) }

// momentOf is nil for a question of its own.
func momentOf(ctx context.Context) *moment {
	m, _ := ctx.Value(momentKey{}).(*moment)
	return m
}

// sharedNow is shared for a question that names no instant.
func sharedNow[T any](ctx context.Context, name string, read func(ctx context.Context) (T, error)) (T, error) {
	var now time.Time
	if m := momentOf(ctx); m != nil {
		now = m.at
	}
	return shared(ctx, now, name, nil, func(ctx context.Context, _ time.Time) (T, error) { return read(ctx) })
}

// shared answers a question about an instant once for all readers of a moment. Without a moment it is asked. The answer
// belongs to all: nobody changes it.
func shared[T any](ctx context.Context, at time.Time, name string, args any, read func(ctx context.Context, at time.Time) (T, error)) (T, error) {
	m := momentOf(ctx)
	if m == nil {
		return read(ctx, at)
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return read(ctx, at)
	}
	again := func(ctx context.Context, at time.Time) (any, error) { return read(ctx, at) }
	key := name + string(raw)
	if !at.Equal(m.at) { // it stands still
		key, again = key+at.String(), nil
	}
	m.lock.Lock()
	a, known := m.answers[key]
	switch {
	case known:
		a.unasked = 0
	case len(m.answers) < momentAnswers:
		a = &memo{done: make(chan struct{}), again: again}
		m.answers[key] = a
	}
	m.lock.Unlock()
	if a == nil {
		return read(ctx, at)
	}
	if !known {
		return lead(ctx, m, key, a, func(ctx context.Context) (T, error) { return read(ctx, at) })
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("wait for the same question: %w", ctx.Err())
	}
	if value, same := a.value.(T); same && a.err == nil {
		return value, nil
	}
	return read(ctx, at) // what failed for one may succeed for another, who has more time
}

// lead asks for everybody. A failure, or a panic, is nobody else's answer.
func lead[T any](ctx context.Context, m *moment, key string, a *memo, read func(context.Context) (T, error)) (value T, err error) {
	finished := false
	defer func() {
		m.lock.Lock()
		if a.value, a.err = value, err; !finished || err != nil {
			a.value = nil
			delete(m.answers, key)
		}
		m.lock.Unlock()
		close(a.done)
	}()
	value, err = read(ctx)
	finished = true
	return value, err
}
