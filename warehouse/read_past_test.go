package warehouse

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/backtest"
	"wenguo/transform/sla"
)

func TestThePastIsWhatFoldingGives(t *testing.T) {
	h := openHistory(t, 400)
	from, to := h.end.AddDate(0, 0, -25), h.end
	stored, folded := backtest.New(h.rules.Current(), from, to), backtest.New(h.rules.Current(), from, to)
	if err := h.EachPast(t.Context(), stored.Since(), to, stored.Add); err != nil {
		t.Fatal(err)
	}
	for _, c := range h.facts(h.lastly()) {
		folded.Add(c, h.rules.Calendar)
	}
	got, want := stored.Run(), folded.Run()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, r := range got.Rules {
		if r.Alert == "ComplaintCaseDeadlineApproaching" && (r.Fired < 20 || r.Followed < 5) {
			t.Errorf("little to compare: %+v", r)
		}
	}
}

// BenchmarkBacktest replays 28 days of 100,000 complaints with seven clocks each, of which a fiftieth is breached.
func BenchmarkBacktest(b *testing.B) {
	const complaints, days = 100_000, 28
	s := openStore(b)
	s.UseRules(testRules(b))
	policy := s.rules.Load().Current()
	var facts []transform.Complaint
	for i := range complaints {
		facts = append(facts, busy(policy, i, historyStart.Add(time.Duration(i)*(days*24*time.Hour/complaints))))
		if len(facts) == 10_000 {
			if err := s.SaveFacts(b.Context(), facts); err != nil {
				b.Fatal(err)
			}
			facts = facts[:0]
		}
	}
	to := historyStart.AddDate(0, 0, days)
	for b.Loop() {
		h := backtest.New(policy, historyStart, to)
		if err := s.EachPast(b.Context(), h.Since(), to, h.Add); err != nil {
			b.Fatal(err)
		}
		if r := h.Run(); r.Complaints != complaints {
			b.Fatalf("%d complaints", r.Complaints)
		}
	}
}

// busy is a complaint that went through all stages.
func busy(p *sla.Policy, i int, registered time.Time) transform.Complaint {
	c := transform.Complaint{
		ID: fmt.Sprintf("C-%06d", i), Version: 1, RegisteredAt: registered, FirstEventAt: registered, LastEventAt: registered.Add(80 * time.Hour),
		State: transform.Resolved, Priority: ingest.Priorities[i%4], Department: fmt.Sprintf("部门%d", i%20),
		Rounds: []transform.Round{{Number: 1, StartedAt: registered, EndedAt: registered.Add(80 * time.Hour), EndedAs: transform.Resolved}},
	}
	for j, stage := range []sla.Stage{sla.Acknowledge, sla.Dispatch, sla.Confirm, sla.Plan, sla.Resolve, sla.Survey, sla.Assist} {
		t, _ := p.Target(stage, sla.Values{Priority: c.Priority})
		k := sla.Clock{
			Stage: stage, Round: 1, Rule: t.Rule, Calendar: t.Calendar.ID(), Started: registered, Target: t.Duration, WarnAfter: t.WarnAfter,
			Due: t.Calendar.Due(registered, t.Duration), Finished: registered.Add(time.Duration(1+i%5) * time.Minute),
		}
		if (i+j)%50 == 0 {
			k.Finished = k.Due.Add(time.Hour)
		}
		c.Clocks = append(c.Clocks, k)
	}
	return c
}
