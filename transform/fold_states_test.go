package transform_test

import (
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

func TestStates(t *testing.T) {
	for name, tt := range map[string]struct {
		story story
		check func(t *testing.T, c transform.Complaint)
	}{
		"closed on an open complaint acts as its resolved": {
			beginStory().does(time.Hour, ingest.KindClosed, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "state", c.State, transform.Resolved)
				equal(t, "ended", c.EndedAt, at(time.Hour))
				equal(t, "replied", c.Response.Replied, true)
				clockOf(t, c, sla.Survey, 1)
			},
		},
		"an event that finds the state already so changes nothing": {
			beginStory().does(time.Hour, ingest.KindResolved, agent).does(2*time.Hour, ingest.KindResolved, agent).
				does(3*time.Hour, ingest.KindWithdrawn, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "state", c.State, transform.Resolved)
				equal(t, "ended", c.EndedAt, at(time.Hour))
				equal(t, "rounds", len(c.Rounds), 1)
				equal(t, "abandoned", c.Response.Abandoned, false)
			},
		},
		"a withdrawal after the end cancels the survey": {
			beginStory().does(time.Hour, ingest.KindResolved, agent).does(2*time.Hour, ingest.KindWithdrawn, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "cancelled", clockOf(t, c, sla.Survey, 1).Cancelled, at(2*time.Hour))
			},
		},
		"a reopening of an open complaint is an anomaly and no round": {
			beginStory().does(time.Hour, ingest.KindReopened, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "rounds", len(c.Rounds), 1)
				equal(t, "anomaly", slices.Contains(c.Anomalies, transform.AnomalyReopenedOpen), true)
			},
		},
		"a reopening begins a round with clocks of its own; acknowledge and dispatch run once": {
			beginStory().does(time.Hour, ingest.KindResolved, agent).does(2*time.Hour, ingest.KindReopened, agent).
				to("技术部", 3*time.Hour, ingest.KindDispatched).to("技术部", 4*time.Hour, ingest.KindConfirmed).
				does(50*time.Hour, ingest.KindResolved, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "redo", clockOf(t, c, sla.Redo, 2).StateAt(at(100*time.Hour), sla.Natural("")), sla.Met)
				equal(t, "confirm starts", clockOf(t, c, sla.Confirm, 2).Started, at(3*time.Hour))
				clockOf(t, c, sla.Plan, 2)
				clockOf(t, c, sla.Survey, 2)
				noClock(t, c, sla.Acknowledge, 2)
				noClock(t, c, sla.Dispatch, 2)
				noClock(t, c, sla.Resolve, 2)
				equal(t, "first survey cancelled", clockOf(t, c, sla.Survey, 1).Cancelled, at(2*time.Hour))
				equal(t, "gross", c.Handling.Gross, 50*time.Hour)
				equal(t, "net leaves out the gap", c.Handling.Net, 49*time.Hour)
			},
		},
		"nothing after the end of a round starts a clock": {
			beginStory().does(time.Hour, ingest.KindResolved, agent).to("技术部", 2*time.Hour, ingest.KindDispatched),
			func(t *testing.T, c transform.Complaint) { t.Helper(); noClock(t, c, sla.Confirm, 1) },
		},
		"a second dispatch starts no second clock": {
			beginStory().to("技术部", time.Hour, ingest.KindDispatched).to("物流部", 2*time.Hour, ingest.KindDispatched),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "confirm starts", clockOf(t, c, sla.Confirm, 1).Started, at(time.Hour))
				equal(t, "department", c.Department, "物流部")
			},
		},
		"a merge ends; where it went is kept": {
			beginStory().on(time.Hour, ingest.KindMerged, agent, &ingest.Merged{Into: "c-2"}),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "state", c.State, transform.Merged)
				equal(t, "into", c.MergedInto, "c-2")
				equal(t, "resolve", clockOf(t, c, sla.Resolve, 1).Cancelled, at(time.Hour))
			},
		},
		"a pause runs to the first resumed; a second pause and a stray resume change nothing": {
			beginStory().does(time.Hour, ingest.KindResumed, agent).does(2*time.Hour, ingest.KindPaused, agent).
				does(3*time.Hour, ingest.KindPaused, agent).does(4*time.Hour, ingest.KindResumed, agent).
				does(5*time.Hour, ingest.KindResumed, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "pauses", len(c.Pauses), 1)
				equal(t, "paused for", c.Pauses[0].EndedAt.Sub(c.Pauses[0].StartedAt), 2*time.Hour)
				equal(t, "due", clockOf(t, c, sla.Resolve, 1).Due, at(74*time.Hour))
				equal(t, "acknowledge never pauses", clockOf(t, c, sla.Acknowledge, 1).Due, at(2*time.Hour))
			},
		},
		"the end of the complaint ends its pause": {
			beginStory().does(time.Hour, ingest.KindPaused, agent).does(3*time.Hour, ingest.KindResolved, agent).
				does(4*time.Hour, ingest.KindPaused, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "pauses", len(c.Pauses), 1)
				equal(t, "pause ends", c.Pauses[0].EndedAt, at(3*time.Hour))
				equal(t, "net", c.Handling.Net, time.Hour)
			},
		},
		"of several registrations the earliest counts and the others give nothing": {
			beginStory().on(time.Hour, ingest.KindRegistered, agent, &ingest.Registered{Channel: "phone", Title: "x", Priority: "urgent"}),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "channel", c.Channel, "web")
				equal(t, "priority", c.Priority, "normal")
				equal(t, "anomaly", slices.Contains(c.Anomalies, transform.AnomalySeveralRegistered), true)
				equal(t, "events", c.Events, 2)
				equal(t, "lags", len(c.SyncLags), 1)
			},
		},
		"an event before the registration moves no state but sets fields, department and owner": {
			beginStory().does(-time.Hour, ingest.KindWithdrawn, agent).to("技术部", -2*time.Hour, ingest.KindDispatched),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "state", c.State, transform.Open)
				equal(t, "department", c.Department, "技术部")
				equal(t, "dispatch", clockOf(t, c, sla.Dispatch, 1).Anomaly, true)
				equal(t, "dispatched", c.Flow.FirstDispatchedAt, time.Time{})
				noClock(t, c, sla.Confirm, 1)
			},
		},
		"resolved before it was registered: no verdict and no duration": {
			beginStory().does(-time.Hour, ingest.KindResolved, agent).does(time.Hour, ingest.KindResolved, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "resolve", clockOf(t, c, sla.Resolve, 1).Anomaly, true)
				equal(t, "acknowledge", c.Response.Anomaly, true)
				equal(t, "handling", c.Handling.Known, false)
				equal(t, "state", c.State, transform.Resolved)
			},
		},
		"of one instant the registration comes first, whatever its id": {
			story{}.does(0, ingest.KindAcknowledged, agent).to("技术部", 0, ingest.KindDispatched).
				on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "web", Title: "x"}),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "acknowledge", clockOf(t, c, sla.Acknowledge, 1).Anomaly, false)
				equal(t, "replied at once", c.Response.FirstAt, monday)
				equal(t, "dispatched", c.Flow.FirstDispatchedAt, monday)
			},
		},
		"of one instant the other events go by their ids": {
			beginStory().does(time.Hour, ingest.KindResolved, agent).does(time.Hour, ingest.KindReopened, agent).
				does(time.Hour, ingest.KindWithdrawn, agent),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "rounds", len(c.Rounds), 2)
				equal(t, "state", c.State, transform.Withdrawn)
			},
		},
		"without a registration it is an orphan": {
			story{}.does(0, ingest.KindResolved, agent),
			func(t *testing.T, c transform.Complaint) { t.Helper(); equal(t, "orphan", c.Orphan, true) },
		},
		"a registration that came later than other events replaces an orphan": {
			story{}.does(time.Hour, ingest.KindResolved, agent).on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "web", Title: "x"}),
			func(t *testing.T, c transform.Complaint) {
				t.Helper()
				equal(t, "orphan", c.Orphan, false)
				equal(t, "was", c.Trace.WasOrphan, true)
			},
		},
	} {
		t.Run(name, func(t *testing.T) { tt.check(t, tt.story.fold(t)) })
	}
}

func TestTargetsAreThoseInForceAtTheStart(t *testing.T) {
	priority := func(p string) *ingest.Classified { return &ingest.Classified{Priority: p} }
	bare := story{}.on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "web", Title: "t"})
	for name, tt := range map[string]struct {
		story story
		want  time.Duration
	}{
		"a later correction changes no target":                     {beginStory().on(time.Millisecond, ingest.KindCorrected, agent, &ingest.Corrected{Fields: ingest.CorrectedFields{Priority: "urgent"}}), 2 * time.Hour},
		"a value given in the millisecond of the start is in time": {beginStory().on(0, ingest.KindClassified, agent, priority("urgent")), time.Hour},
		"a value absent then is the first one given later":         {bare.on(time.Hour, ingest.KindClassified, agent, priority("urgent")).on(2*time.Hour, ingest.KindClassified, agent, priority("low")), time.Hour},
		"a priority never given is normal":                         {bare, 2 * time.Hour},
		"an unknown priority is normal, whatever is given later":   {bare.on(0, ingest.KindClassified, agent, priority("P1")).on(time.Hour, ingest.KindClassified, agent, priority("urgent")), 2 * time.Hour},
		"a value given before the registration is in force":        {bare.on(-time.Hour, ingest.KindClassified, agent, priority("high")), time.Hour},
		"an outage goes first":                                     {beginStory().on(0, ingest.KindClassified, agent, &ingest.Classified{Category: "服务中断/支付"}), 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, "target", clockOf(t, tt.story.fold(t), sla.Acknowledge, 1).Target, tt.want)
		})
	}
}
