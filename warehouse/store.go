package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/kpi"
	"wenguo/transform/search"
	"wenguo/warehouse/native"
)

// DefaultDatabase is used where the DSN names none.
const DefaultDatabase = "wenguo"

// Store is the warehouse. It is safe for concurrent use.
type Store struct {
	conn driver.Conn
	// blocks takes events the short way; nil for a server that is spoken to by its native protocol or has several addresses.
	blocks  *native.Client
	log     *slog.Logger
	queries map[string]string
	rules   atomic.Pointer[transform.Rules]
	// segmenter cuts queries; nil until UseSegmenter.
	segmenter atomic.Pointer[search.Segmenter]
	// asof lets one question at a time make the facts as of an instant.
	asof sync.Mutex
	// tallies is what the daily sums hold for; fresh how far the store is.
	tallies  remembered[tallyState]
	fresh    remembered[kpi.Freshness]
	heldSums heldSums
	curated  curated
	settling settling
	acted    acted
	// volumes are what the organisation states of its business, nil for nothing.
	volumes func() (improve.Volumes, error)
	// matching is what assigns by the last discovery of this program, nil before it.
	matching atomic.Pointer[assigner]
	// factsOnly leaves all daily sums aside.
	factsOnly bool
}

// UseRules gives the store the policies and calendars that questions about a past instant and the arithmetic of a clock
// need. It is called once after Open, and again when a policy comes into force.
func (s *Store) UseRules(rules transform.Rules) { s.rules.Store(&rules) }

// Open connects to the DSN (http://host:port/database or clickhouse://…), creates the database when it is missing and
// brings its schema up to date.
func Open(ctx context.Context, dsn string, log *slog.Logger) (*Store, error) {
	return OpenWith(ctx, dsn, Access{}, log)
}

// OpenWith does the same with a login and TLS settings beside the address.
func OpenWith(ctx context.Context, dsn string, access Access, log *slog.Logger) (*Store, error) {
	options, err := access.options(dsn)
	if err != nil {
		return nil, err
	}
	if options.Auth.Database == "" || options.Auth.Database == "default" {
		options.Auth.Database = DefaultDatabase
	}
	options.ReadTimeout = 5 * time.Minute
	options.MaxOpenConns, options.MaxIdleConns = 16, 16
	if err := createDatabase(ctx, *options); err != nil {
		return nil, err
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("open clickhouse: %w", err)
	}
	queries, err := loadQueries()
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	s := &Store{conn: quietConn{conn}, log: log, queries: queries}
	if options.Protocol == clickhouse.HTTP && len(options.Addr) == 1 {
		s.blocks = native.NewClient(options)
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, nil
}

func createDatabase(ctx context.Context, options clickhouse.Options) error {
	name := options.Auth.Database
	options.Auth.Database = "default"
	conn, err := clickhouse.Open(&options)
	if err != nil {
		return fmt.Errorf("open clickhouse: %w", err)
	}
	defer conn.Close()
	statement, err := fs.ReadFile(files, "sql/create_database.sql")
	if err != nil {
		return fmt.Errorf("read sql: %w", err)
	}
	ctx = with(ctx, values{"name": name})
	if err := conn.Exec(ctx, string(statement)); err != nil {
		return fmt.Errorf("create database %s: %w", name, explain(err, &options))
	}
	return nil
}

// Close ends the connections.
func (s *Store) Close() error {
	if s.blocks != nil {
		s.blocks.Close()
	}
	if err := s.conn.Close(); err != nil {
		return fmt.Errorf("close clickhouse: %w", err)
	}
	return nil
}

// Ping says whether the warehouse answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.conn.Ping(ctx); err != nil {
		return fmt.Errorf("ping clickhouse: %w", err)
	}
	return nil
}
