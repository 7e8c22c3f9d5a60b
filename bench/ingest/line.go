package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// line is one row of the table: a program that consumes the topic.
type line struct {
	name string
	// role is one of this program's; empty is wenguo itself.
	role string
	// table is where the events end.
	table string
	// facts says that the events must become facts too.
	facts bool
	// limit ends a line that would take too long; its figures are then of what it consumed. 0 has none.
	limit time.Duration
}

// running is a line's program under measurement.
type running struct {
	line
	o       options
	cmd     *exec.Cmd
	conn    driver.Conn
	address string
	ready   time.Time
}

// start runs the line's program on a folder.
func (l line) start(o options) (*running, error) {
	r := &running{line: l, o: o}
	ready := filepath.Join(o.data, readyFile)
	args := []string{os.Args[0], "-role", l.role, "-data", o.data, "-kafka", o.kafka, "-group", o.group, "-pprof", o.pprof}
	if l.role == "" {
		ready = filepath.Join(o.data, "instance.json")
		args = []string{o.program, "up", "--data", o.data, "--listen", "127.0.0.1:0", "--kafka", o.kafka}
	}
	if err := errors.Join(os.MkdirAll(o.data, 0o700), os.RemoveAll(ready)); err != nil {
		return nil, fmt.Errorf("prepare folder: %w", err)
	}
	log, err := os.OpenFile(o.data+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make log: %w", err)
	}
	defer log.Close()
	r.cmd = exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // our own programs; ended by stop or kill
	r.cmd.Env = append(os.Environ(), "WENGUO_KAFKA_GROUP="+o.group)
	r.cmd.Stderr = log
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", l.name, err)
	}
	for started := time.Now(); time.Since(started) < time.Minute; time.Sleep(5 * time.Millisecond) {
		content, err := os.ReadFile(ready)
		if err != nil || len(content) == 0 {
			continue
		}
		r.ready = time.Now()
		dsn := "http://" + string(content) + "/default"
		if l.role == roleAll {
			dsn = "http://" + string(content) + "/wenguo"
		}
		if l.role == "" {
			var found struct{ ClickHouse, Listen string }
			if err := json.Unmarshal(content, &found); err != nil {
				continue
			}
			dsn, r.address = found.ClickHouse, found.Listen
		}
		parsed, err := clickhouse.ParseDSN(dsn)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("read address: %w", err), r.stop())
		}
		if r.conn, err = clickhouse.Open(parsed); err != nil {
			return nil, errors.Join(fmt.Errorf("open engine: %w", err), r.stop())
		}
		return r, nil
	}
	return nil, errors.Join(fmt.Errorf("%s did not start within a minute, see %s", l.name, log.Name()), r.stop())
}

// rows gives how many events are stored, 0 while the engine does not answer.
func (r *running) rows(ctx context.Context) int {
	var n uint64
	if err := r.conn.QueryRow(ctx, statement("count_"+r.table)).Scan(&n); err != nil {
		return 0
	}
	return int(n) //nolint:gosec // a count
}

// folded says how many events the facts cover.
func (r *running) folded(ctx context.Context) int {
	var n uint64
	if err := r.conn.QueryRow(ctx, statement("count_folded")).Scan(&n); err != nil {
		return 0
	}
	return int(n) //nolint:gosec // a count
}

// until waits until n events are stored, and facts where the line has them; it gives how many there are.
func (r *running) until(ctx context.Context, n int) (int, error) {
	quiet, last := time.Now(), -1
	for {
		have := r.rows(ctx)
		if r.limit > 0 && time.Since(r.ready) > r.limit && have > 0 {
			return have, nil
		}
		if have >= n && r.facts {
			have = n + r.folded(ctx)
			if have >= 2*n {
				return n, nil
			}
		} else if have >= n {
			return have, nil
		}
		if have != last {
			quiet, last = time.Now(), have
		}
		if time.Since(quiet) > 3*time.Minute {
			return last, fmt.Errorf("%s stands still at %d of %d events", r.name, last, n)
		}
		time.Sleep(200 * time.Millisecond) // asking is counted as the engine's work
	}
}

// counted gives the rows beyond one an event, and the events without a row.
func (r *running) counted(ctx context.Context, n int) (duplicates, losses int, err error) {
	var rows, distinct uint64
	if err := r.conn.QueryRow(ctx, statement("twice_"+r.table)).Scan(&rows, &distinct); err != nil {
		return 0, 0, fmt.Errorf("count: %w", err)
	}
	return int(rows - distinct), n - int(distinct), nil //nolint:gosec // counts
}

// stop ends the program in order.
func (r *running) stop() error {
	if r.conn != nil {
		_ = r.conn.Close()
	}
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	_ = r.cmd.Wait() // a role has no exit code of its own
	return nil
}

// kill ends the program and its engine in one breath.
func (r *running) kill() {
	_ = r.conn.Close()
	all := family(r.cmd.Process.Pid)
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	_ = r.cmd.Wait()
	for _, pid := range all {
		for {
			if fields := stat(pid); len(fields) == 0 || fields[0] == "Z" {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// result of a line.
type result struct {
	line
	rate               float64
	processor, engine  time.Duration
	peak               int64
	load               string
	duplicates, losses int
	// killed says that the counts are known; whole that all events had the time to come.
	killed, whole bool
}

// measure consumes the whole topic once, and once more with three kills on the way.
func (l line) measure(ctx context.Context, o options, n int) (res result, err error) {
	res.line = l
	plain := o
	plain.data, plain.group = filepath.Join(o.data, l.id()), l.id()
	r, err := l.start(plain)
	if err != nil {
		return res, err
	}
	n, err = r.until(ctx, n)
	if err != nil {
		return res, errors.Join(err, r.stop())
	}
	took := time.Since(r.ready)
	if r.limit == 0 { // or it goes on consuming
		time.Sleep(settling)
	}
	u := usage(r.cmd.Process.Pid)
	million := func(d time.Duration) time.Duration { return time.Duration(float64(d) * 1e6 / float64(n)) }
	res.rate, res.peak, res.load = float64(n)/took.Seconds(), u.peak, load()
	res.processor, res.engine = million(u.processor), million(u.engine)
	if !o.kills {
		err = r.last(ctx)
	}
	if err := errors.Join(err, r.stop(), os.RemoveAll(plain.data)); err != nil || !o.kills {
		return res, err
	}
	return l.underKills(ctx, o, res)
}

// id names the line's folder and group.
func (l line) id() string {
	if l.role == "" {
		return "up"
	}
	return l.role
}

// settling is how long merges that the load left have before the processor time is read.
const settling = 3 * time.Second

// kills is how often the program is killed on the way.
const kills = 3

func (l line) underKills(ctx context.Context, o options, res result) (result, error) {
	n := o.events
	patience := 2 * time.Minute
	if l.limit > 0 {
		patience = l.limit / (kills + 1)
	}
	o.data, o.group = filepath.Join(o.data, l.id()+"-killed"), l.id()+"-killed"
	for kill := 1; kill <= kills; kill++ {
		r, err := l.start(o)
		if err != nil {
			return res, err
		}
		for r.rows(ctx) < n*kill/(kills+1) && time.Since(r.ready) < patience {
			time.Sleep(10 * time.Millisecond)
		}
		r.kill()
	}
	r, err := l.start(o)
	if err != nil {
		return res, err
	}
	have, err := r.until(ctx, n)
	if err == nil {
		time.Sleep(settling) // what comes twice comes now
		res.duplicates, res.losses, err = r.counted(ctx, n)
		res.killed, res.whole = true, have >= n
		err = errors.Join(err, r.last(ctx))
	}
	return res, errors.Join(err, r.stop(), os.RemoveAll(o.data))
}

// last is what is measured before the last program of the last line ends: it adds to the topic.
func (r *running) last(ctx context.Context) error {
	if r.role != "" || r.o.visible == 0 {
		return nil
	}
	return r.visible(ctx)
}

func (r result) row() string {
	after := "–"
	if r.killed {
		after = strconv.Itoa(r.duplicates) + " / "
		if r.whole {
			after += strconv.Itoa(r.losses)
		} else {
			after += "not all came"
		}
	}
	return fmt.Sprintf("| %s | %.0f | %.1f (%.1f) | %d | %s | %s |", r.name, r.rate, r.processor.Seconds(), r.engine.Seconds(), r.peak>>20, after, r.load)
}
