package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/dashboard"
	"wenguo/transform/kpi"
)

//go:embed merges.sql
var mergesSQL string

//go:embed parts.sql
var partsSQL string

//go:embed raw/*.sql
var rawSQL embed.FS

//go:embed multiply_events.sql
var multiplyEventsSQL string

// settle waits until the engine has merged what was written.
func (b bench) settle(ctx context.Context) error {
	conn, err := b.connect()
	if err != nil {
		return err
	}
	defer conn.Close()
	started := time.Now()
	for calm := 0; calm < 5 && time.Since(started) < 15*time.Minute; {
		var merges uint64
		if err := conn.QueryRow(ctx, mergesSQL).Scan(&merges); err != nil {
			return fmt.Errorf("look for merges: %w", err)
		}
		if calm++; merges > 0 {
			calm = 0
		}
		time.Sleep(time.Second)
	}
	fmt.Printf("merged after %.0f s\n", time.Since(started).Seconds())
	return nil
}

// pages are what is asked; the first of each pair names it.
func pages() [][2]string {
	month := "from=2026-10-01&to=2026-11-01"
	return [][2]string{
		{"总览, 30 days", "/"},
		{"总览, one month", "/?" + month},
		{"总览, one department", "/?" + month + "&department=" + url.QueryEscape("物流部")},
		{"总览, one year", "/?from=2025-11-01&to=2026-11-01"},
		{"时效", "/timeliness"},
		{"指标", "/kpis"},
		{"复发问题", "/issues"},
		{"投诉", "/complaints"},
		{"投诉, overdue", "/complaints?overdue=1"},
	}
}

// measure prints what pages and figures cost as things are.
func (b bench) measure(ctx context.Context) error {
	if b.quiet {
		return nil
	}
	if err := b.parts(ctx); err != nil {
		return err
	}
	listening := make(chan string, 1)
	cfg := dashboard.DefaultConfig()
	cfg.Listen, cfg.Zone, cfg.QueryTimeout = "127.0.0.1:0", b.rules.Current().Zone, 5*time.Minute
	server, err := dashboard.New(cfg, dashboard.Deps{ //nolint:contextcheck // an answer has its request's context
		Reader: b.store, Now: end, Log: b.log, Listening: func(a string) { listening <- a },
	})
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	inner, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- server.Run(inner) }()
	address := ""
	select {
	case address = <-listening:
	case err := <-ended:
		stop()
		return fmt.Errorf("pages: %w", err)
	}
	fmt.Printf("%-28s %10s %10s %10s\n", "page", "first ms", "p50 ms", "p95 ms")
	for _, p := range pages() {
		if err == nil {
			err = line(p[0], b.rounds+1, func() error { return get(ctx, "http://"+address+p[1]) })
		}
	}
	stop()
	err = errors.Join(err, <-ended)
	if err != nil {
		return err
	}
	return b.figures(ctx)
}

func get(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ask page: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask page: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	if response.StatusCode != http.StatusOK || strings.Contains(string(body), "暂时无法") {
		return fmt.Errorf("page %s: %s", address, response.Status)
	}
	return nil
}

// line runs something several times and prints the first time, the median and the 95th percentile.
func line(name string, times int, do func() error) error {
	var took []time.Duration
	for range times {
		started := time.Now()
		if err := do(); err != nil {
			return err
		}
		took = append(took, time.Since(started))
	}
	first := took[0]
	took = took[min(1, len(took)-1):]
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Printf("%-28s %10.1f %10.1f %10.1f\n", name, ms(first), ms(took[len(took)/2]), ms(took[(len(took)*95+99)/100-1]))
	return nil
}

// figures measures each key figure of a month, of everything and by slices.
func (b bench) figures(ctx context.Context) error {
	zone := b.rules.Current().Zone
	q := kpi.Query{From: time.Date(2026, 10, 1, 0, 0, 0, 0, zone), To: time.Date(2026, 11, 1, 0, 0, 0, 0, zone), AsOf: end()}
	slices := []struct {
		name  string
		slice kpi.Slice
	}{
		{"all", nil},
		{"department", kpi.Slice{kpi.Department: {"物流部"}}},
		{"category branch", kpi.Slice{kpi.Category: {"物流"}}},
		{"two dimensions", kpi.Slice{kpi.Priority: {"high"}, kpi.Channel: {"phone"}}},
	}
	for _, s := range slices {
		fmt.Printf("key figures of a month, %-20s first, p50, p95 ms\n", s.name)
		q.Slice = s.slice
		for _, id := range kpi.IDs() {
			if err := line("  "+id, b.rounds/4+1, func() error { _, err := b.store.KPIs(ctx, q, id); return err }); err != nil {
				return fmt.Errorf("figure %s: %w", id, err)
			}
		}
		if err := line("  all at once", b.rounds/4+1, func() error { _, err := b.store.KPIs(ctx, q); return err }); err != nil {
			return fmt.Errorf("figures: %w", err)
		}
	}
	return nil
}

func (b bench) parts(ctx context.Context) error {
	conn, err := b.connect()
	if err != nil {
		return err
	}
	defer conn.Close()
	rows, err := conn.Query(ctx, partsSQL)
	if err != nil {
		return fmt.Errorf("read sizes: %w", err)
	}
	defer rows.Close()
	fmt.Println()
	for rows.Next() {
		var table string
		var n, bytes, parts uint64
		if err := rows.Scan(&table, &n, &bytes, &parts); err != nil {
			return fmt.Errorf("read sizes: %w", err)
		}
		fmt.Printf("%-12s %12d rows %8.1f MiB %4d parts\n", table, n, float64(bytes)/(1<<20), parts)
	}
	return rows.Err()
}

// raw asks some of the same questions of the events of as many complaints.
func (b bench) raw(ctx context.Context) error {
	if b.quiet {
		return nil
	}
	if err := b.exec(ctx, multiplyEventsSQL, clickhouse.Parameters{"first": "1", "copies": "9"}); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	conn, err := b.connect()
	if err != nil {
		return err
	}
	defer conn.Close()
	names, err := rawSQL.ReadDir("raw")
	if err != nil {
		return fmt.Errorf("list questions: %w", err)
	}
	fmt.Println("\nthe same asked of raw events       first ms     p50 ms     p95 ms")
	p := clickhouse.Parameters{"from": "2026-09-30 16:00:00.000", "to": "2026-10-31 16:00:00.000"}
	for _, name := range names {
		statement, err := rawSQL.ReadFile(path.Join("raw", name.Name()))
		if err != nil {
			return fmt.Errorf("read question: %w", err)
		}
		err = line("  "+strings.TrimSuffix(name.Name(), ".sql"), 4, func() error {
			rows, err := conn.Query(clickhouse.Context(ctx, clickhouse.WithParameters(p)), string(statement))
			if err != nil {
				return fmt.Errorf("ask: %w", err)
			}
			defer rows.Close()
			for rows.Next() {
				continue
			}
			return rows.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}
