package dashboard

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// Times and bounds of the stream of changes.
const (
	// liveLook is how often the store is asked while somebody listens.
	liveLook = time.Second
	// liveBeat is how often a listener hears something though nothing changed, so that both ends notice a dead line.
	liveBeat = 15 * time.Second
	// liveWrite bounds one write to a listener.
	liveWrite = 10 * time.Second
	// liveListeners bounds the streams of one process.
	liveListeners = 512
)

// Topics of the stream: what a part of a page may be made of.
const (
	// TopicFacts are the facts and everything counted from them.
	TopicFacts = "facts"
	// TopicIssues are the recurring issues as they were last discovered, and what people decided about them.
	TopicIssues = "issues"
	// TopicVerified is the verifier's newest word.
	TopicVerified = "verified"
	// TopicStore is how far the store is: it also moves when events arrive that no fact contains yet.
	TopicStore = "store"
)

// marks hold one word for each topic; a word differs from an earlier one when the topic has changed since.
type marks map[string]string

// marksOf are the marks of a store.
func (l *liveline) marksOf(f kpi.Freshness) marks {
	m := marks{
		TopicFacts:  fmt.Sprintf("%d-%d-%d", f.Events-f.Unfolded, f.Complaints, f.Orphans), // an event that waits changes none
		TopicIssues: fmt.Sprint(f.LastDiscoveryAt.UnixMilli()),
		TopicStore:  fmt.Sprintf("%d-%d-%d", f.Events, f.Unfolded, f.Rejects),
	}
	if l.verifier != nil {
		if last, known := l.verifier.Last(); known {
			m[TopicVerified] = fmt.Sprint(last.At.UnixMilli())
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for topic, n := range l.touched {
		m[topic] += fmt.Sprintf("-%d", n)
	}
	for topic, word := range m {
		sealed := hmac.New(sha256.New, l.key)
		_, _ = sealed.Write([]byte(topic + " " + word))
		m[topic] = hex.EncodeToString(sealed.Sum(nil)[:8])
	}
	return m
}

// text is what a listener is sent, and what a page carries of the moment it was made in. Its keys are sorted.
func (m marks) text() string {
	raw, _ := json.Marshal(m) //nolint:errchkjson // strings alone
	return string(raw)
}

// liveline tells everybody who listens what has changed in the store. One watcher asks for all of them.
type liveline struct {
	verifier Verifier
	log      *slog.Logger
	// key hides what marks are made of: a count tells nobody how much others have.
	key []byte
	// moments are what pages are made of; listeners hear what the current one is made of.
	moments *moments

	mu        sync.Mutex
	listeners map[chan string]struct{}
	touched   map[string]int
	last      string
	closed    bool
	// wake tells the watcher that somebody listens, or that a page found the current moment old, which wanted says.
	wake   chan struct{}
	wanted atomic.Bool
}

func newLiveline(cfg Config, deps Deps) *liveline {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it never fails
	l := &liveline{
		key: key, verifier: deps.Verifier, log: deps.Log,
		listeners: map[chan string]struct{}{}, touched: map[string]int{}, wake: make(chan struct{}, 1),
	}
	l.moments = &moments{
		reader: deps.Reader, marksOf: l.marksOf, now: deps.Now, log: deps.Log, longest: cfg.OldestMoment, timeout: cfg.QueryTimeout,
		wake: func() { l.wanted.Store(true); l.rouse() },
	}
	return l
}

// rouse lets the watcher look.
func (l *liveline) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// touch says that something of a topic was changed by this process, which the store's freshness does not tell.
func (l *liveline) touch(topic string) {
	l.mu.Lock()
	l.touched[topic]++
	l.mu.Unlock()
	l.moments.forget()
}

// join begins to listen: the channel holds the newest marks, a slow listener misses those between. It is nil when there
// are too many listeners, or the server ends.
func (l *liveline) join() chan string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.listeners) >= liveListeners {
		return nil
	}
	heard := make(chan string, 1)
	if l.last != "" {
		heard <- l.last
	}
	l.listeners[heard] = struct{}{}
	l.rouse()
	return heard
}

func (l *liveline) leave(heard chan string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.listeners, heard)
}

// tell hands new marks to all.
func (l *liveline) tell(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text == l.last {
		return
	}
	l.last = text
	for heard := range l.listeners {
		select {
		case <-heard: // nobody has read it, and it is old
		default:
		}
		heard <- text
	}
}

// Run watches while somebody listens or opens pages, until ctx ends; then every stream ends too.
func (l *liveline) Run(ctx context.Context) {
	defer l.close()
	for {
		l.mu.Lock()
		idle := len(l.listeners) == 0
		if idle {
			l.last = ""
		}
		l.mu.Unlock()
		if idle {
			select {
			case <-l.wake:
			case <-ctx.Done():
				return
			}
		}
		l.look(ctx)
		select {
		case <-time.After(liveLook):
		case <-ctx.Done():
			return
		}
	}
}

// look asks the store once. A store that does not answer is a change as well: pages then say so.
func (l *liveline) look(ctx context.Context) {
	text, err := l.moments.renew(ctx, l.wanted.Swap(false))
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		l.log.Warn("the store's freshness could not be read", slog.Any("error", err))
		l.tell(marks{TopicStore: "unknown"}.text())
		return
	}
	l.tell(text)
}

// close ends every stream.
func (l *liveline) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for heard := range l.listeners {
		close(heard)
	}
	l.listeners = map[chan string]struct{}{}
}

// stillIn says whether the listener may still listen: a stream ends with its session.
func (s *Server) stillIn(c *gin.Context) bool {
	if s.deps.Accounts == nil {
		return true
	}
	_, err := s.whoAsks(c)
	return err == nil
}

// changes is the stream: an event “marks” whenever one of them differs, and a “beat” when nothing else was said for a while.
func (s *Server) changes(c *gin.Context) {
	if _, head := c.Request.Context().Value(headKey{}).(bool); head {
		c.Header("Content-Type", "text/event-stream; charset=utf-8")
		return
	}
	heard := s.live.join()
	if heard == nil {
		c.Header("Retry-After", "30")
		c.AbortWithStatusJSON(http.StatusServiceUnavailable, problem{
			Type: "about:blank", Title: "Service Unavailable", Status: http.StatusServiceUnavailable,
			Detail: "too many pages listen at once; they go on by asking from time to time",
		})
		return
	}
	defer s.live.leave(heard)
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	line := http.NewResponseController(c.Writer)
	send := func(event, data string) bool {
		until := time.Now().Add(liveWrite) // the machine's clock, for the socket alone
		if err := line.SetWriteDeadline(until); err != nil {
			return false
		}
		if _, err := fmt.Fprintf(c.Writer, "event: %s\ndata: %s\n\n", event, data); err != nil {
			return false
		}
		return line.Flush() == nil
	}
	if !send("beat", "{}") {
		return
	}
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	for {
		select {
		case text, ok := <-heard:
			if !ok || !send("marks", text) {
				return
			}
		case <-beat.C:
			if !s.stillIn(c) || !send("beat", "{}") {
				return
			}
		case <-c.Request.Context().Done():
			return
		}
	}
}
