package dashboard

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/dashboard/account/provider"
	"wenguo/dashboard/language"
	"wenguo/dashboard/report"
	"wenguo/transform"
	"wenguo/transform/backtest"
	"wenguo/transform/improve"
)

// Reader is all that the pages and the API ask of the store; each page declares its own part.
type Reader interface {
	FrameReader
	KPIReader
	TimelinessReader
	OverviewReader
	IssueReader
	ComplaintReader
	QualityReader
	SearchReader
	SatisfactionReader
	JourneyReader
	CurationReader
	PaperReader
	ScopeReader
	OriginalReader
	EffectReader
	BurdenReader
	ActionReader
	KnownReader
}

// Deps are what the server works with. Reader, Now and Log are required.
type Deps struct {
	Reader Reader
	// Now is the clock of the pages: the default as-of instant.
	Now func() time.Time
	Log *slog.Logger
	// Metrics answers /metrics; without it the address is 404.
	Metrics http.Handler
	// Events answers POST /api/v1/events, with a token of its own; without it the address is 404.
	Events http.Handler
	// Robots takes Alertmanager's messages, with a token of its own; without it the address is 404.
	Robots http.Handler
	// Alerts answers what fires; without it the page says that nothing watches. Timers counts clocks for the page of alerts.
	Alerts AlertDesk
	Timers TimerReader
	// Backtest is what the alerts would have done in the last 28 days; false before it is known.
	Backtest func() (backtest.Report, bool)
	// Ready says why the server should not be asked yet; nil is ready. Without it the server is ready once it runs.
	Ready func(context.Context) error
	// Mailbox holds the refused messages; without it none is shown or replayed. Verifier knows whether the store is exact;
	// without it the page says that nobody looked.
	Mailbox  Mailbox
	Verifier Verifier
	// CustomerKey hides a phone's or an order's number (transform.Rules); without it neither can be searched for.
	CustomerKey func(string) string
	// Bus takes what people decide; without it nothing can be decided. NewID gives ids that never come again, required
	// with Bus. Settle brings what was decided into effect at once; without it the next discovery does.
	Bus    Bus
	NewID  func() string
	Settle func(context.Context) error
	// Browser prints papers as PDF; without one they are not printed.
	Browser report.Browser
	// Accounts are who may come in, required with Config.Accounts; without it nobody signs in. Provider lets people sign in
	// elsewhere; it may be nil.
	Accounts *account.Book
	Provider *provider.Provider
	// Policies are those that were ever in force, oldest first; Words cuts texts. Without them their pages say so.
	Policies func() []transform.Applied
	Words    Words
	// Views keeps saved views; it is the same book, and there without accounts too.
	Views *account.Book
	// Secret signs the sessions of forms. Without it sessions end with the program.
	Secret []byte
	// Listening is told the address in use as soon as pages can be opened.
	Listening func(addr string)
}

// Server serves pages and API on one loopback address.
type Server struct {
	cfg    Config
	deps   Deps
	log    *slog.Logger
	assets assets
	pages  map[string]*template.Template
	engine *gin.Engine
	papers *report.Writer
	api    contract
	// reads and exports have one place for each that may be under way.
	reads, exports chan struct{}
	live           *liveline
	// proxies are those that may say where a request came from; gate bounds sign-ins by address.
	proxies []netip.Prefix
	gate    *gate
	forms   forms
	desk    desk
	// judge judges the effect of actions.
	judge *improve.Judge
	book  knownBook
	// handler is the engine behind what compresses its answers.
	handler http.Handler
	// english makes the English pages out of the Chinese ones.
	english *language.Translator
	// words are the English of what scripts say.
	words map[string]string
}

// Limits of the HTTP server. A page is read only, so a request is small.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	idleTimeout       = 90 * time.Second
	writeSlack        = 10 * time.Second
	maxHeaderBytes    = 32 << 10
	maxBodyBytes      = 64 << 10
)

// New checks the configuration and loads templates and assets; nothing listens until Run.
func New(cfg Config, deps Deps) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Reader == nil || deps.Now == nil || deps.Log == nil {
		return nil, errors.New("dashboard: reader, clock and log are required")
	}
	s := &Server{cfg: cfg, deps: deps, log: deps.Log, judge: improve.NewJudge(improve.DefaultRules()), live: newLiveline(cfg, deps)}
	if deps.Bus != nil && deps.NewID == nil {
		return nil, errors.New("dashboard: decisions need ids")
	}
	if cfg.Accounts != (deps.Accounts != nil) {
		return nil, errors.New("dashboard: accounts are on with a book of accounts, and off without")
	}
	s.forms, s.desk = newForms(deps.Secret, cfg.Front.encrypted(), s.refuseForm()), newDesk()
	s.deps.Reader, s.gate = newScoped(memory{deps.Reader}, cfg.Accounts), newGate()
	var err error
	if s.proxies, err = cfg.Front.proxies(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.papers, err = report.NewWriter(); err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	if s.english, err = language.New(); err != nil {
		return nil, err
	}
	if s.words, err = s.assets.words(s.english); err != nil {
		return nil, err
	}
	if s.pages, err = s.loadPages(); err != nil {
		return nil, err
	}
	s.reads, s.exports = make(chan struct{}, cfg.MaxReads), make(chan struct{}, cfg.MaxExports)
	s.api = newContract(cfg.Version)
	s.engine = s.routes()
	if s.handler, err = compressed(answerHead(s.engine)); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler is the whole server without its listener, for tests.
func (s *Server) Handler() http.Handler { return s.handler }

// Touch tells open pages that this process has changed something of a topic which no event in the store tells of, such as
// what people decided about issues.
func (s *Server) Touch(topic string) { s.live.touch(topic) }

// Run listens until the context ends, then lets requests in flight finish within Config.Drain.
func (s *Server) Run(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("address %s is in use by another program: stop it, or choose another with --listen 127.0.0.1:PORT", s.cfg.Listen)
	}
	if err != nil {
		return fmt.Errorf("listen on %s (choose another with --listen 127.0.0.1:PORT): %w", s.cfg.Listen, err)
	}
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      s.cfg.QueryTimeout + writeSlack,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	listener, err = s.cfg.Front.wrapped(listener)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	// The streams of changes end first: a server waits for what is under way, and they never end by themselves.
	watching, unwatch := context.WithCancel(context.WithoutCancel(ctx))
	var watcher sync.WaitGroup
	watcher.Go(func() { s.live.Run(watching) })
	watcher.Go(func() { s.keepBook(watching) })
	defer watcher.Wait()
	defer unwatch()
	if s.deps.Listening != nil {
		s.deps.Listening(listener.Addr().String())
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve pages: %w", err)
	case <-ctx.Done():
	}
	unwatch()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Drain)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		_ = server.Close()
		s.log.Warn("requests cut off at shutdown", slog.Any("error", err))
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve pages: %w", err)
	}
	return nil
}
