package notify

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest/wire"
)

// Path is where Alertmanager posts to, followed by the name of a robot.
const Path = "/api/v1/notify/"

// maxMessage bounds what Alertmanager may send at once.
const maxMessage = 8 << 20

// Deps are what the robots work with; clock, log, registry and zone are required.
type Deps struct {
	Now      func() time.Time
	Log      *slog.Logger
	Registry prometheus.Registerer
	// Zone of the instants in a card.
	Zone *time.Location
	// Site is the address of the pages, where Config names no public one.
	Site func() string
	// Mask takes personal data out of a text; a rule puts none in, this is the second lock.
	Mask func(string) string
	// Env gives an environment variable.
	Env func(string) string
	// Client that posts to the makers.
	Client *http.Client
	// Wait is how long a card waits for its turn before Alertmanager is asked to come again: 5 s where it is 0, not at all
	// where it is negative.
	Wait time.Duration
}

// Server forwards what Alertmanager sends.
type Server struct {
	deps    Deps
	writer  writer
	metrics *metrics
	token   [sha256.Size]byte
	robots  map[string]*robot
	mux     *http.ServeMux
}

// minToken is how many bytes a token must have, so that it cannot be guessed.
const minToken = 16

// New reads the secrets; nothing is sent before a message comes.
func New(cfg Config, deps Deps) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Now == nil || deps.Log == nil || deps.Registry == nil || deps.Zone == nil {
		return nil, errors.New("notify: clock, log, registry and zone are required")
	}
	token, err := wire.ReadSecret("notify.token", cfg.Token, cfg.TokenFile)
	if err != nil {
		return nil, fmt.Errorf("notify: %w", err)
	}
	if token = strings.TrimSpace(token); len(token) < minToken {
		return nil, fmt.Errorf("notify.token has fewer than %d bytes: make one with `openssl rand -hex 32`", minToken)
	}
	s := &Server{
		deps: deps, token: sha256.Sum256([]byte(token)), robots: map[string]*robot{}, mux: http.NewServeMux(),
		writer: writer{zone: deps.Zone, mask: deps.Mask, site: func() string { return strings.TrimRight(cfg.PublicURL, "/") }},
	}
	if cfg.PublicURL == "" && deps.Site != nil {
		s.writer.site = deps.Site
	}
	if s.writer.mask == nil {
		s.writer.mask = func(text string) string { return text }
	}
	client := deps.Client
	if client == nil {
		client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	env := deps.Env
	if env == nil {
		env = func(string) string { return "" }
	}
	for _, r := range cfg.Robots {
		if s.robots[r.Name], err = newRobot(r, env, client, deps); err != nil {
			return nil, err
		}
	}
	s.metrics = newMetrics(deps.Registry, cfg.Robots)
	s.mux.HandleFunc("POST "+Path+"{robot}", s.receive)
	return s, nil
}

// ServeHTTP takes Alertmanager's messages.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Test sends a card that says it is a test.
func (s *Server) Test(ctx context.Context, name string) error {
	r, ok := s.robots[name]
	if !ok {
		return fmt.Errorf("there is no robot %q in notify.robots", name)
	}
	_, err := r.send(ctx, "test", card{
		Title: "【测试】闻过", Tone: "good", Link: s.writer.site() + "/alerts",
		Items: []string{s.deps.Now().In(s.deps.Zone).Format("2006-01-02 15:04:05") + " 的测试消息：机器人“" + s.writer.plain(name) + "”已接通，此处将收到时效告警。"},
	})
	return err
}

// receive forwards one message. Alertmanager repeats it for a status of 5xx and for none below.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	sum := sha256.Sum256([]byte(given))
	if !bearer || subtle.ConstantTimeCompare(sum[:], s.token[:]) != 1 {
		s.metrics.refused.WithLabelValues("token").Inc()
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "the token is missing or wrong", http.StatusUnauthorized)
		return
	}
	to, ok := s.robots[r.PathValue("robot")]
	if !ok {
		s.metrics.refused.WithLabelValues("robot").Inc()
		s.deps.Log.Error("an alert is for a robot that is not configured", "robot", cut(r.PathValue("robot"), 64))
		http.Error(w, "there is no robot of this name in notify.robots", http.StatusNotFound)
		return
	}
	var m Message
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxMessage)).Decode(&m); err != nil || len(m.Alerts) == 0 {
		s.metrics.refused.WithLabelValues("body").Inc()
		http.Error(w, "this is no message of Alertmanager", http.StatusBadRequest)
		return
	}
	status, words := s.forward(r.Context(), to, m)
	if status != http.StatusOK {
		http.Error(w, words, status)
		return
	}
	_, _ = fmt.Fprintln(w, words)
}

func (s *Server) forward(ctx context.Context, to *robot, m Message) (status int, words string) {
	started := time.Now()
	fresh, err := to.send(ctx, m.identity(), s.writer.card(m))
	s.metrics.seconds.WithLabelValues(to.name).Observe(time.Since(started).Seconds())
	result, status := sent, http.StatusOK
	switch {
	case errors.Is(err, ErrThrottled):
		result, status = throttled, http.StatusServiceUnavailable
	case errors.Is(err, ErrDenied):
		result, status = denied, http.StatusBadGateway
	case err != nil:
		result, status = failed, http.StatusBadGateway
	case !fresh:
		result = repeated
	default:
		s.metrics.last.WithLabelValues(to.name).Set(float64(s.deps.Now().UnixMilli()) / 1000)
	}
	s.metrics.cards.WithLabelValues(to.name, result).Inc()
	if err != nil {
		s.deps.Log.Warn("a robot did not take a card; Alertmanager tries again", "robot", to.name, "alerts", len(m.Alerts), "error", err)
		return status, err.Error()
	}
	return status, result
}
