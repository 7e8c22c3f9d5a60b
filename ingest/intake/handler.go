package intake

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wenguo/ingest"
)

// Bus takes messages.
type Bus interface {
	// Produce returns when every in-sync replica has all of them; after an error some may be there.
	Produce(ctx context.Context, messages []ingest.Message) error
}

// Deps are what the intake works with. All but Full and Answered are required.
type Deps struct {
	Bus Bus
	Now func() time.Time
	Log *slog.Logger
	// Full says that the disk has no room for more; nil never is.
	Full func() bool
	// Answered is told of each answer: its status and how many events it took in.
	Answered func(status, events int)
}

// Handler answers POST /api/v1/events.
type Handler struct {
	cfg    Config
	deps   Deps
	tokens [][sha256.Size]byte
	// held is what is in flight, in bytes; writes are those that Kafka has not answered yet.
	held   atomic.Int64
	writes sync.WaitGroup
	// stop ends the writes that nobody waits for any more.
	stop     context.Context
	stopping context.CancelFunc
}

// New checks the configuration and reads the tokens.
func New(cfg Config, deps Deps) (*Handler, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Bus == nil || deps.Now == nil || deps.Log == nil {
		return nil, errors.New("intake: bus, clock and log are required")
	}
	tokens, err := cfg.tokens()
	if err != nil {
		return nil, err
	}
	h := &Handler{cfg: cfg, deps: deps, tokens: tokens}
	h.stop, h.stopping = context.WithCancel(context.Background())
	return h, nil
}

// Held is how many bytes are in flight.
func (h *Handler) Held() int64 { return h.held.Load() }

// Close ends the writes that are under way and waits for them. Nothing is lost by it: their senders had no 202.
func (h *Handler) Close() {
	h.stopping()
	h.writes.Wait()
}

// Taken is the answer when all events of the request are on the bus.
type Taken struct {
	// Accepted is how many events the request held. Repeats of earlier events are among them; they count once in the end.
	Accepted int `json:"accepted"`
}

// ServeHTTP takes the events of one request: all, or none.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	accepted, err := h.take(w, r)
	status := http.StatusAccepted
	if problem, ok := errors.AsType[*Problem](err); ok {
		status = problem.Status
		problem.write(w)
	} else if err != nil {
		h.deps.Log.Error("intake failed", "error", err)
		status = http.StatusInternalServerError
		problemf(status, "内部错误", "原因已记入服务日志；重发同样的事件不会重复计数。").write(w)
	} else {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		writeJSON(w, Taken{accepted})
	}
	if h.deps.Answered != nil {
		h.deps.Answered(status, accepted)
	}
}

// Seconds after which a refused sender should try again.
const (
	retryBusy = 1
	retryDown = 5
)

func (h *Handler) take(w http.ResponseWriter, r *http.Request) (int, error) {
	if !h.allowed(r.Header.Get("Authorization")) {
		return 0, problemf(http.StatusUnauthorized, "没有凭证", "请带上 Authorization: Bearer <令牌>；令牌见配置 intake.token_file，默认是数据目录下的 intake.token。")
	}
	f, ok := formOf(r.Header.Get("Content-Type"))
	if !ok {
		return 0, problemf(http.StatusUnsupportedMediaType, "不支持的内容类型", "Content-Type 请用 application/json（一个事件或数组）或 application/x-ndjson（一行一个事件），UTF-8。")
	}
	if h.deps.Full != nil && h.deps.Full() {
		return 0, unavailable("磁盘空间不足", "数据目录所在磁盘的剩余空间低于保留量，暂不接收；腾出空间后自动恢复。")
	}
	size := h.cfg.MaxBytes
	if r.ContentLength >= 0 && r.Header.Get("Content-Encoding") == "" {
		size = r.ContentLength
	}
	if size > h.cfg.MaxBytes {
		return 0, tooLarge(h.cfg.MaxBytes)
	}
	if !h.reserve(size) {
		busy := problemf(http.StatusTooManyRequests, "处理不过来", "等待 Kafka 确认的数据已达上限（intake.in_flight_bytes），请按 Retry-After 稍后重发。")
		busy.retryAfter = retryBusy
		return 0, busy
	}
	messages, err := h.read(w, r, f)
	if err != nil || len(messages) == 0 {
		h.held.Add(-size)
		return 0, err
	}
	if err := h.write(r.Context(), messages, size); err != nil {
		return 0, err
	}
	return len(messages), nil
}

// allowed compares in constant time.
func (h *Handler) allowed(header string) bool {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	given := sha256.Sum256([]byte(strings.TrimSpace(token)))
	right := 0
	for _, hash := range h.tokens {
		right |= subtle.ConstantTimeCompare(given[:], hash[:])
	}
	return right == 1
}

// reserve takes room for a request, or says that there is none.
func (h *Handler) reserve(size int64) bool {
	if h.held.Add(size) <= h.cfg.InFlightBytes {
		return true
	}
	h.held.Add(-size)
	return false
}

// read gives the request's messages. Each event is decoded and validated as the consumer will do it; the time of the
// message is now, cut to what Kafka keeps.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, f form) ([]ingest.Message, error) {
	body, err := readBody(w, r, h.cfg.MaxBytes)
	if err != nil {
		return nil, err
	}
	events, err := split(body, f, h.cfg.MaxEvents)
	if err != nil {
		return nil, err
	}
	now := h.deps.Now().UTC().Truncate(time.Millisecond)
	messages := make([]ingest.Message, 0, len(events))
	var faults []Fault
	for i, raw := range events {
		event, err := ingest.Decode(raw)
		if err == nil {
			err = event.Validate(now)
		}
		if err != nil {
			why := ingest.AsError(err)
			faults = append(faults, Fault{Index: i, Class: why.Class, Field: why.Field, Reason: why.Reason})
			continue
		}
		messages = append(messages, ingest.Message{Key: event.ComplaintID, Value: raw, Time: now})
	}
	if len(faults) > 0 {
		return nil, refused(faults, len(events))
	}
	return messages, nil
}

// write puts the messages on the bus. A write that nobody waits for any more keeps its room until Kafka has answered, so
// that senders who try again cannot fill the memory while Kafka is away.
func (h *Handler) write(ctx context.Context, messages []ingest.Message, size int64) error {
	written := make(chan error, 1)
	h.writes.Go(func() {
		defer h.held.Add(-size)
		written <- h.deps.Bus.Produce(h.stop, messages)
	})
	timer := time.NewTimer(h.cfg.AckTimeout)
	defer timer.Stop()
	uncertain := "事件可能已写入、也可能没有；请重发同样的事件（event_id 不变），不会重复计数。"
	select {
	case err := <-written:
		if err == nil {
			return nil
		}
		h.deps.Log.Warn("intake: the bus did not take a request", "events", len(messages), "error", err)
		return unavailable("Kafka 暂不可用", uncertain)
	case <-timer.C:
		h.deps.Log.Warn("intake: the bus did not acknowledge in time", "events", len(messages), "seconds", h.cfg.AckTimeout.Seconds())
		return unavailable("Kafka 没有按时确认", uncertain)
	case <-ctx.Done():
		return unavailable("请求已中断", uncertain)
	}
}

func unavailable(title, detail string) error {
	p := problemf(http.StatusServiceUnavailable, title, detail)
	p.retryAfter = retryDown
	return p
}
