package dashboard

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// scopedRows is how many rows are asked for at once where those of others are taken out.
const scopedRows = 1000

func (r scoped) Complaints(ctx context.Context, f transform.ComplaintFilter) (transform.ComplaintPage, error) {
	q, _, err := r.query(ctx, f.Query)
	if err != nil {
		return transform.ComplaintPage{}, err
	}
	f.Query = q
	return r.all.Complaints(ctx, f)
}

func (r scoped) EachListed(ctx context.Context, f transform.ComplaintFilter, give func(transform.ComplaintRow) error) error {
	q, _, err := r.query(ctx, f.Query)
	if err != nil {
		return err
	}
	f.Query = q
	return r.all.EachListed(ctx, f, give)
}

// own says whether a complaint is the asker's; the error is the same, after the same work, for one of others and for one
// that does not exist.
func (r scoped) own(ctx context.Context, id string) error {
	found, err := r.DepartmentsOf(ctx, []string{id})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("complaint %q: %w", id, transform.ErrNotFound)
	}
	return err
}

// Complaint leaves out what it says of complaints of others: duplicates, and what it was merged into.
func (r scoped) Complaint(ctx context.Context, id string, asOf time.Time) (transform.ComplaintDetail, error) {
	_, limited, err := r.of(ctx)
	if err == nil && limited {
		err = r.own(ctx, id)
	}
	if err != nil {
		return transform.ComplaintDetail{}, err
	}
	d, err := r.all.Complaint(ctx, id, asOf)
	if err != nil || !limited {
		return d, err
	}
	ids := []string{d.Fact.MergedInto}
	for _, o := range d.Duplicates {
		ids = append(ids, o.ComplaintID)
	}
	own, err := r.DepartmentsOf(ctx, ids)
	d.Duplicates = slices.DeleteFunc(slices.Clone(d.Duplicates), func(o transform.Duplicate) bool { return own[o.ComplaintID] == "" })
	if own[d.Fact.MergedInto] == "" {
		d.Fact.MergedInto = ""
	}
	return d, err
}

// Original is refused for complaints of others as Complaint refuses them.
func (r scoped) Original(ctx context.Context, id string) (transform.Original, error) {
	_, limited, err := r.of(ctx)
	if err == nil && limited {
		err = r.own(ctx, id)
	}
	if err != nil {
		return transform.Original{}, err
	}
	return r.all.Original(ctx, id)
}

// KnowsKey of a department says whether one of its own complaints is found by a key.
func (r scoped) KnowsKey(ctx context.Context, key string) (bool, error) {
	_, limited, err := r.of(ctx)
	if err != nil {
		return false, err
	}
	if !limited {
		return r.all.KnowsKey(ctx, key)
	}
	fresh, err := r.all.Freshness(ctx)
	if err != nil {
		return false, err
	}
	q, err := r.whole(ctx, lastThing(fresh))
	if err != nil {
		return false, err
	}
	page, err := r.all.Complaints(ctx, transform.ComplaintFilter{Query: q, Scope: transform.ScopeRegistered, Key: key, Limit: 1})
	return page.Total > 0, err
}

// visible are the issues with a complaint of the asker, at any time up to an instant, by id.
func (r scoped) visible(ctx context.Context, at time.Time) (map[string]issue.Summary, error) {
	q, err := r.whole(ctx, at)
	if err != nil {
		return nil, err
	}
	list, err := r.all.Issues(ctx, q)
	out := map[string]issue.Summary{}
	for _, i := range list.Issues {
		out[i.ID] = i
	}
	return out, err
}

// Issues of a department are those with its complaints; nothing in a row is of complaints of others but its name, words
// and state.
func (r scoped) Issues(ctx context.Context, q kpi.Query) (issue.List, error) {
	q, limited, err := r.query(ctx, q)
	if err != nil {
		return issue.List{}, err
	}
	list, err := r.all.Issues(ctx, q)
	if err != nil || !limited {
		return list, err
	}
	own, err := r.visible(ctx, q.AsOf)
	list.Issues = slices.Clone(list.Issues) // the answer may belong to others too
	for i := range list.Issues {
		ownSummary(&list.Issues[i], own)
	}
	return list, err
}

// ownSummary puts what the asker's complaints say in the place of what all say. When the issue was first and last seen
// among others is left out.
func ownSummary(i *issue.Summary, own map[string]issue.Summary) {
	i.Total, i.FirstSeen, i.LastSeen = own[i.ID].Complaints, time.Time{}, time.Time{}
	i.Marks.Note = ""
}

// leads is the issue that an id leads to, when it has complaints of the asker; transform.ErrNotFound else, after the same
// work for one of others and one that never was.
func (r scoped) leads(ctx context.Context, id string, at time.Time) (string, map[string]issue.Summary, error) {
	names, err := r.all.IssueNames(ctx)
	if err != nil {
		return "", nil, err
	}
	own, err := r.visible(ctx, at)
	if err != nil {
		return "", nil, err
	}
	to := names[id].Leads
	if _, is := own[to]; !is || to == "" {
		return "", nil, fmt.Errorf("issue %q: %w", id, transform.ErrNotFound)
	}
	return to, own, nil
}

// Issue of a department shows its own complaints as examples, and neither where it came from nor how often all use its
// words.
func (r scoped) Issue(ctx context.Context, id string, q kpi.Query) (issue.Detail, error) {
	q, limited, err := r.query(ctx, q)
	if err != nil || !limited {
		if err != nil {
			return issue.Detail{}, err
		}
		return r.all.Issue(ctx, id, q)
	}
	to, own, err := r.leads(ctx, id, q.AsOf)
	if err != nil {
		return issue.Detail{}, err
	}
	d, err := r.all.Issue(ctx, to, q)
	if err != nil {
		return d, err
	}
	ownSummary(&d.Summary, own)
	d.Words, d.MergedFrom, d.SplitFrom, d.SplitInto, d.Changes = nil, nil, nil, nil, nil
	ids := make([]string, len(d.Representatives))
	for i, e := range d.Representatives {
		ids[i] = e.ComplaintID
	}
	mine, err := r.DepartmentsOf(ctx, ids)
	d.Representatives = slices.DeleteFunc(slices.Clone(d.Representatives), func(e issue.Representative) bool { return mine[e.ComplaintID] == "" })
	return d, err
}

// IssueLineage of a department is its own issue's id alone.
func (r scoped) IssueLineage(ctx context.Context, id string) (issue.Lineage, error) {
	_, limited, err := r.of(ctx)
	if err != nil {
		return issue.Lineage{}, err
	}
	if !limited {
		return r.all.IssueLineage(ctx, id)
	}
	fresh, err := r.all.Freshness(ctx)
	if err != nil {
		return issue.Lineage{}, err
	}
	to, _, err := r.leads(ctx, id, lastThing(fresh))
	if err != nil {
		return issue.Lineage{}, err
	}
	return issue.Lineage{ID: to}, nil
}

// IssueMembers leaves out the complaints of others, and reads on until the page is full.
func (r scoped) IssueMembers(ctx context.Context, id string, q kpi.Query, after transform.Cursor, limit int) ([]issue.Member, bool, error) {
	q, limited, err := r.query(ctx, q)
	if err != nil {
		return nil, false, err
	}
	if !limited {
		return r.all.IssueMembers(ctx, id, q, after, limit)
	}
	to, _, err := r.leads(ctx, id, q.AsOf)
	if err != nil {
		return nil, false, err
	}
	mine := []issue.Member{}
	for {
		found, more, err := r.all.IssueMembers(ctx, to, q, after, scopedRows)
		if err != nil {
			return nil, false, err
		}
		ids := make([]string, len(found))
		for i, m := range found {
			ids[i] = m.ComplaintID
		}
		own, err := r.DepartmentsOf(ctx, ids)
		if err != nil {
			return nil, false, err
		}
		for _, m := range found {
			if own[m.ComplaintID] != "" {
				mine = append(mine, m)
			}
		}
		if len(mine) > limit {
			return mine[:limit], true, nil
		}
		if !more || len(found) == 0 {
			return mine, false, nil
		}
		last := found[len(found)-1]
		after = transform.Cursor{RegisteredAt: last.RegisteredAt, ComplaintID: last.ComplaintID}
	}
}

// Why is refused for complaints of others as Complaint refuses them.
func (r scoped) Why(ctx context.Context, complaint string, asOf time.Time) (issue.Reason, error) {
	_, limited, err := r.of(ctx)
	if err == nil && limited {
		err = r.own(ctx, complaint)
	}
	if err != nil {
		return issue.Reason{}, err
	}
	return r.all.Why(ctx, complaint, asOf)
}

// IssueNames of a department are those of its own issues.
func (r scoped) IssueNames(ctx context.Context) (map[string]issue.Named, error) {
	_, limited, err := r.of(ctx)
	if err != nil {
		return nil, err
	}
	names, err := r.all.IssueNames(ctx)
	if err != nil || !limited {
		return names, err
	}
	fresh, err := r.all.Freshness(ctx)
	if err != nil {
		return nil, err
	}
	own, err := r.visible(ctx, lastThing(fresh))
	out := map[string]issue.Named{}
	for id, n := range names {
		if _, is := own[id]; is {
			out[id] = n
		}
	}
	return out, err
}

// IssuesNamed of a department are its own issues, with the number of its own complaints.
func (r scoped) IssuesNamed(ctx context.Context, text string, most int) ([]issue.Titled, error) {
	_, limited, err := r.of(ctx)
	if err != nil {
		return nil, err
	}
	if !limited {
		return r.all.IssuesNamed(ctx, text, most)
	}
	fresh, err := r.all.Freshness(ctx)
	if err != nil {
		return nil, err
	}
	own, err := r.visible(ctx, lastThing(fresh))
	if err != nil {
		return nil, err
	}
	found, err := r.all.IssuesNamed(ctx, text, scopedRows)
	var out []issue.Titled
	for _, i := range found {
		if mine, is := own[i.ID]; is {
			i.Complaints = mine.Complaints
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b issue.Titled) int { return int(b.Complaints - a.Complaints) })
	return out[:min(most, len(out))], err
}
