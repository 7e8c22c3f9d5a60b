package oracle

import (
	"maps"
	"slices"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// judge answers questions from the raw events.
type judge struct {
	policies policies
	stored   map[string][]ingest.Stored
	issues   map[string]string
	// decisions are those about improvement actions.
	decisions []ingest.Stored
	// told keeps the stories of an as-of instant, clocks included.
	told map[instant][]*told
}

// told is a story with its clocks.
type told struct {
	*story
	clocks []clock
}

// stories tells every registered complaint as of an instant.
func (j *judge) stories(asOf instant) []*told {
	if all, ok := j.told[asOf]; ok {
		return all
	}
	all := []*told{}
	for _, id := range slices.Sorted(maps.Keys(j.stored)) {
		if s := tell(id, j.stored[id], asOf); s != nil {
			s.issue = j.issues[id]
			all = append(all, &told{s, s.clocks(j.policies)})
		}
	}
	j.told[asOf] = all
	return all
}

// question is a period, an instant and the complaints of a slice.
type question struct {
	from, to, asOf instant
	// all are the complaints of the store, in the slice or not: a repeat may lie outside it.
	all, in   []*told
	policies  policies
	decisions []ingest.Stored
	slice     kpi.Slice
}

// within says whether something that happened lies in the period and is known.
func (q *question) within(at instant) bool { return at >= q.from && at < q.to && at <= q.asOf }

// registered are the slice's complaints registered in the period; counted leaves out those merged as of the instant.
func (q *question) registered() []*told {
	return slices.DeleteFunc(slices.Clone(q.in), func(s *told) bool { return !q.within(s.registered) })
}

func (q *question) counted() []*told {
	return slices.DeleteFunc(q.registered(), func(s *told) bool { return s.endedBy(ingest.KindMerged) })
}

// share is a rate ÷ registered.
func (q *question) share(has func(*told) bool) kpi.Value {
	part, whole := 0, 0
	for _, s := range q.counted() {
		whole++
		if has(s) {
			part++
		}
	}
	return rate(part, whole, 0)
}

func (j *judge) ask(query kpi.Query) *question {
	q := &question{
		from: query.From.UnixMilli(), to: query.To.UnixMilli(), asOf: query.AsOf.UnixMilli(),
		all: j.stories(query.AsOf.UnixMilli()), policies: j.policies, decisions: j.decisions, slice: query.Slice,
	}
	for _, s := range q.all {
		if inSlice(s.story, query.Slice) {
			q.in = append(q.in, s)
		}
	}
	return q
}

// inSlice says whether a complaint's values at the instant lie in the slice.
func inSlice(s *story, slice kpi.Slice) bool {
	for dimension, wanted := range slice {
		value := s.value(dimension)
		if !slices.ContainsFunc(wanted, func(w string) bool {
			return w == value || dimension == kpi.Category && w != "" && branch(value, w)
		}) {
			return false
		}
	}
	return true
}

// value is what a complaint is reported under.
func (s *story) value(d kpi.Dimension) string {
	switch d {
	case kpi.Category:
		return s.values.category
	case kpi.Priority:
		return listed(s.values.priority, priorities...)
	case kpi.Channel:
		return listed(s.values.channel, channels...)
	case kpi.Department:
		return s.values.department
	case kpi.Owner:
		return s.values.owner
	case kpi.Region:
		return s.values.region
	case kpi.Tier:
		return s.values.tier
	case kpi.Product:
		return s.values.product
	case kpi.Level:
		return listed(s.values.level, "1", "2", "3")
	case kpi.CauseGroup:
		return listed(s.values.cause, causes...)
	default:
		return s.issue
	}
}

// figures are every entry of the catalogue.
func figures() map[string]func(*question) kpi.Value {
	all := map[string]func(*question) kpi.Value{
		"first_response": firstResponse, "handling_time": handlingTime, "completion": completion, "throughput": throughput,
		"backlog": backlog, "backlog_age": backlogAge, "satisfaction": satisfaction, "dissatisfied_redo": dissatisfiedRedo,
		"reopen": reopen, "repeat": repeat, "repeat_issue": repeatIssue, "first_contact": firstContact, "missed": missed,
		"deviation": deviation, "escalation": escalation, "bounce": bounce, "step_coverage": stepCoverage, "sync_lag": syncLag,
		"promise_kept": promiseKept, "longest_silence": longestSilence, "verified_ok": verifiedOK,
		"handover_unnamed": handoverUnnamed, "self_service": selfService, "issue_share": issueShare,
		"rectification": rectification,
	}
	for id, stage := range map[string]string{
		"response_on_time": "acknowledge", "dispatch_on_time": "dispatch", "confirm_on_time": "confirm", "plan_on_time": "plan",
		"resolve_on_time": "resolve", "survey_on_time": "survey", "redo_on_time": "redo", "assist_on_time": "assist",
	} {
		all[id] = func(q *question) kpi.Value { return onTime(q, stage) }
	}
	return all
}
