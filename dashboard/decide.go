package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// CurationReader is what deciding about issues asks of the store.
type CurationReader interface {
	// Curation is all that people decided about issues and that is stored by now.
	Curation(ctx context.Context) (issue.Curation, error)
	// IssueNames are all issues that there ever were, by id.
	IssueNames(ctx context.Context) (map[string]issue.Named, error)
}

// Bus takes what people decide.
type Bus interface {
	// Produce returns when every in-sync replica has all messages; after an error some may be there.
	Produce(ctx context.Context, messages []ingest.Message) error
}

// Bounds of deciding.
const (
	// ackTimeout bounds the wait for Kafka; storedPause is between two looks whether the store has read a decision back.
	ackTimeout  = 8 * time.Second
	storedPause = 40 * time.Millisecond
	// maxDeciding is how many requests may wait; maxNameRunes and maxNoteRunes bound what people write.
	maxDeciding  = 32
	maxNameRunes = 60
	maxNoteRunes = 2000
)

// desk takes decisions one after the other, so that each is checked against all before it, also those that the store has
// not read back.
type desk struct {
	turn    chan struct{}
	waiting chan struct{}
	lock    sync.Mutex
	// last is the instant of the newest decision, and fresh are those that the store may not know.
	last  time.Time
	fresh []issue.Decision
}

func newDesk() desk {
	return desk{turn: make(chan struct{}, 1), waiting: make(chan struct{}, maxDeciding)}
}

// draft is a decision before it is made.
type draft struct {
	id   string
	kind ingest.Kind
	data any
}

// wish is what a person asks for: all drafts or none.
type wish struct {
	actor  ingest.Actor
	drafts []draft
	// knowing lets decisions be undone that later ones build on.
	knowing bool
}

// clash says that others decided about the same since the person looked.
type clash struct {
	// Mine are the decisions as they would be, Theirs what came in between.
	Mine, Theirs []issue.Entry
	Head         string
}

func (clash) Error() string { return "others decided about the same in the meantime" }

// built says that later decisions build on one that is to be undone.
type built struct {
	Target issue.Entry
	On     []issue.Entry
}

func (built) Error() string { return "later decisions build on this one" }

// curation is what is decided, with what the store has not read back yet.
func (s *Server) curation(ctx context.Context) (issue.Curation, error) {
	c, err := s.deps.Reader.Curation(ctx)
	if err != nil {
		return c, fmt.Errorf("read decisions: %w", err)
	}
	s.desk.lock.Lock()
	defer s.desk.lock.Unlock()
	s.desk.fresh = slices.DeleteFunc(s.desk.fresh, func(d issue.Decision) bool { _, stored := c.Entry(d.ID); return stored })
	return c.With(s.desk.fresh), nil
}

// decide makes decisions: it returns when Kafka has acknowledged all, and tells whether the store has them and they are in
// effect. What was decided already under the same id is not decided again.
func (s *Server) decide(ctx context.Context, w wish) (made []issue.Decision, inEffect bool, err error) {
	select {
	case s.desk.waiting <- struct{}{}:
		defer func() { <-s.desk.waiting }()
	default:
		return nil, false, refusal{
			status: http.StatusTooManyRequests, title: "处理不过来", detail: "同时提交的决定太多，这一个没有执行。", remedy: "稍后重新提交。",
		}
	}
	select {
	case s.desk.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, false, fmt.Errorf("wait for a turn: %w", ctx.Err())
	}
	made, err = s.record(alone(ctx), w)
	<-s.desk.turn
	if err != nil {
		return nil, false, err
	}
	s.noteDecisions(ctx, made)
	inEffect = s.takesEffect(ctx, made)
	s.Touch(TopicIssues)
	return made, inEffect, nil
}

// record checks and sends, with the turn.
func (s *Server) record(ctx context.Context, w wish) ([]issue.Decision, error) {
	c, err := s.curation(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		return nil, fmt.Errorf("read issues: %w", err)
	}
	check := checker{c: c, names: names, knowing: w.knowing, actions: func() ([]improve.Action, error) {
		return s.deps.Reader.Actions(ctx, s.everything())
	}}
	s.after(c.When(c.Head()))
	var made []issue.Decision
	var messages []ingest.Message
	for _, d := range w.drafts {
		message, decision, err := s.message(w.actor, d)
		if err != nil {
			return nil, err
		}
		made = append(made, decision)
		if before, known := c.Entry(d.id); known {
			if !sameDecision(before.Decision, decision) {
				return nil, refusal{
					status: http.StatusConflict, title: "编号已被使用", field: "event_id", detail: "同一个编号下已有另一个决定，这一个没有执行。", remedy: "换一个编号重新提交。",
				}
			}
			continue
		}
		if err := check.look(decision); err != nil {
			return nil, err
		}
		messages = append(messages, message)
	}
	if len(check.theirs) > 0 {
		return nil, check.clash(made)
	}
	if len(messages) == 0 {
		return made, nil
	}
	acknowledged, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	defer cancel()
	if err := s.deps.Bus.Produce(acknowledged, messages); err != nil {
		s.log.Warn("the bus did not take a decision", slog.Any("error", err))
		return nil, refusal{
			status: http.StatusServiceUnavailable, title: "Kafka 没有确认",
			detail: "决定可能已写入、也可能没有。", remedy: "重新提交同一个表单（或同一个 event_id），不会重复执行。",
		}
	}
	s.desk.lock.Lock()
	defer s.desk.lock.Unlock()
	s.desk.fresh = append(s.desk.fresh, made...)
	return made, nil
}

// after lets the next decision count after an instant: a person decides knowing what others decided by a clock ahead.
func (s *Server) after(at time.Time) {
	s.desk.lock.Lock()
	defer s.desk.lock.Unlock()
	if at.After(s.desk.last) {
		s.desk.last = at
	}
}

// instant is that of a decision. Instants rise strictly, so that decisions count in the order they were taken.
func (s *Server) instant(now time.Time) time.Time {
	s.desk.lock.Lock()
	defer s.desk.lock.Unlock()
	if now = now.UTC().Truncate(time.Millisecond); !now.After(s.desk.last) {
		now = s.desk.last.Add(time.Millisecond)
	}
	s.desk.last = now
	return now
}

// message writes a draft as the bus carries it.
func (s *Server) message(actor ingest.Actor, d draft) (ingest.Message, issue.Decision, error) {
	now := s.deps.Now()
	raw, err := json.Marshal(struct {
		EventID    string       `json:"event_id"`
		Kind       ingest.Kind  `json:"kind"`
		OccurredAt time.Time    `json:"occurred_at"`
		Source     string       `json:"source"`
		Actor      ingest.Actor `json:"actor"`
		Data       any          `json:"data"`
	}{d.id, d.kind, s.instant(now), "dashboard", actor, d.data})
	if err != nil {
		return ingest.Message{}, issue.Decision{}, fmt.Errorf("write decision: %w", err)
	}
	event, err := ingest.DecodeDecision(raw)
	if err == nil {
		err = event.Validate(now)
	}
	if err != nil {
		why := ingest.AsError(err)
		return ingest.Message{}, issue.Decision{}, refusal{
			status: http.StatusBadRequest, title: "决定不合规", field: why.Field, detail: why.Field + " " + why.Reason,
		}
	}
	return ingest.Message{Key: event.Key(), Value: raw, Time: now}, transform.DecisionOf(event), nil
}

// sameDecision says whether two decisions say the same, whenever and whoever said it.
func sameDecision(a, b issue.Decision) bool {
	said := func(d issue.Decision) string {
		d.At, d.By, d.Held, d.Seen = time.Time{}, issue.Author{}, nil, nil
		raw, err := json.Marshal(d)
		return strconv.FormatBool(err == nil) + string(raw)
	}
	return said(a) == said(b)
}

// takesEffect waits until the store has decisions and they are in effect, for a while.
func (s *Server) takesEffect(ctx context.Context, made []issue.Decision) bool {
	ctx, cancel := context.WithTimeout(alone(ctx), s.cfg.DecisionWait)
	defer cancel()
	look := time.NewTicker(storedPause)
	defer look.Stop()
	stored := false
	for {
		if !stored {
			c, err := s.deps.Reader.Curation(ctx)
			stored = err == nil && !slices.ContainsFunc(made, func(d issue.Decision) bool { _, known := c.Entry(d.ID); return !known })
		}
		var err error
		if stored {
			if s.deps.Settle == nil || !slices.ContainsFunc(made, regroups) {
				return true
			}
			if err = s.deps.Settle(ctx); err == nil {
				return true
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			if stored {
				s.log.Warn("decisions take effect with the next discovery", slog.Any("error", err))
			}
			return false
		}
	}
}

// regroups says whether a decision may move complaints.
func regroups(d issue.Decision) bool {
	return d.Merge != nil || d.Split != nil || d.Place != nil || d.Undo != ""
}
