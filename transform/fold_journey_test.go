package transform_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// way writes a journey's spending in whole minutes, wall and working.
func way(c transform.Complaint) map[kpi.Spending][2]int {
	out := map[kpi.Spending][2]int{}
	for _, s := range c.Spent {
		out[s.On] = [2]int{int(s.Took.Minutes()), int(s.Worked.Minutes())}
	}
	return out
}

func TestWhereTheTimeOfAComplaintWent(t *testing.T) {
	const h, m = time.Hour, time.Minute
	usual := beginStory().
		to("技术部", 10*m, ingest.KindDispatched).
		on(30*m, ingest.KindAcknowledged, agent, &ingest.Acknowledged{}).
		to("技术部", 2*h, ingest.KindConfirmed).
		does(24*h, ingest.KindPlanProposed, agent)
	for sentence, tt := range map[string]struct {
		story story
		want  map[kpi.Spending][2]int
	}{
		// working hours are 09:00–12:00 and 13:30–18:00, and the story begins at 09:00
		"each stretch belongs to what it led to": {usual.does(25*h, ingest.KindResolved, agent), map[kpi.Spending][2]int{
			kpi.SpentDispatch: {10, 10}, kpi.SpentAcknowledge: {20, 20}, kpi.SpentConfirm: {90, 90}, kpi.SpentPlan: {22 * 60, 330}, kpi.SpentResolve: {60, 60},
		}},
		"what was left out costs nothing, its time is in what follows": {beginStory().does(h, ingest.KindPlanProposed, agent).does(2*h, ingest.KindResolved, agent), map[kpi.Spending][2]int{
			kpi.SpentPlan: {60, 60}, kpi.SpentResolve: {60, 60},
		}},
		"a pause is taken out of the stretches it lies in": {
			beginStory().does(h, ingest.KindPaused, agent).to("技术部", 90*m, ingest.KindDispatched).does(2*h, ingest.KindResumed, agent).does(3*h, ingest.KindResolved, agent),
			map[kpi.Spending][2]int{kpi.SpentDispatch: {60, 60}, kpi.SpentPaused: {60, 60}, kpi.SpentResolve: {60, 60}},
		},
		"a later round is redoing, and the gap before it is nobody's": {
			beginStory().does(h, ingest.KindResolved, agent).does(24*h, ingest.KindReopened, agent).to("技术部", 25*h, ingest.KindConfirmed).does(26*h, ingest.KindResolved, agent),
			map[kpi.Spending][2]int{kpi.SpentResolve: {60, 60}, kpi.SpentRedo: {120, 120}},
		},
		"the offer and the filing follow the last resolution side by side": {
			beginStory().does(h, ingest.KindResolved, agent).does(2*h, ingest.KindSurveyed, agent).does(3*h, ingest.KindClosed, agent),
			map[kpi.Spending][2]int{kpi.SpentResolve: {60, 60}, kpi.SpentSurvey: {60, 60}, kpi.SpentClosing: {120, 120}},
		},
		"the first reply that is the resolution ends no stretch of its own": {
			beginStory().does(h, ingest.KindResolved, agent), map[kpi.Spending][2]int{kpi.SpentResolve: {60, 60}},
		},
		"an open complaint has not spent anything yet": {usual, map[kpi.Spending][2]int{}},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := way(tt.story.fold(t))
			if len(got) != len(tt.want) {
				t.Fatalf("spent on %v, want %v", got, tt.want)
			}
			for on, want := range tt.want {
				if got[on] != want {
					t.Errorf("%s took %v minutes, want %v", on, got[on], want)
				}
			}
		})
	}
}

func TestMilestonesAreThoseThatWereReached(t *testing.T) {
	c := beginStory().to("技术部", time.Hour, ingest.KindDispatched).to("物流部", 2*time.Hour, ingest.KindDispatched).
		does(3*time.Hour, ingest.KindPlanProposed, agent).does(4*time.Hour, ingest.KindPlanRejected, ingest.RoleCustomer).
		does(5*time.Hour, ingest.KindClosed, agent).fold(t)
	want := []transform.Reached{
		{Milestone: kpi.Registered, At: monday},
		{Milestone: kpi.Acknowledged, At: monday.Add(5 * time.Hour)},
		{Milestone: kpi.Dispatched, At: monday.Add(time.Hour)},
		{Milestone: kpi.Planned, At: monday.Add(3 * time.Hour)},
		{Milestone: kpi.Resolved, At: monday.Add(5 * time.Hour)},
		{Milestone: kpi.Closed, At: monday.Add(5 * time.Hour)},
		{Milestone: kpi.PlanRejected, At: monday.Add(4 * time.Hour)},
	}
	if !slices.Equal(c.Milestones, want) {
		t.Errorf("came to %v\nwant %v", c.Milestones, want)
	}
}

// What a complaint's time was spent on adds up to its handling time, whatever happened to it.
func TestSpendingAddsUpToTheHandlingTime(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(rt *rapid.T) {
		c, _ := transform.Fold(draw(rt), r)
		if !c.Handling.Known {
			if c.Spent != nil {
				rt.Fatal("a complaint without handling time has spent some")
			}
			return
		}
		gross := c.Handling.Gross
		for _, round := range c.Rounds {
			if !round.ReopenedAt.IsZero() {
				gross -= round.ReopenedAt.Sub(round.EndedAt)
			}
		}
		var all, paused time.Duration
		for _, s := range c.Spent {
			if s.Took < 0 || s.Worked < 0 || s.Worked > s.Took {
				rt.Fatalf("%s took %s, %s of it worked", s.On, s.Took, s.Worked)
			}
			if s.On.Handling() {
				all += s.Took
			}
			if s.On == kpi.SpentPaused {
				paused = s.Took
			}
		}
		if all != gross || all-paused != c.Handling.Net {
			rt.Fatalf("spent %s of %s, without pauses %s of %s: %v", all, gross, all-paused, c.Handling.Net, c.Spent)
		}
	})
}
