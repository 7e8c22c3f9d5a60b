package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/watch"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// AlertDesk answers for Prometheus and Alertmanager.
type AlertDesk interface {
	// Address is where the own pages of both are; absent is off or missing where there are none.
	Address() (prometheus, alertmanager, absent string)
	// Health says how well Prometheus works.
	Health(ctx context.Context) (watch.Health, error)
	// Firing are the alerts that fire or are about to; told is false when Alertmanager is away.
	Firing(ctx context.Context) (alerts []watch.Alert, told bool, err error)
	// History are the spans in which alerts fired.
	History(ctx context.Context, from, to time.Time, step time.Duration) ([]watch.Span, error)
	// Silences are those in force or to come.
	Silences(ctx context.Context) ([]watch.Silence, error)
	Silence(ctx context.Context, s watch.Silence) error
	Unsilence(ctx context.Context, id string) error
}

// TimerReader counts clocks as the exporter does, so that the page and the alerts speak of the same numbers.
type TimerReader interface {
	TimerScope(ctx context.Context, at time.Time) (kpi.TimerScope, error)
	Timers(ctx context.Context, q kpi.TimersQuery) ([]kpi.Timers, error)
}

const (
	// watchdog always fires: it proves the way, it is no alert.
	watchdog = "Watchdog"
	// nextRows is the length of the list of deadlines, budgetRows of that of budgets.
	nextRows, budgetRows = 12, 20
	// historySpan is what the history shows, historyStep how exactly.
	historySpan, historyStep = 7 * 24 * time.Hour, 5 * time.Minute
	historyRows              = 40
)

// alertsPage is what templates/alerts.html shows.
type alertsPage struct {
	frame

	Live     alertsLive
	Budgets  part[[]budgetRow]
	Silences part[[]silenceRow]
	History  part[historyView]
	Backtest *backtestView
	// Prometheus and Alertmanager are their own pages.
	Prometheus, Alertmanager string
	// Done says what a form did; empty without one.
	Done string
}

// deskPatience bounds what the page of alerts asks.
const deskPatience = 6 * time.Second

// alertsLive is what renews itself.
type alertsLive struct {
	Lead    alertLead
	Firing  part[firingView]
	Next    part[nextView]
	Refresh string
}

func (s *Server) alerts(c *gin.Context) {
	f, err := s.begin(c, "告警", "/alerts", "done")
	if err != nil {
		s.fail(c, err)
		return
	}
	now := s.momentOf(f)
	ctx, cancel := context.WithTimeout(c.Request.Context(), deskPatience) // what fires must show though the store is away
	defer cancel()
	p := alertsPage{frame: f, Done: silenceWords(f.View.Own.Get("done"))}
	var wg sync.WaitGroup
	ask(s, &wg, "budgets", &p.Budgets, func() ([]budgetRow, error) {
		found, err := shared(ctx, now, "budgets", nil, s.budgets)
		return newBudgetRows(now, found), err
	})
	if s.deps.Alerts != nil {
		p.Prometheus, p.Alertmanager, _ = s.deps.Alerts.Address()
		s.askDesk(&wg, "silences", func() error {
			found, err := s.deps.Alerts.Silences(ctx)
			p.Silences.V = silenceRows(found, now)
			return err
		}, &p.Silences.Failed)
		s.askDesk(&wg, "alert history", func() error {
			found, err := s.deps.Alerts.History(ctx, now.Add(-historySpan), now, historyStep)
			p.History.V = newHistory(found, now)
			return err
		}, &p.History.Failed)
	} else {
		p.Silences.Failed, p.History.Failed = true, true
	}
	if s.deps.Backtest != nil {
		if report, known := s.deps.Backtest(); known {
			p.Backtest = newBacktest(report)
		}
	}
	p.Live = s.alertsLive(ctx, f, now)
	wg.Wait()
	s.render(c, http.StatusOK, "alerts", p)
}

// askDesk asks Prometheus or Alertmanager for a part of the page. That one is away is no fault of the page: the page says
// so once, at its head.
func (s *Server) askDesk(wg *sync.WaitGroup, what string, read func() error, failed *bool) {
	wg.Go(func() {
		if err := read(); err != nil {
			*failed = true
			s.log.Debug("a part of the alerts was not answered", "part", what, "error", err)
		}
	})
}

// alertsFragment renews what fires and what comes next.
func (s *Server) alertsFragment(c *gin.Context) {
	f, err := s.begin(c, "", "", anything...)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.execute(c, http.StatusOK, s.pages["alerts"], "alerts-live", s.alertsLive(c.Request.Context(), f, s.momentOf(f)))
}

// momentOf is the instant of a page that is always about now.
func (s *Server) momentOf(f frame) time.Time {
	if f.View.Fixed {
		return f.View.Clock
	}
	return f.View.AsOf
}

func (s *Server) alertsLive(ctx context.Context, f frame, now time.Time) alertsLive {
	v := f.View
	live := alertsLive{Refresh: "/fragments/alerts"}
	var wg sync.WaitGroup
	var due part[transform.DueBoard]
	var known deskAnswer
	ask(s, &wg, "deadlines", &due, func() (transform.DueBoard, error) { return s.nextDeadlines(ctx, now) })
	wg.Go(func() { known = s.askFiring(ctx) })
	wg.Wait()
	v.AsOf = now
	live.Next = convert(due, func(b transform.DueBoard) nextView { return newNext(v, b) })
	live.Firing = part[firingView]{V: newFiring(known, f.CSRF, now), Failed: known.away != ""}
	live.Lead = newLead(known, live.Firing.V, due, now)
	return live
}

// nextDeadlines are the clocks of urgent and high complaints: those that alerts speak of.
func (s *Server) nextDeadlines(ctx context.Context, now time.Time) (transform.DueBoard, error) {
	return s.deps.Reader.Due(ctx, transform.DueFilter{
		At: now, Slice: kpi.Slice{kpi.Priority: {"high", "urgent"}}, Limit: nextRows,
	})
}

// deskAnswer is what Prometheus and Alertmanager say now.
type deskAnswer struct {
	// away is why nothing is known: off, missing or silent; empty otherwise.
	away   string
	alerts []watch.Alert
	// told is false when Alertmanager is away.
	told   bool
	health watch.Health
}

func (s *Server) askFiring(ctx context.Context) deskAnswer {
	if s.deps.Alerts == nil {
		return deskAnswer{away: "off"}
	}
	if _, _, absent := s.deps.Alerts.Address(); absent != "" {
		return deskAnswer{away: absent}
	}
	var a deskAnswer
	var err error
	if a.alerts, a.told, err = s.deps.Alerts.Firing(ctx); err == nil {
		a.health, err = s.deps.Alerts.Health(ctx)
	}
	if err != nil {
		s.log.Debug("prometheus was not heard", "error", err)
		return deskAnswer{away: "silent"}
	}
	return a
}

// budgets counts the verdicts of the last 28 days by stage and department.
func (s *Server) budgets(ctx context.Context, now time.Time) ([]budget, error) {
	if s.deps.Timers == nil {
		return nil, nil
	}
	scope, err := s.deps.Timers.TimerScope(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("read budgets: %w", err)
	}
	departments := scope.Owners
	if len(departments) == 0 {
		departments = scope.Departments[:min(len(scope.Departments), budgetRows)]
	}
	found, err := s.deps.Timers.Timers(ctx, kpi.TimersQuery{At: now, Departments: departments, DecidedFrom: now, DecidedTo: now})
	if err != nil {
		return nil, fmt.Errorf("read budgets: %w", err)
	}
	return sumBudgets(found), nil
}
