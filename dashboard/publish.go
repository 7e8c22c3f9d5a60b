package dashboard

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"wenguo/dashboard/report"
	"wenguo/ingest"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// publish freezes the figures of a period as a decision. It returns when Kafka has acknowledged it, and says whether the store
// shows it already. What was published under the same id is not published again.
func (s *Server) publish(ctx context.Context, actor ingest.Actor, id string, of report.Period) (restate.Publication, bool, error) {
	now := s.deps.Now()
	if of.To.After(now) {
		return restate.Publication{}, false, settled("统计期还没有结束，不能发布")
	}
	p := restate.Publication{ID: id, From: dayText(of.From), To: dayText(of.To), AsOf: publishAsOf(of, now)}
	if err := s.freeze(ctx, &p, of); err != nil {
		return p, false, err
	}
	data, err := restate.Draft(p)
	if err != nil {
		return p, false, err
	}
	select {
	case s.desk.turn <- struct{}{}:
		defer func() { <-s.desk.turn }()
	case <-ctx.Done():
		return p, false, fmt.Errorf("wait for a turn: %w", ctx.Err())
	}
	before, err := s.publishedBefore(ctx, p)
	if err != nil || before {
		return p, before, err
	}
	message, decision, err := s.message(actor, draft{id, ingest.KindPeriodPublished, data})
	if err != nil {
		return p, false, err
	}
	p.At, p.By, p.Department = decision.At, actor.ID, actor.Department
	acknowledged, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	defer cancel()
	if err := s.deps.Bus.Produce(acknowledged, []ingest.Message{message}); err != nil {
		s.log.Warn("the bus did not take a publication", slog.Any("error", err))
		return p, false, refusal{
			status: http.StatusServiceUnavailable, title: "Kafka 没有确认",
			detail: "发布可能已写入、也可能没有。", remedy: "重新提交同一个表单（或同一个 event_id），不会重复发布。",
		}
	}
	return p, s.showsPublication(ctx, id), nil
}

// freeze asks for what is published. Offsets are read before the figures: an event in between is compared once more, and never
// left out.
func (s *Server) freeze(ctx context.Context, p *restate.Publication, of report.Period) error {
	r, q := s.deps.Reader, kpi.Query{From: of.From, To: of.To, AsOf: p.AsOf}
	var err error
	if p.Offsets, p.Revision, err = r.Known(ctx); err != nil {
		return fmt.Errorf("read how far events are known: %w", err)
	}
	figures, err := r.KPIs(ctx, q)
	if err != nil {
		return err
	}
	p.Figures.KPIs = figures.KPIs
	if p.Figures.Strip, err = r.Strip(ctx, q); err != nil {
		return err
	}
	p.Figures.Departments, err = r.Departments(ctx, q)
	return err
}

// publishedBefore says whether this very decision was made, and refuses a new edition that says the same as the last.
func (s *Server) publishedBefore(ctx context.Context, p restate.Publication) (bool, error) {
	all, err := s.deps.Reader.Publications(ctx)
	if err != nil {
		return false, err
	}
	if i := slices.IndexFunc(all, func(o restate.Publication) bool { return o.ID == p.ID }); i >= 0 {
		if all[i].From != p.From || all[i].To != p.To {
			return false, refusal{
				status: http.StatusConflict, title: "编号已被使用", field: "event_id", detail: "同一个编号下已发布另一个统计期，这一次没有执行。", remedy: "换一个编号重新提交。",
			}
		}
		return true, nil
	}
	last, _, published := restate.Last(all, p.From, p.To)
	if published && last.AsOf.Equal(p.AsOf) && len(restate.Differences(last, p.Figures.KPIs, nil, last.Revision)) == 0 {
		return false, settled("这个统计期已经发布，数字没有变化")
	}
	return false, nil
}

// showsPublication waits until the store has read a publication back, for a while.
func (s *Server) showsPublication(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.DecisionWait)
	defer cancel()
	look := time.NewTicker(storedPause)
	defer look.Stop()
	for {
		all, err := s.deps.Reader.Publications(ctx)
		if err == nil && slices.ContainsFunc(all, func(o restate.Publication) bool { return o.ID == id }) {
			return true
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return false
		}
	}
}
