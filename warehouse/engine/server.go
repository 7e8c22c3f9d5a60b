package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Config of the child's side.
type Config struct {
	// Library is the path of libchdb.so.
	Library string
	// Dir holds the store. One process owns it at a time.
	Dir string
	// Sessions is how many statements may run at once; each holds one engine session.
	Sessions int
}

// DefaultConfiguration leaves only the paths to be named.
func DefaultConfiguration() Config { return Config{Sessions: 8} }

// Server answers ClickHouse's HTTP protocol over the engine.
type Server struct {
	cfg      Config
	log      *slog.Logger
	spool    string
	sessions chan *connection
	version  string
}

// NewServer takes the folder, loads the library and opens the sessions. It fails with a sentence when the folder
// belongs to another process or the library cannot be used.
func NewServer(cfg Config, log *slog.Logger) (*Server, error) {
	lib, err := openLibrary(cfg.Library)
	if err != nil {
		return nil, err
	}
	// Syncing a part's folder fails in the library when the store's path is relative.
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("find the store's folder: %w", err)
	}
	s := &Server{cfg: cfg, log: log, spool: filepath.Join(cfg.Dir, "spool"), sessions: make(chan *connection, cfg.Sessions)}
	if err := os.RemoveAll(s.spool); err != nil {
		return nil, fmt.Errorf("clear spool folder: %w", err)
	}
	if err := os.MkdirAll(s.spool, 0o700); err != nil {
		return nil, fmt.Errorf("make spool folder: %w", err)
	}
	for range cfg.Sessions {
		session, err := lib.connectTo("wenguo", "--path="+filepath.Join(cfg.Dir, "store"))
		if err != nil {
			return nil, err
		}
		s.sessions <- session
	}
	first := <-s.sessions
	defer func() { s.sessions <- first }()
	version, err := first.do([]byte("SELECT version()"), "TSVRaw")
	if err != nil {
		return nil, fmt.Errorf("ask engine for its version: %w", err)
	}
	s.version = strings.TrimSpace(string(version))
	return s, nil
}

// Run serves on listener until ctx ends, then lets running statements finish and closes the sessions.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	web := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: maxParameters}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve engine: %w", err)
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := web.Shutdown(bounded)
	for range s.cfg.Sessions {
		select {
		case session := <-s.sessions:
			session.close()
		case <-bounded.Done():
			return fmt.Errorf("close engine: %w", bounded.Err())
		}
	}
	if err != nil {
		return fmt.Errorf("stop engine: %w", err)
	}
	return nil
}

// maxParameters bounds a statement's parameters, which travel in the address: an event of the largest size, escaped, and more.
const maxParameters = 32 << 20

// helloStatement is what clickhouse-go asks first. The answer's revision 0 tells it to read blocks in the plain form
// that the library writes, whatever the client could understand.
const helloStatement = "SELECT displayName(), version(), revision(), timezone()"

// ServeHTTP runs one statement: a SELECT or DDL in the body, or an INSERT named by ?query= with a native block as body.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out, err := s.answer(r)
	if err != nil {
		var exception *Exception
		if !errors.As(err, &exception) {
			exception = &Exception{Code: codeUnknown, Text: "Code: 1002. DB::Exception: " + err.Error()}
		}
		w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(exception.Code))
		w.WriteHeader(http.StatusInternalServerError)
		out = []byte(exception.Text)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(out)))
	if _, err := w.Write(out); err != nil {
		s.log.Debug("engine answer not taken", "error", err)
	}
}

func (s *Server) answer(r *http.Request) ([]byte, error) {
	query := r.URL.Query()
	statement := query.Get("query")
	if statement == "" {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, fmt.Errorf("read statement: %w", err)
		}
		statement = string(body)
		if statement == helloStatement {
			return hello(s.version, query.Get("client_protocol_version"))
		}
	} else {
		path, err := s.spoolBody(r.Body)
		if err != nil {
			return nil, err
		}
		defer os.Remove(path) // a left-over is cleared at the next start
		if statement, err = insertFromFile(statement, path); err != nil {
			return nil, err
		}
	}
	select {
	case session := <-s.sessions:
		defer func() { s.sessions <- session }()
		if err := session.use(query.Get("database")); err != nil {
			return nil, err
		}
		return session.with(settingsOf(query), statement)
	case <-r.Context().Done():
		return nil, fmt.Errorf("wait for a session: %w", r.Context().Err())
	}
}

// spoolBody writes an insert's block to a file, because the engine reads inline data as text and stops at quotes.
func (s *Server) spoolBody(body io.Reader) (path string, err error) {
	file, err := os.CreateTemp(s.spool, "insert-*.native")
	if err != nil {
		return "", fmt.Errorf("spool insert: %w", err)
	}
	_, err = io.Copy(file, body)
	err = errors.Join(err, file.Close())
	if err != nil {
		_ = os.Remove(file.Name())
		return "", fmt.Errorf("spool insert: %w", err)
	}
	return file.Name(), nil
}

// insertFromFile turns "INSERT INTO t (a, b) … FORMAT Native" into one that reads the spooled block as exactly one
// part: one thread, no splitting, so that the block's token covers all of it.
func insertFromFile(statement, path string) (string, error) {
	head, _, found := strings.Cut(statement, ")")
	table, columns, listed := strings.Cut(head, "(")
	if !found || !listed {
		return "", &Exception{Code: 62, Text: "Code: 62. DB::Exception: an INSERT must list its columns. (SYNTAX_ERROR)"}
	}
	return table + "(" + columns + ") SELECT " + columns + " FROM file(" + quote(path) + ", Native) SETTINGS " +
		"max_threads = 1, max_insert_threads = 1, max_block_size = 16777216, max_insert_block_size = 16777216, " +
		"min_insert_block_size_rows = 16777216, min_insert_block_size_bytes = 4294967296, " +
		"materialize_statistics_on_insert = 0", nil // merges make them; on an insert they are an eighth of its time
}

// notSetting says whether a parameter of the HTTP interface is no engine setting.
func notSetting(name string) bool {
	switch name {
	case "query", "database", "default_format", "client_protocol_version", "query_id", "quota_key", "wait_end_of_query", "session_id":
		return true
	}
	return false
}

func settingsOf(query url.Values) url.Values {
	settings := url.Values{}
	for name, values := range query {
		if !notSetting(name) {
			settings[name] = values
		}
	}
	return settings
}

// use makes database the one that unqualified names mean.
func (c *connection) use(database string) error {
	if database == "" {
		database = "default"
	}
	if c.database == database {
		return nil
	}
	if !plainName(database) {
		return &Exception{Code: 81, Text: "Code: 81. DB::Exception: no such database. (UNKNOWN_DATABASE)"}
	}
	if _, err := c.do([]byte("USE "+database), "Null"); err != nil {
		return err
	}
	c.database = database
	return nil
}

// with runs a statement under settings that hold for it alone.
func (c *connection) with(settings url.Values, statement string) ([]byte, error) {
	names := make([]string, 0, len(settings))
	for name := range settings {
		if !plainName(name) {
			return nil, &Exception{Code: 115, Text: "Code: 115. DB::Exception: no such setting. (UNKNOWN_SETTING)"}
		}
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		if _, err := c.do([]byte("SET "+name+" = "+quote(settings.Get(name))), "Null"); err != nil {
			return nil, errors.Join(err, c.reset(names[:i]))
		}
	}
	out, err := c.do([]byte(statement), "Native")
	return out, errors.Join(err, c.reset(names))
}

// reset takes settings back; query parameters may stay, every statement names all of its own.
func (c *connection) reset(names []string) error {
	for _, name := range names {
		if strings.HasPrefix(name, "param_") {
			continue
		}
		if _, err := c.do([]byte("SET "+name+" = DEFAULT"), "Null"); err != nil {
			return fmt.Errorf("reset setting %s: %w", name, err)
		}
	}
	return nil
}

func plainName(name string) bool {
	for _, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// quote writes a ClickHouse string literal.
func quote(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
