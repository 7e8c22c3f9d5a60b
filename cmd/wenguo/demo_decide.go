package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
	"wenguo/transform/issue"
)

// demoLook is how often the demo looks whether the first discovery was made.
const demoLook = 3 * time.Second

// namedIssues finds an issue by words of its name.
type namedIssues interface {
	IssuesNamed(ctx context.Context, text string, most int) ([]issue.Titled, error)
}

// committee lets the simulated company's committee decide, and stays until ctx ends.
func (d *demo) committee(ctx context.Context, issues namedIssues, decisions *kafka.Producer) error {
	if err := d.decides(ctx, issues, decisions); err != nil {
		return d.ended(ctx, err)
	}
	<-ctx.Done()
	return nil
}

// decides lets the simulated company's committee decide once: what its issues are called is known only after the first
// discovery. It says so in the same form as people do, with the instants at which the company's past says it happened.
func (d *demo) decides(ctx context.Context, issues namedIssues, decisions *kafka.Producer) error {
	if d.state.Decided {
		return nil
	}
	world, err := simulate.New(simulate.Config{Seed: d.state.Seed, Start: d.state.Start, Zone: d.policy.Zone, IsWorkday: d.workday()})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	found := map[string]string{}
	for len(found) == 0 {
		select {
		case <-time.After(demoLook):
		case <-ctx.Done():
			return nil
		}
		for _, story := range demoStories {
			named, err := issues.IssuesNamed(ctx, story.find, 1)
			if err != nil {
				d.log.Warn("demo: issues cannot be looked up, trying again", "error", err)
				break
			}
			if len(named) > 0 {
				found[story.topic] = named[0].ID
			}
		}
	}
	messages, err := demoDecisions(world, found, d.now())
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := d.send(ctx, decisions, messages); err != nil {
		return err
	}
	d.log.Info("demo: the committee has decided", "decisions", len(messages))
	return d.markDecided()
}

// demoDecisions are what the committee decided about the issues that were found, by their topic, up to now.
func demoDecisions(world *simulate.World, found map[string]string, now time.Time) ([]ingest.Message, error) {
	s := script{now: now}
	open := 0
	for i, story := range demoStories {
		id, ok := found[story.topic]
		if !ok {
			continue
		}
		s.action = fmt.Sprintf("a-demo-%d", i+1)
		s.answer(story, id)
		fixes := world.Fixes(story.topic, now)
		if len(fixes) > 0 && story.measure != "" {
			if fixed := fixes[len(fixes)-1]; now.Sub(fixed) < 200*24*time.Hour && now.Sub(fixed) > 8*24*time.Hour {
				s.mended(story, id, fixed)
				continue
			}
		}
		s.working(story, id, open)
		open++
	}
	s.action = "a-demo-0"
	s.say(now.AddDate(0, 0, -2), "客服中心", "王敏", ingest.KindActionOpened, &ingest.ActionOpened{
		Action: s.action, Title: "夜班交接表缺少承诺时间一栏", Department: "客服中心",
	})
	return s.messages, s.err
}

// script collects decisions; those that would lie ahead of now are left out.
type script struct {
	now      time.Time
	action   string
	count    int
	messages []ingest.Message
	err      error
}

// say adds a decision. Its id follows from its place in the script, so that deciding twice decides once.
func (s *script) say(at time.Time, department, who string, kind ingest.Kind, data any) {
	s.count++
	if at.After(s.now) || s.err != nil {
		return
	}
	raw, err := json.Marshal(map[string]any{
		"event_id": fmt.Sprintf("demo-%s-%d", s.action, s.count), "kind": kind, "occurred_at": at.UTC().Format(time.RFC3339), "source": "demo",
		"actor": ingest.Actor{ID: who, Department: department, Role: ingest.RoleDepartment}, "data": data,
	})
	var event ingest.Event
	if err == nil {
		event, err = ingest.DecodeDecision(raw)
	}
	if err != nil {
		s.err = fmt.Errorf("write decision: %w", err)
		return
	}
	s.messages = append(s.messages, ingest.Message{Key: event.Key(), Value: raw, Time: s.now, Backfill: true})
}

// answer writes what customers are told.
func (s *script) answer(story demoStory, id string) {
	if story.answerText == "" {
		return
	}
	s.say(s.now.AddDate(0, 0, -20), "质量部", "许宁", ingest.KindIssueAnswered, &ingest.IssueAnswered{
		Issue: id, Cause: story.answerCause, Workaround: story.answerWorkaround, Answer: story.answerText,
	})
}

// opening begins an action with what was known then.
func (s *script) opening(story demoStory, id string, at, due time.Time, full bool) {
	opened := &ingest.ActionOpened{
		Action: s.action, Issue: id, CauseGroup: story.causeGroup, Department: story.department, Owner: story.owner, ExpectedEffect: story.effect,
		DueAt: &due,
	}
	if full {
		opened.RootCause, opened.Containment, opened.Measure, opened.Prevention = story.rootCause, story.containment, story.measure, story.prevention
	}
	s.say(at, "质量部", "许宁", ingest.KindActionOpened, opened)
}

// found adds what the investigation found.
func (s *script) found(story demoStory, at time.Time) {
	s.say(at, story.department, story.owner, ingest.KindActionUpdated, &ingest.ActionUpdated{Action: s.action, Fields: ingest.ActionFields{
		RootCause: story.rootCause, Containment: story.containment, Measures: story.measure, Prevention: story.prevention,
	}})
}

// mended is an action whose work was done on the day on which the company's past mended the issue.
func (s *script) mended(story demoStory, id string, fixed time.Time) {
	day := func(n int) time.Time { return fixed.AddDate(0, 0, n).Add(10 * time.Hour) }
	s.opening(story, id, day(-38), day(3), false)
	s.found(story, day(-29))
	s.say(day(0), story.department, story.owner, ingest.KindActionDone, &ingest.ActionDone{Action: s.action, Evidence: story.evidence})
	s.say(day(49), "质量部", "许宁", ingest.KindActionVerified, &ingest.ActionVerified{Action: s.action, Verdict: "effective", Reason: "完成后连续七周低于预期效果的水平"})
	s.say(day(50), "质量部", "许宁", ingest.KindActionClosed, &ingest.ActionEnded{Action: s.action, Reason: "效果稳定"})
}

// working is an action that is under way, each in another state.
func (s *script) working(story demoStory, id string, turn int) {
	day := func(n int) time.Time { return s.now.AddDate(0, 0, n) }
	switch turn % 4 {
	case 0: // late
		s.opening(story, id, day(-41), day(-6), true)
	case 1: // did not work the first time
		s.opening(story, id, day(-95), day(-60), true)
		s.say(day(-62), story.department, story.owner, ingest.KindActionDone, &ingest.ActionDone{Action: s.action, Evidence: story.evidence})
		s.say(day(-20), "质量部", "许宁", ingest.KindActionVerified, &ingest.ActionVerified{Action: s.action, Verdict: "not_effective", Reason: "完成后四周，投诉没有减少"})
		s.say(day(-19), "质量部", "许宁", ingest.KindActionReopened, &ingest.ActionEnded{Action: s.action, Reason: "措施没有消除原因"})
		s.say(day(-18), story.department, story.owner, ingest.KindActionUpdated, &ingest.ActionUpdated{Action: s.action, Fields: ingest.ActionFields{DueAt: new(day(12).UTC())}})
	case 2: // due soon
		s.opening(story, id, day(-24), day(4), false)
		s.found(story, day(-15))
	case 3:
		s.opening(story, id, day(-9), day(21), false)
	}
}
