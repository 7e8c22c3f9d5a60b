package notify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// Why a card was not taken.
var (
	ErrThrottled = errors.New("the robot may not be sent more now")
	ErrDenied    = errors.New("the robot refuses the address, the key or the signature")
	ErrFailed    = errors.New("the robot did not take the card")
)

const (
	// sendTime is how long a maker may take to answer, waitTime how long a card waits for its turn.
	sendTime = 10 * time.Second
	waitTime = 5 * time.Second
	// remembered is how long a message is known: Alertmanager repeats one whose answer it did not get within that time, and
	// tells a group again on purpose only after a longer one.
	remembered = 5 * time.Minute
	maxAnswer  = 64 << 10
)

// robot sends one card at a time to one address, within its maker's limits.
type robot struct {
	name     string
	kind     Kind
	address  *url.URL
	key      string
	client   *http.Client
	now      func() time.Time
	patience time.Duration
	turn     chan struct{}
	limiters []*rate.Limiter

	// What follows belongs to whose turn it is.
	silent time.Time
	told   map[string]time.Time
}

func newRobot(r Robot, env func(string) string, client *http.Client, deps Deps) (*robot, error) {
	address, key, err := r.secrets(env)
	if err != nil {
		return nil, err
	}
	return &robot{
		name: r.Name, kind: r.Kind, address: address, key: key, client: client, now: deps.Now, patience: cmp.Or(deps.Wait, waitTime),
		turn: make(chan struct{}, 1), limiters: limits[r.Kind].limiters(), told: map[string]time.Time{},
	}, nil
}

// send tells a card, unless the same was told a moment ago. fresh is false then.
func (r *robot) send(ctx context.Context, identity string, c card) (fresh bool, err error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return false, fmt.Errorf("%w: another card takes too long", ErrFailed)
	}
	now := r.now()
	for id, at := range r.told {
		if now.Sub(at) > remembered {
			delete(r.told, id)
		}
	}
	if _, known := r.told[identity]; known {
		return false, nil
	}
	if err := r.wait(ctx, now); err != nil {
		return true, err
	}
	if err := r.post(ctx, c); err != nil {
		if errors.Is(err, ErrThrottled) {
			r.silent = r.now().Add(limits[r.kind].punishment)
		}
		return true, err
	}
	r.told[identity] = r.now()
	return true, nil
}

// wait until the limits allow a card, or say that it takes too long; what is not used is given back.
func (r *robot) wait(ctx context.Context, now time.Time) error {
	delay := max(r.silent.Sub(now), 0)
	var held []*rate.Reservation
	for _, l := range r.limiters {
		held = append(held, l.ReserveN(now, 1))
		delay = max(delay, held[len(held)-1].DelayFrom(now))
	}
	if delay == 0 {
		return nil
	}
	if delay <= r.patience {
		select {
		case <-time.After(delay):
			return nil
		case <-ctx.Done():
		}
	}
	for _, h := range held {
		h.CancelAt(now)
	}
	return fmt.Errorf("%w: the next in %s", ErrThrottled, delay.Round(time.Second))
}

// post sends the card and reads the answer's code: an error comes with HTTP 200.
func (r *robot) post(ctx context.Context, c card) error {
	to, body, _, err := r.kind.encode(c, r.address, r.key, r.now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: its address is none", ErrFailed)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := r.client.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFailed, withoutAddress(err))
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrFailed, withoutAddress(err))
	case response.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%w: HTTP 429", ErrThrottled)
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%w: HTTP %d", ErrFailed, response.StatusCode)
	}
	return r.judge(said)
}

func (r *robot) judge(said []byte) error {
	var a answered
	if err := json.Unmarshal(said, &a); err != nil {
		return fmt.Errorf("%w: its answer is not JSON", ErrFailed)
	}
	code, known := a.code()
	l := limits[r.kind]
	switch {
	case !known:
		return fmt.Errorf("%w: its answer has no code", ErrFailed)
	case code == 0:
		return nil
	case slices.Contains(l.throttled, code):
		return fmt.Errorf("%w: code %d", ErrThrottled, code)
	case slices.Contains(l.denied, code):
		return fmt.Errorf("%w: code %d", ErrDenied, code)
	}
	return fmt.Errorf("%w: code %d", ErrFailed, code)
}

// withoutAddress takes the address out of an error of the HTTP client: it holds the robot's key.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
