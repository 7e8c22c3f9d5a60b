package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"wenguo/dashboard"
	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// returnsEvery is how often returning issues are looked for: a week ends once, but complaints about it come late.
const returnsEvery = time.Hour

// returnReader is what finding returning issues asks of the store.
type returnReader interface {
	Actions(ctx context.Context, asOf time.Time) ([]improve.Action, error)
	IssueNames(ctx context.Context) (map[string]issue.Named, error)
	IssueWeeks(ctx context.Context, id string, since, asOf time.Time) (improve.History, error)
}

// returns reopens actions whose issue came back 复发: a decision of the role system, which people can undo.
type returns struct {
	store returnReader
	bus   dashboard.Bus
	judge *improve.Judge
	log   *slog.Logger
}

func newReturns(store returnReader, bus dashboard.Bus, log *slog.Logger) *returns {
	return &returns{store, bus, improve.NewJudge(improve.DefaultRules()), log}
}

// run looks every returnsEvery until ctx ends. A failure is logged and tried again the next time.
func (r *returns) run(ctx context.Context) error {
	tick := time.NewTicker(returnsEvery)
	defer tick.Stop()
	for {
		if err := r.pass(ctx, time.Now()); err != nil && ctx.Err() == nil {
			r.log.Error("look for returning issues", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// pass looks once. What it decides has an id of its action and week, so that deciding twice is deciding once.
func (r *returns) pass(ctx context.Context, now time.Time) error {
	actions, err := r.store.Actions(ctx, now)
	if err != nil {
		return fmt.Errorf("read actions: %w", err)
	}
	names, err := r.store.IssueNames(ctx)
	if err != nil {
		return fmt.Errorf("read names of issues: %w", err)
	}
	leads := func(id string) string {
		if n := names[id]; n.Leads != "" {
			return n.Leads
		}
		return id
	}
	for _, a := range actions {
		if a.Issue == "" || a.Working() || a.Overruled() {
			continue
		}
		history, err := r.store.IssueWeeks(ctx, a.Issue, a.Since(), now)
		if errors.Is(err, transform.ErrNotFound) { // people may name an issue that never was
			continue
		}
		if err != nil {
			return fmt.Errorf("read weeks of action %s: %w", a.ID, err)
		}
		back, found := r.judge.Returned(a, a.Proof(history, actions, leads, now))
		if !found {
			continue
		}
		if err := r.reopen(ctx, a, back, now); err != nil {
			return err
		}
	}
	return nil
}

func (r *returns) reopen(ctx context.Context, a improve.Action, back improve.Return, now time.Time) error {
	high := "∞"
	if back.Ratio.High != nil {
		high = fmt.Sprintf("%.1f", *back.Ratio.High)
	}
	event := ingest.Event{
		EventID: back.ReopenID(a.ID), Kind: ingest.KindActionReopened, OccurredAt: now.UTC().Truncate(time.Millisecond),
		Source: "wenguo", SchemaVersion: 1, Actor: ingest.Actor{ID: "wenguo", Role: ingest.RoleSystem},
		Data: &ingest.ActionEnded{Action: a.ID, Reason: fmt.Sprintf("复发：最近每周 %.1f 件，验收之前每周 %.1f 件，比率是那时的 %.1f–%s 倍",
			perWeek(back.Now), perWeek(back.Then), back.Ratio.Low, high)},
	}
	raw, err := ingest.Encode(event)
	if err != nil {
		return fmt.Errorf("write decision: %w", err)
	}
	if err := r.bus.Produce(ctx, []ingest.Message{{Key: event.Key(), Value: raw, Time: now}}); err != nil {
		return fmt.Errorf("reopen action %s: %w", a.ID, err)
	}
	r.log.Info("an issue came back, its action is open again", "action", a.ID, "decision", event.EventID)
	return nil
}

func perWeek(w improve.Window) float64 { return float64(w.Complaints) / float64(w.Weeks) }
