package transform_test

import (
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

func score(s float64, offered time.Duration) *ingest.Surveyed {
	at := monday.Add(offered)
	return &ingest.Surveyed{Score: &s, OfferedAt: &at}
}

func plan(due time.Duration) *ingest.Plan {
	at := monday.Add(due)
	return &ingest.Plan{DueAt: &at}
}

func help(department string, due time.Duration) *ingest.AssistRequested {
	at := monday.Add(due)
	return &ingest.AssistRequested{Department: department, DueAt: &at}
}

func TestReplies(t *testing.T) {
	for name, tt := range map[string]struct {
		story story
		check func(t *testing.T, c transform.Complaint)
	}{
		"a bot's acknowledgement, an internal note and an incoming call are no human reply": {
			beginStory().does(time.Minute, ingest.KindAcknowledged, bot).
				on(2*time.Minute, ingest.KindAcknowledged, agent, &ingest.Acknowledged{Internal: true}).
				on(3*time.Minute, ingest.KindContacted, agent, contact("in")).
				does(4*time.Minute, ingest.KindAcknowledged, ""),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "reply", c.Response.FirstAt, time.Time{})
			},
		},
		"a call out by a department is one": {
			beginStory().on(3*time.Minute, ingest.KindContacted, office, contact("out")),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "reply", c.Response.FirstAt, at(3*time.Minute))
				equal(t, "took", c.Response.Took, 3*time.Minute)
			},
		},
		"a registration by an agent is none": {
			story{}.on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "phone", Title: "t"}),
			func(t *testing.T, c transform.Complaint) { t.Helper(); equal(t, "replied", c.Response.Replied, false) },
		},
		"a resolution by an agent is a reply and no touch": {
			beginStory().does(time.Hour, ingest.KindResolved, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "replied", c.Response.Replied, true)
				equal(t, "touches", c.Response.TouchesToResolution, 0)
				equal(t, "by a human", c.Response.ResolvedByHuman, true)
			},
		},
		"a complaint that ends without a reply is censored at its end, whatever comes after a reopening": {
			beginStory().does(time.Hour, ingest.KindResolved, bot).does(2*time.Hour, ingest.KindReopened, agent).
				does(3*time.Hour, ingest.KindAcknowledged, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "replied", c.Response.Replied, false)
				equal(t, "until", c.Response.Until, at(time.Hour))
				equal(t, "acknowledge", clockOf(t, c, sla.Acknowledge, 1).Cancelled, at(time.Hour))
			},
		},
		"missed is after four times the target in its own calendar": {
			beginStory(),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				// 8 h of working time from Monday 09:00: 7.5 h that day, half an hour on Tuesday
				equal(t, "missed after", c.Response.MissedAfter, at(24*time.Hour+30*time.Minute))
			},
		},
		"withdrawn before any human reply is abandoned, in whatever round": {
			beginStory().does(time.Hour, ingest.KindResolved, bot).does(2*time.Hour, ingest.KindReopened, agent).
				does(3*time.Hour, ingest.KindWithdrawn, ingest.RoleCustomer),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "abandoned", c.Response.Abandoned, true)
			},
		},
		"a reply before the registration is an anomaly": {
			beginStory().does(-time.Hour, ingest.KindAcknowledged, agent).does(time.Hour, ingest.KindAcknowledged, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "anomaly", c.Response.Anomaly, true)
				equal(t, "first", c.Response.FirstAt, at(time.Hour))
			},
		},
		"silence counts outward signs by whomever, and not what comes after the end": {
			beginStory().on(10*time.Hour, ingest.KindContacted, bot, contact("out")).does(12*time.Hour, ingest.KindPlanProposed, "").
				does(50*time.Hour, ingest.KindResolved, bot).on(500*time.Hour, ingest.KindContacted, agent, contact("out")),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "longest", c.Silence.Longest, 38*time.Hour)
			},
		},
		"the time between an end and its reopening is silent too": {
			beginStory().does(time.Hour, ingest.KindResolved, bot).does(90*time.Hour, ingest.KindReopened, agent).
				does(91*time.Hour, ingest.KindWithdrawn, ""),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "longest", c.Silence.Longest, 90*time.Hour)
			},
		},
	} {
		t.Run(name, func(t *testing.T) { tt.check(t, tt.story.fold(t)) })
	}
}

func TestSurveys(t *testing.T) {
	resolved := func() story { return beginStory().does(time.Hour, ingest.KindResolved, agent) }
	for name, tt := range map[string]struct {
		story story
		check func(t *testing.T, c transform.Complaint)
	}{
		"an offer and its answer are one survey": {
			resolved().does(2*time.Hour, ingest.KindSurveyed, bot).on(5*time.Hour, ingest.KindSurveyed, bot, score(4, 2*time.Hour)),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "surveys", len(c.Surveys), 1)
				equal(t, "answered", c.Surveys[0].AnsweredAt, at(5*time.Hour))
				equal(t, "finished", clockOf(t, c, sla.Survey, 1).Finished, at(2*time.Hour))
				equal(t, "rating", c.Ratings[0].Score, 4)
			},
		},
		"an answer without valid score is answered and no rating": {
			resolved().on(5*time.Hour, ingest.KindSurveyed, bot, score(3.5, 2*time.Hour)),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "answered", c.Surveys[0].AnsweredAt, at(5*time.Hour))
				equal(t, "score", c.Surveys[0].Score, 0)
				equal(t, "ratings", len(c.Ratings), 0)
			},
		},
		"an offer belongs to the round in which its instant lies": {
			resolved().does(10*time.Hour, ingest.KindReopened, agent).on(11*time.Hour, ingest.KindSurveyed, bot, score(2, 3*time.Hour)),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "round", c.Surveys[0].Round, 1)
				equal(t, "finished", clockOf(t, c, sla.Survey, 1).Finished, at(3*time.Hour))
				equal(t, "reopened after", c.Ratings[0].ReopenedAfter, false)
			},
		},
		"an offer before the resolution has no verdict": {
			beginStory().does(time.Hour, ingest.KindSurveyed, bot).does(2*time.Hour, ingest.KindResolved, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "anomaly", clockOf(t, c, sla.Survey, 1).Anomaly, true)
			},
		},
		"a reopening after a bad score is seen by it": {
			resolved().on(2*time.Hour, ingest.KindSurveyed, bot, score(1, 2*time.Hour)).does(3*time.Hour, ingest.KindReopened, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "reopened after", c.Ratings[0].ReopenedAfter, true)
			},
		},
	} {
		t.Run(name, func(t *testing.T) { tt.check(t, tt.story.fold(t)) })
	}
}

func TestPromisesAndAssists(t *testing.T) {
	for name, tt := range map[string]struct {
		story story
		check func(t *testing.T, c transform.Complaint)
	}{
		"a plan before the promise ran out replaces it, one after does not": {
			beginStory().on(time.Hour, ingest.KindPlanProposed, agent, plan(10*time.Hour)).
				on(10*time.Hour, ingest.KindPlanProposed, agent, plan(20*time.Hour)).
				on(21*time.Hour, ingest.KindPlanProposed, agent, plan(90*time.Hour)).does(22*time.Hour, ingest.KindResolved, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "promises", len(c.Promises), 1)
				equal(t, "due", c.Promises[0].Due, at(20*time.Hour))
				equal(t, "kept at", c.Promises[0].KeptAt, at(22*time.Hour))
			},
		},
		"a plan without a date and one after the end promise nothing": {
			beginStory().does(time.Hour, ingest.KindPlanProposed, agent).does(2*time.Hour, ingest.KindResolved, agent).
				on(3*time.Hour, ingest.KindPlanProposed, agent, plan(10*time.Hour)),
			func(t *testing.T, c transform.Complaint) { t.Helper(); equal(t, "promises", len(c.Promises), 0) },
		},
		"a withdrawal at the date cancels the promise": {
			beginStory().on(time.Hour, ingest.KindPlanProposed, agent, plan(10*time.Hour)).does(10*time.Hour, ingest.KindWithdrawn, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "cancelled", c.Promises[0].Cancelled, true)
			},
		},
		"a withdrawal after the date does not": {
			beginStory().on(time.Hour, ingest.KindPlanProposed, agent, plan(10*time.Hour)).does(11*time.Hour, ingest.KindWithdrawn, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "cancelled", c.Promises[0].Cancelled, false)
			},
		},
		"a named assist date does not pause; one done finishes every open request of the department": {
			beginStory().on(time.Hour, ingest.KindAssistRequested, agent, help("法务部", 30*time.Hour)).
				on(2*time.Hour, ingest.KindAssistRequested, agent, &ingest.AssistRequested{Department: "法务部"}).
				does(3*time.Hour, ingest.KindPaused, agent).does(20*time.Hour, ingest.KindResumed, agent).
				on(25*time.Hour, ingest.KindAssistDone, office, &ingest.AssistDone{Department: "技术部"}).
				on(26*time.Hour, ingest.KindAssistDone, office, &ingest.AssistDone{Department: "法务部"}),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				var found []sla.Clock
				for _, clock := range c.Clocks {
					if clock.Stage == sla.Assist {
						found = append(found, clock)
					}
				}
				if len(found) != 2 {
					t.Fatalf("%d assists", len(found))
				}
				equal(t, "named", found[0].Due, at(30*time.Hour))
				equal(t, "done", found[0].Finished, at(26*time.Hour))
				equal(t, "done too", found[1].Finished, at(26*time.Hour))
				// asked at 11:00; 1 h works, then paused from 12:00 to Tuesday 05:00; 6.5 h from Tuesday 09:00
				equal(t, "default", found[1].Due, at(32*time.Hour))
				equal(t, "department", c.Department, "")
			},
		},
		"a request after the end starts none, the end cancels one in time": {
			beginStory().on(time.Hour, ingest.KindAssistRequested, agent, help("法务部", 30*time.Hour)).
				does(2*time.Hour, ingest.KindResolved, agent).
				on(3*time.Hour, ingest.KindAssistRequested, agent, help("技术部", 30*time.Hour)),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "cancelled", clockOf(t, c, sla.Assist, 1).Cancelled, at(2*time.Hour))
			},
		},
	} {
		t.Run(name, func(t *testing.T) { tt.check(t, tt.story.fold(t)) })
	}
}
