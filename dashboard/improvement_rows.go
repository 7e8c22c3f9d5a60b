package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// soonDue is how long before its due instant an action is said to be due soon.
const soonDue = 7 * 24 * time.Hour

var actionStateNames = map[improve.State]string{ //nolint:gochecknoglobals // a constant table
	improve.Opened: "登记", improve.Cause: "原因", improve.Measure: "措施", improve.Verifying: "验证", improve.Closed: "关闭",
}

var verdictNames = map[improve.Verdict]string{ //nolint:gochecknoglobals // a constant table
	improve.Effective: "有效", improve.NotEffective: "无效", improve.Unclear: "尚不清楚", ingest.Other: "其他",
}

var verdictTones = map[improve.Verdict]string{ //nolint:gochecknoglobals // a constant table
	improve.Effective: "good", improve.NotEffective: "bad", improve.Unclear: "warn",
}

// actionFilter is what a list of actions is narrowed to beside the view's dimensions.
type actionFilter struct {
	state   improve.State
	overdue bool
	// part names a term of the rate of rectification; the list holds exactly the actions that it counted.
	part string
}

// Parts of the rate of rectification beside the numerator, the denominator, the missed and the pending ones.
const (
	partEffective = "effective"
	partVerified  = "verified"
)

var actionParts = []string{ //nolint:gochecknoglobals // a constant list
	transform.PartDenominator, transform.PartNumerator, transform.PartMissed, transform.PartPending, partEffective, partVerified,
}

// parseActions reads the filters of an address.
func parseActions(v view) (actionFilter, error) {
	f := actionFilter{state: improve.State(v.Own.Get(ownState)), part: v.Own.Get(ownPart)}
	switch overdue := v.Own.Get(ownOverdue); {
	case overdue != "" && overdue != "1":
		return f, badField(ownOverdue, "可用 1")
	case f.state != "" && !slices.Contains(improve.States, f.state):
		return f, badField(ownState, "可用 opened、cause、measure、verifying、closed")
	case f.part != "" && !slices.Contains(actionParts, f.part):
		return f, badField(ownPart, "可用 denominator、numerator、missed、pending、effective、verified")
	default:
		f.overdue = overdue != ""
	}
	return f, nil
}

// apply keeps the actions that an address asks for.
func (f actionFilter) apply(v view, all []improve.Action) []improve.Action {
	var out []improve.Action
	for _, a := range all {
		if sliceHolds(v.Slice, a) && (f.state == "" || a.State == f.state) && (!f.overdue || a.Overdue(v.AsOf)) && f.counts(v, a) {
			out = append(out, a)
		}
	}
	return out
}

// sliceHolds says whether an action is in a slice: in the dimensions that no action has its value is absent.
func sliceHolds(slice kpi.Slice, a improve.Action) bool {
	values := map[kpi.Dimension]string{kpi.Department: a.Department, kpi.Owner: a.Owner, kpi.Issue: a.Issue, kpi.CauseGroup: a.CauseGroup}
	for dimension, wanted := range slice {
		if len(wanted) > 0 && !slices.Contains(wanted, values[dimension]) {
			return false
		}
	}
	return true
}

// counts says whether an action is in the part of the rate that the list stands behind.
func (f actionFilter) counts(v view, a improve.Action) bool {
	within := func(t time.Time) bool { return !t.IsZero() && !t.Before(v.Period.From) && t.Before(v.Period.To) }
	asOf := v.AsOf.Truncate(time.Millisecond)
	due := within(a.FirstDue) && a.FirstDue.Before(asOf)
	onTime := !a.FirstDone.IsZero() && !a.FirstDone.After(a.FirstDue)
	switch f.part {
	case transform.PartDenominator:
		return due
	case transform.PartNumerator:
		return due && onTime
	case transform.PartMissed:
		return due && !onTime
	case transform.PartPending:
		return within(a.FirstDue) && !due
	case partEffective, partVerified:
		verdict := ""
		for _, step := range a.Steps {
			if step.Kind == ingest.KindActionVerified && step.UndoneBy == "" && within(step.At) {
				verdict = step.Says["verdict"]
			}
		}
		return verdict != "" && (f.part == partVerified || verdict == string(improve.Effective))
	}
	return true
}

// actionCard is an action on the board, and a row of the list.
type actionCard struct {
	ID, URL string
	// Title is what it is about: its issue's name, or its own.
	Title               string
	Issue               *logThing
	State               improve.State
	StateName           string
	Department, Owner   string
	CauseGroup          said
	Opened, Due, Done   string
	DueWords, DueTone   string
	Verdict, VerdictTip string
	VerdictTone         string
	Reopened            int
}

func newActionCard(v view, a improve.Action, names map[string]issue.Named) actionCard {
	c := actionCard{
		ID: a.ID, URL: v.To(improvementPath + "/" + pathEscape(a.ID)), Title: actionTitle(a, names), State: a.State, StateName: actionStateNames[a.State],
		Department: a.Department, Owner: a.Owner, Opened: day(a.OpenedAt, v.AsOf), Due: day(a.DueAt, v.AsOf), Done: day(a.Done, v.AsOf),
		Verdict: verdictNames[a.Verdict], VerdictTone: verdictTones[a.Verdict], VerdictTip: a.VerifiedBy, Reopened: a.Reopened,
	}
	if a.Issue != "" {
		c.Issue = new(thing(names, a.Issue))
	}
	if a.CauseGroup != "" {
		c.CauseGroup = saidValue(kpi.CauseGroup, a.CauseGroup)
	}
	c.DueWords, c.DueTone = dueWords(a, v.AsOf)
	return c
}

// actionTitle is what an action is called.
func actionTitle(a improve.Action, names map[string]issue.Named) string {
	return cmp.Or(a.Title, names[a.Issue].Name, a.Issue, a.ID)
}

// dueWords tell how an action stands to its due day.
func dueWords(a improve.Action, now time.Time) (words, tone string) {
	days := int(math.Round(midnight(a.DueAt.In(now.Location())).Sub(midnight(now)).Hours() / 24))
	switch {
	case a.DueAt.IsZero() && a.Working():
		return "未定期限", ""
	case a.State == improve.Closed && a.Done.IsZero():
		return "未完成即关闭", ""
	case !a.Working() && !a.FirstDue.IsZero() && a.FirstDone.After(a.FirstDue):
		return "逾期完成", "warn"
	case !a.Working() && !a.FirstDue.IsZero():
		return "按期完成", "good"
	case !a.Working():
		return "已完成", ""
	case a.Overdue(now):
		return fmt.Sprintf("逾期 %d 天", max(1, -days)), "bad"
	case days == 0:
		return "今天到期", "warn"
	case a.DueAt.Sub(now) < soonDue:
		return fmt.Sprintf("%d 天后到期", days), "warn"
	}
	return fmt.Sprintf("%d 天后到期", days), ""
}

// actionsOf are the actions of a view. One of now shows all that was decided, also by a clock that is ahead of this one;
// what stands behind a figure is counted as the figure is.
func (s *Server) actionsOf(ctx context.Context, v view, f actionFilter) ([]improve.Action, error) {
	asOf := v.AsOf
	if !v.Fixed && f.part == "" {
		asOf = s.everything()
	}
	all, err := s.deps.Reader.Actions(ctx, asOf)
	if err != nil {
		return nil, fmt.Errorf("read actions: %w", err)
	}
	return all, nil
}

// issueActions are the actions against an issue, or one that it took over, the newest first.
func (s *Server) issueActions(ctx context.Context, v view, d issue.Detail) ([]actionCard, error) {
	all, err := s.actionsOf(ctx, v, actionFilter{})
	if err != nil {
		return nil, err
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		return nil, fmt.Errorf("read issues: %w", err)
	}
	var out []actionCard
	for _, a := range slices.Backward(all) {
		if a.Issue != "" && (a.Issue == d.ID || names[a.Issue].Leads == d.ID) {
			out = append(out, newActionCard(v, a, names))
		}
	}
	return out, nil
}
