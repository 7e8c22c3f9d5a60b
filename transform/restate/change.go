package restate

import (
	"reflect"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// Aspect is a part of a fact that figures look at: a clock's stage, or one of those below.
type Aspect string

// Aspects beside the stages of clocks.
const (
	AspectRegistered Aspect = "registered"
	AspectEnds       Aspect = "ends"
	AspectReply      Aspect = "reply"
	AspectVoice      Aspect = "voice"
	AspectFlow       Aspect = "flow"
	AspectEscalated  Aspect = "escalated"
	AspectPromise    Aspect = "promise"
	AspectVerified   Aspect = "verified"
	AspectSilence    Aspect = "silence"
	AspectLag        Aspect = "lag"
	AspectValues     Aspect = "values"
	AspectCustomer   Aspect = "customer"
)

// Change is a complaint of which an event came after a publication.
type Change struct {
	ComplaintID string `json:"complaint_id"`
	// Kinds are those of the events that came later, each once; ArrivedAt is when the last of them reached the bus.
	Kinds     []ingest.Kind `json:"kinds"`
	ArrivedAt time.Time     `json:"arrived_at"`
	// Aspects are what differs as of the instant of the publication; empty where nothing does.
	Aspects []Aspect `json:"aspects"`
}

// Between compares the fact as it was published with the fact as of the same instant today. known says whether the complaint
// was registered as far as was known then.
func Between(before transform.Complaint, known bool, after transform.Complaint) []Aspect {
	var out []Aspect
	if !known {
		return []Aspect{AspectRegistered}
	}
	differ := func(a Aspect, x, y any) {
		if !reflect.DeepEqual(x, y) {
			out = append(out, a)
		}
	}
	differ(AspectRegistered, before.RegisteredAt, after.RegisteredAt)
	differ(AspectEnds, []any{before.State, before.EndedAt, before.FirstClosedAt, before.Rounds, before.Handling}, []any{after.State, after.EndedAt, after.FirstClosedAt, after.Rounds, after.Handling})
	differ(AspectReply, []any{before.Response, before.Replies}, []any{after.Response, after.Replies})
	differ(AspectVoice, []any{before.Surveys, before.Ratings}, []any{after.Surveys, after.Ratings})
	differ(AspectFlow, []any{before.Flow, before.Transfers}, []any{after.Flow, after.Transfers})
	differ(AspectEscalated, before.Escalations, after.Escalations)
	differ(AspectPromise, before.Promises, after.Promises)
	differ(AspectVerified, before.Verifications, after.Verifications)
	differ(AspectSilence, before.Silence, after.Silence)
	differ(AspectLag, before.SyncLags, after.SyncLags)
	differ(AspectCustomer, before.CustomerKey, after.CustomerKey)
	differ(AspectValues, values(before), values(after))
	for _, stage := range stages {
		differ(Aspect(stage), clocks(before, stage), clocks(after, stage))
	}
	return out
}

var stages = []sla.Stage{ //nolint:gochecknoglobals // a constant list
	sla.Acknowledge, sla.Dispatch, sla.Confirm, sla.Plan, sla.Resolve, sla.Survey, sla.Redo, sla.Assist,
}

func clocks(c transform.Complaint, stage sla.Stage) []sla.Clock {
	return slices.DeleteFunc(slices.Clone(c.Clocks), func(k sla.Clock) bool { return k.Stage != stage })
}

func values(c transform.Complaint) []any {
	return []any{c.Channel, c.Category, c.Priority, c.Product, c.Region, c.Tier, c.Department, c.Owner, c.CauseGroup, c.Level}
}

// looksAt says which aspects move a figure; every figure counts complaints that were registered.
var looksAt = map[string][]Aspect{ //nolint:gochecknoglobals // a constant table
	"first_response": {AspectReply, AspectEnds}, "missed": {AspectReply, AspectEnds}, "self_service": {AspectEnds, AspectReply},
	"deviation": {AspectFlow, AspectValues}, "escalation": {AspectEscalated, AspectEnds}, "bounce": {AspectFlow}, "handover_unnamed": {AspectFlow},
	"step_coverage": {AspectFlow, AspectEnds}, "sync_lag": {AspectLag}, "promise_kept": {AspectPromise}, "longest_silence": {AspectSilence, AspectEnds},
	"verified_ok": {AspectVerified}, "satisfaction": {AspectVoice}, "dissatisfied_redo": {AspectVoice, AspectEnds},
	"reopen": {AspectEnds}, "first_contact": {AspectEnds, AspectReply, AspectCustomer, AspectValues}, "handling_time": {AspectEnds},
	"completion": {AspectEnds}, "throughput": {AspectEnds}, "backlog": {AspectEnds}, "backlog_age": {AspectEnds},
	"repeat": {AspectCustomer, AspectValues, AspectEnds}, "repeat_issue": {AspectCustomer, AspectEnds}, "issue_share": {AspectEnds},
}

// moves says whether the change touches what a figure looks at.
func (c Change) moves(id string) bool {
	if slices.Contains(c.Aspects, AspectRegistered) {
		return true
	}
	at := looksAt[id]
	if e, known := kpi.Lookup(id); known && e.Query == "on_time" {
		at = []Aspect{Aspect(e.Stage)}
	}
	return slices.ContainsFunc(c.Aspects, func(a Aspect) bool { return slices.Contains(at, a) })
}

// Causes of a change: what the events that came later are.
func (c Change) Causes() []Cause {
	var out []Cause
	add := func(cause Cause) {
		if !slices.Contains(out, cause) {
			out = append(out, cause)
		}
	}
	for _, k := range c.Kinds {
		switch k {
		case ingest.KindRegistered:
			add(Registered)
		case ingest.KindCorrected, ingest.KindClassified:
			add(Corrected)
		case ingest.KindMerged:
			add(Merged)
		case ingest.KindErased:
			add(Erased)
		default:
			add(Late)
		}
	}
	return out
}
