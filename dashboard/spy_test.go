package dashboard_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard/account"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// What the department of a test owns, and what it must never see or be counted with.
const (
	ownDepartment = "平台技术部"
	foreign       = "支付部"
	secret        = "支付部秘密"
	foreignID     = "C-2026-FOREIGN"
	foreignIssue  = "I-FOREIGN"
)

// spy is a store of two departments. It answers rows of the foreign one wherever a question lets them in, and fails the test
// when somebody limited asks such a question.
type spy struct {
	*sample

	t *testing.T
}

// lets says whether a slice lets foreign rows in.
func (y *spy) lets(ctx context.Context, question string, s kpi.Slice) bool {
	in := len(s[kpi.Department]) == 0 || slices.Contains(s[kpi.Department], foreign)
	if p, known := account.From(ctx); in && (!known || p.Limited()) {
		y.t.Errorf("%s is asked over rows of others (known person: %t)", question, known)
	}
	return in
}

func (y *spy) Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	y.lets(ctx, "Choices", q.Slice)
	return map[kpi.Dimension][]kpi.Choice{kpi.Product: {{Value: secret, Count: 3}}}, nil
}

func (y *spy) ChoicesWithin(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	y.lets(ctx, "ChoicesWithin", q.Slice)
	return map[kpi.Dimension][]kpi.Choice{kpi.Product: {{Value: "会员中心", Count: 3}}}, nil
}

func (y *spy) DepartmentsOf(_ context.Context, ids []string) (map[string]string, error) {
	found := map[string]string{}
	for _, id := range ids {
		switch {
		case id == foreignID:
			found[id] = foreign
		case strings.HasPrefix(id, "C-2026-0001"):
			found[id] = ownDepartment
		}
	}
	return found, nil
}

func (y *spy) KPIs(ctx context.Context, q kpi.Query, ids ...string) (kpi.Result, error) {
	y.lets(ctx, "KPIs", q.Slice)
	return y.sample.KPIs(ctx, q, ids...)
}

func (y *spy) KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error) {
	y.lets(ctx, "KPIsOf", q.Slice)
	return y.sample.KPIsOf(ctx, q, periods, ids...)
}

func (y *spy) KPIsBy(ctx context.Context, q kpi.Query, by kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error) {
	y.lets(ctx, "KPIsBy", q.Slice)
	return y.sample.KPIsBy(ctx, q, by, ids...)
}

func (y *spy) Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error) {
	y.lets(ctx, "Strip", q.Slice)
	return y.sample.Strip(ctx, q)
}

func (y *spy) Flow(ctx context.Context, q kpi.Query, step kpi.Step) ([]kpi.FlowPoint, error) {
	y.lets(ctx, "Flow", q.Slice)
	return y.sample.Flow(ctx, q, step)
}

func (y *spy) Series(ctx context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error) {
	y.lets(ctx, "Series", q.Slice)
	return y.sample.Series(ctx, q, step, ids...)
}

func (y *spy) Heat(ctx context.Context, q kpi.Query) ([]kpi.HeatCell, error) {
	y.lets(ctx, "Heat", q.Slice)
	return y.sample.Heat(ctx, q)
}

func (y *spy) Survival(ctx context.Context, q kpi.Query) (kpi.Waits, error) {
	y.lets(ctx, "Survival", q.Slice)
	return y.sample.Survival(ctx, q)
}

func (y *spy) Departments(ctx context.Context, q kpi.Query) ([]kpi.DepartmentRow, error) {
	if y.lets(ctx, "Departments", q.Slice) {
		return []kpi.DepartmentRow{{Department: secret, Registered: 777}}, nil
	}
	return []kpi.DepartmentRow{{Department: ownDepartment, Registered: 5}}, nil
}

func (y *spy) Due(ctx context.Context, f transform.DueFilter) (transform.DueBoard, error) {
	y.lets(ctx, "Due", f.Slice)
	return y.sample.Due(ctx, f)
}

func (y *spy) Coverage(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	y.lets(ctx, "Coverage", q.Slice)
	return y.sample.Coverage(ctx, q, before)
}

// Journey, Moves and Voice answer foreign names even where the question is narrow: an own complaint was with others.
func (y *spy) Journey(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	y.lets(ctx, "Journey", q.Slice)
	j, err := y.sample.Journey(ctx, q, before)
	j.Departments = map[string][]kpi.Stay{secret: j.Stays, ownDepartment: j.Stays}
	return j, err
}

func (y *spy) Moves(ctx context.Context, q kpi.Query) ([]kpi.Move, error) {
	y.lets(ctx, "Moves", q.Slice)
	return []kpi.Move{{From: secret, To: "客服中心", Transfers: 3, Complaints: 3}, {From: "客服中心", To: ownDepartment, Transfers: 2, Complaints: 2}}, nil
}

func (y *spy) Voice(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Voice, error) {
	y.lets(ctx, "Voice", q.Slice)
	v, err := y.sample.Voice(ctx, q, before)
	v.Issues[foreignIssue] = secret
	return v, err
}

func (y *spy) LowScores(ctx context.Context, q kpi.Query, limit int) ([]transform.LowScore, error) {
	found, err := y.sample.LowScores(ctx, q, limit)
	if y.lets(ctx, "LowScores", q.Slice) {
		found = append(found, transform.LowScore{ComplaintID: foreignID, Title: secret})
	}
	return found, err
}

func (y *spy) Complaints(ctx context.Context, f transform.ComplaintFilter) (transform.ComplaintPage, error) {
	page, err := y.sample.Complaints(ctx, f)
	if slices.Equal(f.Slice[kpi.Department], []string{"\u2400"}) || f.Key == foreignKey {
		page = transform.ComplaintPage{}
	}
	if y.lets(ctx, "Complaints", f.Slice) {
		page.Rows = append(page.Rows, transform.ComplaintRow{ComplaintID: foreignID, Title: secret, Department: foreign, RegisteredAt: sampleNow()})
	}
	return page, err
}

func (y *spy) EachListed(ctx context.Context, f transform.ComplaintFilter, give func(transform.ComplaintRow) error) error {
	y.lets(ctx, "EachListed", f.Slice)
	return y.sample.EachListed(ctx, f, give)
}

// foreignKey finds a foreign complaint alone.
const foreignKey = "feedfeedfeedfeedfeedfeed"

func (y *spy) KnowsKey(context.Context, string) (bool, error) { return true, nil }

func (y *spy) Complaint(ctx context.Context, id string, asOf time.Time) (transform.ComplaintDetail, error) {
	d, err := y.sample.Complaint(ctx, "C-2026-000123", asOf)
	if id != foreignID && id != "C-2026-000123" {
		return transform.ComplaintDetail{}, transform.ErrNotFound
	}
	d.Fact.ID, d.Fact.MergedInto = id, foreignID
	d.Duplicates = append(d.Duplicates, transform.Duplicate{ComplaintID: foreignID, Title: secret})
	return d, err
}

func (y *spy) Original(ctx context.Context, id string) (transform.Original, error) {
	if id == foreignID {
		return transform.Original{Content: secret}, nil
	}
	return y.sample.Original(ctx, id)
}

func (y *spy) Why(ctx context.Context, id string, asOf time.Time) (issue.Reason, error) {
	if id == foreignID {
		return issue.Reason{ComplaintID: id, IssueName: secret}, nil
	}
	return y.sample.Why(ctx, id, asOf)
}

func (y *spy) Issues(ctx context.Context, q kpi.Query) (issue.List, error) {
	l, err := y.sample.Issues(ctx, q)
	for i := range l.Issues {
		l.Issues[i].Marks.Note = secret
	}
	if y.lets(ctx, "Issues", q.Slice) {
		l.Issues = append(l.Issues, issue.Summary{ID: foreignIssue, Name: secret, Complaints: 3, State: issue.New})
	}
	return l, err
}

func (y *spy) Issue(ctx context.Context, id string, q kpi.Query) (issue.Detail, error) {
	y.lets(ctx, "Issue", q.Slice)
	if id == foreignIssue {
		return issue.Detail{Summary: issue.Summary{ID: id, Name: secret, State: issue.New}}, nil
	}
	d, err := y.sample.Issue(ctx, id, q)
	d.Representatives = append(d.Representatives, issue.Representative{ComplaintID: foreignID, Title: secret, Text: secret})
	d.Words = append(d.Words, issue.Keyword{Word: secret, Complaints: 3})
	d.Changes = append(d.Changes, issue.Change{Kind: issue.Taken, From: foreignIssue, Name: secret})
	return d, err
}

func (y *spy) IssueLineage(ctx context.Context, id string) (issue.Lineage, error) {
	l, err := y.sample.IssueLineage(ctx, id)
	if id == foreignIssue {
		l, err = issue.Lineage{ID: id}, nil
	}
	l.Changes = append(l.Changes, issue.Change{Kind: issue.Taken, Name: secret})
	return l, err
}

func (y *spy) IssueMembers(ctx context.Context, id string, q kpi.Query, after transform.Cursor, limit int) ([]issue.Member, bool, error) {
	found, more, err := y.sample.IssueMembers(ctx, "I-0001", q, after, limit)
	return append(found, issue.Member{Representative: issue.Representative{ComplaintID: foreignID, Title: secret, Text: secret}}), more, err
}

func (y *spy) IssueNames(context.Context) (map[string]issue.Named, error) {
	return map[string]issue.Named{
		"I-0001": {ID: "I-0001", Name: "会员中心验证码收不到", Leads: "I-0001"}, foreignIssue: {ID: foreignIssue, Name: secret, Leads: foreignIssue},
	}, nil
}

func (y *spy) IssuesNamed(context.Context, string, int) ([]issue.Titled, error) {
	return []issue.Titled{{ID: foreignIssue, Name: secret, Complaints: 3}, {ID: "I-0001", Name: "会员中心验证码收不到", Complaints: 777}}, nil
}

func (y *spy) Actions(ctx context.Context, asOf time.Time) ([]improve.Action, error) {
	all, err := y.sample.Actions(ctx, asOf)
	return append(all, improve.Action{ID: "A-1", Issue: "I-0001", Title: secret, State: improve.Opened, OpenedAt: asOf.AddDate(0, 0, -3)}), err
}
