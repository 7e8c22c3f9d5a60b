package warehouse

import (
	"sync"
	"time"
)

// answerAge is how long an answer about the whole store is believed: each page asks for it, and some ask many questions
// at once. Sums that another program makes are seen when it has passed; until then the old ones hold for what they were
// made of.
const answerAge = time.Second

// remembered is an answer that is asked again after answerAge, or when forgotten.
type remembered[T any] struct {
	lock   sync.Mutex
	at     time.Time
	answer T
}

func (r *remembered[T]) get(ask func(before T) (T, error)) (T, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if !r.at.IsZero() && time.Since(r.at) < answerAge {
		return r.answer, nil
	}
	answer, err := ask(r.answer)
	if err == nil {
		r.answer, r.at = answer, time.Now()
	}
	return answer, err
}

func (r *remembered[T]) forget() {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.at = time.Time{}
}
