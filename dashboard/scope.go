package dashboard

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"wenguo/dashboard/account"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/quality"
)

// ScopeReader is what narrowing to some departments asks of the store, beside what every reader asks.
type ScopeReader interface {
	// ChoicesWithin is Choices among the complaints of the query's slice.
	ChoicesWithin(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error)
	// DepartmentsOf are the departments that complaints are with now, by id; unknown complaints are left out.
	DepartmentsOf(ctx context.Context, ids []string) (map[string]string, error)
}

// scoped is the reader of all handlers. It gives a person of a department the rows of the departments of their account
// alone: what counts is counted over them, what names a complaint or an issue of others answers as if it did not exist. It
// lists every method by itself instead of embedding the reader, so that a new question does not compile before somebody
// has said what a department may learn by it. It stands before the memory of answers that readers share, so that their
// questions are narrowed before they are compared; answers may belong to others too and are not changed.
type scoped struct {
	all Reader
	// required says that whoever asks must be known: a question without a person is refused, not answered in full.
	required bool
}

func newScoped(all Reader, required bool) Reader { return scoped{all, required} }

// errUnasked is a fault of the server: a question without anybody who asks it.
var errUnasked = errors.New("a question without a person, where everybody signs in")

// nobodysDepartment is a value that no complaint has: a slice of it is empty.
const nobodysDepartment = "\u2400"

// of says whether the asker is limited to departments, and to which.
func (r scoped) of(ctx context.Context) (departments []string, limited bool, err error) {
	p, known := account.From(ctx)
	_, itself := ctx.Value(itselfKey{}).(bool)
	switch {
	case itself:
		return nil, false, nil
	case !known && r.required:
		return nil, false, errUnasked
	case !known || !p.Limited():
		return nil, false, nil
	case len(p.Departments) == 0:
		return []string{nobodysDepartment}, true, nil
	}
	return p.Departments, true, nil
}

type itselfKey struct{}

// asItself is a context in which the server asks for itself, for what it keeps for all readers. Who is shown that is decided
// where it is shown.
func asItself(ctx context.Context) context.Context { return context.WithValue(ctx, itselfKey{}, true) }

// slice narrows one to the asker's departments. A filter by departments of others is one by none: it answers what one by a
// department that does not exist does.
func (r scoped) slice(ctx context.Context, s kpi.Slice) (kpi.Slice, bool, error) {
	own, limited, err := r.of(ctx)
	if err != nil || !limited {
		return s, false, err
	}
	narrow := maps.Clone(s)
	if narrow == nil {
		narrow = kpi.Slice{}
	}
	if wanted := narrow[kpi.Department]; len(wanted) > 0 {
		own = slices.DeleteFunc(slices.Clone(own), func(d string) bool { return !slices.Contains(wanted, d) })
		if len(own) == 0 {
			own = []string{nobodysDepartment}
		}
	}
	narrow[kpi.Department] = own
	return narrow, true, nil
}

func (r scoped) query(ctx context.Context, q kpi.Query) (kpi.Query, bool, error) {
	s, limited, err := r.slice(ctx, q.Slice)
	q.Slice = s
	return q, limited, err
}

// whole is a question about all time up to an instant, within the asker's departments.
func (r scoped) whole(ctx context.Context, at time.Time) (kpi.Query, error) {
	q, _, err := r.query(ctx, kpi.Query{From: beginning, To: at.Add(time.Millisecond), AsOf: at})
	return q, err
}

// beginning is before every complaint, and the store's types hold it.
var beginning = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant

// sliced asks a question within the asker's departments.
func sliced[T any](ctx context.Context, r scoped, q kpi.Query, ask func(kpi.Query) (T, error)) (T, error) {
	q, _, err := r.query(ctx, q)
	if err != nil {
		var none T
		return none, err
	}
	return ask(q)
}

// unlimited asks what is of the whole organisation, and nothing for a department.
func unlimited[T any](ctx context.Context, r scoped, action account.Action, ask func() (T, error)) (T, error) {
	_, limited, err := r.of(ctx)
	if err == nil && limited {
		err = forbidden(action)
	}
	if err != nil {
		var none T
		return none, err
	}
	return ask()
}

// Freshness is of the whole store: a period of all time needs its ends. What of it a department sees on pages, the frame
// decides; the address of it needs the action account.Quality, which departments have not.
func (r scoped) Freshness(ctx context.Context) (kpi.Freshness, error) {
	if _, _, err := r.of(ctx); err != nil {
		return kpi.Freshness{}, err
	}
	return r.all.Freshness(ctx)
}

// Choices of a department are the values among its own complaints.
func (r scoped) Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	q.Slice = nil
	q, limited, err := r.query(ctx, q)
	if err != nil {
		return nil, err
	}
	if limited {
		return r.all.ChoicesWithin(ctx, q)
	}
	return r.all.Choices(ctx, q)
}

func (r scoped) ChoicesWithin(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	return sliced(ctx, r, q, func(q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) { return r.all.ChoicesWithin(ctx, q) })
}

// DepartmentsOf leaves out what is not the asker's.
func (r scoped) DepartmentsOf(ctx context.Context, ids []string) (map[string]string, error) {
	own, limited, err := r.of(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.all.DepartmentsOf(ctx, ids)
	if limited {
		maps.DeleteFunc(found, func(_, department string) bool { return department == "" || !slices.Contains(own, department) })
	}
	return found, err
}

func (r scoped) KPIs(ctx context.Context, q kpi.Query, ids ...string) (kpi.Result, error) {
	return sliced(ctx, r, q, func(q kpi.Query) (kpi.Result, error) { return r.all.KPIs(ctx, q, ids...) })
}

func (r scoped) KPIsBy(ctx context.Context, q kpi.Query, by kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error) {
	return sliced(ctx, r, q, func(q kpi.Query) (map[string]map[string]kpi.Value, error) { return r.all.KPIsBy(ctx, q, by, ids...) })
}

func (r scoped) KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error) {
	return sliced(ctx, r, q, func(q kpi.Query) ([]kpi.Result, error) { return r.all.KPIsOf(ctx, q, periods, ids...) })
}

// Baseline is a period of the policy and tells nothing of a complaint.
func (r scoped) Baseline() (from, to time.Time) { return r.all.Baseline() }

func (r scoped) Due(ctx context.Context, f transform.DueFilter) (transform.DueBoard, error) {
	s, _, err := r.slice(ctx, f.Slice)
	if err != nil {
		return transform.DueBoard{}, err
	}
	f.Slice = s
	return r.all.Due(ctx, f)
}

func (r scoped) Survival(ctx context.Context, q kpi.Query) (kpi.Waits, error) {
	return sliced(ctx, r, q, func(q kpi.Query) (kpi.Waits, error) { return r.all.Survival(ctx, q) })
}

func (r scoped) Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error) {
	return sliced(ctx, r, q, func(q kpi.Query) (kpi.Strip, error) { return r.all.Strip(ctx, q) })
}

func (r scoped) Flow(ctx context.Context, q kpi.Query, step kpi.Step) ([]kpi.FlowPoint, error) {
	return sliced(ctx, r, q, func(q kpi.Query) ([]kpi.FlowPoint, error) { return r.all.Flow(ctx, q, step) })
}

func (r scoped) Series(ctx context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error) {
	return sliced(ctx, r, q, func(q kpi.Query) ([]kpi.Series, error) { return r.all.Series(ctx, q, step, ids...) })
}

func (r scoped) Departments(ctx context.Context, q kpi.Query) ([]kpi.DepartmentRow, error) {
	return sliced(ctx, r, q, func(q kpi.Query) ([]kpi.DepartmentRow, error) { return r.all.Departments(ctx, q) })
}

func (r scoped) Heat(ctx context.Context, q kpi.Query) ([]kpi.HeatCell, error) {
	return sliced(ctx, r, q, func(q kpi.Query) ([]kpi.HeatCell, error) { return r.all.Heat(ctx, q) })
}

func (r scoped) Quality(ctx context.Context, q kpi.Query) (quality.Report, error) {
	return unlimited(ctx, r, account.Quality, func() (quality.Report, error) { return r.all.Quality(ctx, q) })
}

func (r scoped) SearchBehind(ctx context.Context) (int64, error) {
	if _, _, err := r.of(ctx); err != nil {
		return 0, err
	}
	return r.all.SearchBehind(ctx)
}

// Voice names only issues that the asker's own ratings are of.
func (r scoped) Voice(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Voice, error) {
	q, limited, err := r.query(ctx, q)
	if err != nil {
		return kpi.Voice{}, err
	}
	v, err := r.all.Voice(ctx, q, before)
	if limited {
		v.Issues = maps.Clone(v.Issues)
		maps.DeleteFunc(v.Issues, func(id, _ string) bool {
			for _, values := range v.Now.By {
				if _, own := values[id]; own {
					return false
				}
			}
			return true
		})
	}
	return v, err
}

func (r scoped) Coverage(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	return r.journey(ctx, q, func(q kpi.Query) (kpi.Journey, error) { return r.all.Coverage(ctx, q, before) })
}

func (r scoped) LowScores(ctx context.Context, q kpi.Query, limit int) ([]transform.LowScore, error) {
	return sliced(ctx, r, q, func(q kpi.Query) ([]transform.LowScore, error) { return r.all.LowScores(ctx, q, limit) })
}

func (r scoped) Journey(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	return r.journey(ctx, q, func(q kpi.Query) (kpi.Journey, error) { return r.all.Journey(ctx, q, before) })
}

// journey leaves out how long the asker's complaints stayed with others.
func (r scoped) journey(ctx context.Context, q kpi.Query, ask func(kpi.Query) (kpi.Journey, error)) (kpi.Journey, error) {
	q, limited, err := r.query(ctx, q)
	if err != nil {
		return kpi.Journey{}, err
	}
	j, err := ask(q)
	if limited {
		j.Departments = maps.Clone(j.Departments)
		maps.DeleteFunc(j.Departments, func(d string, _ []kpi.Stay) bool { return !slices.Contains(q.Slice[kpi.Department], d) })
	}
	return j, err
}

// Moves of a department are those that it was an end of.
func (r scoped) Moves(ctx context.Context, q kpi.Query) ([]kpi.Move, error) {
	q, limited, err := r.query(ctx, q)
	if err != nil {
		return nil, err
	}
	moves, err := r.all.Moves(ctx, q)
	if limited {
		own := q.Slice[kpi.Department]
		moves = slices.DeleteFunc(slices.Clone(moves), func(m kpi.Move) bool { return !slices.Contains(own, m.From) && !slices.Contains(own, m.To) })
	}
	return moves, err
}

// Actions are of the whole organisation; a department is shown none.
func (r scoped) Actions(ctx context.Context, asOf time.Time) ([]improve.Action, error) {
	_, limited, err := r.of(ctx)
	if err != nil || limited {
		return nil, err
	}
	return r.all.Actions(ctx, asOf)
}

// IssueWeeks are the whole issue's, whoever its complaints are with.
func (r scoped) IssueWeeks(ctx context.Context, id string, since, asOf time.Time) (improve.History, error) {
	return unlimited(ctx, r, account.Improvement, func() (improve.History, error) { return r.all.IssueWeeks(ctx, id, since, asOf) })
}

// Burdens compare issues of the whole organisation.
func (r scoped) Burdens(ctx context.Context, q kpi.Query) (improve.Burdens, error) {
	return unlimited(ctx, r, account.Improvement, func() (improve.Burdens, error) { return r.all.Burdens(ctx, q) })
}

// Likely names issues by a text, and nobody asks by a context: its pages need the action account.Improvement, which
// departments have not.
func (r scoped) Likely(text string, most int) ([]issue.Candidate, error) {
	return r.all.Likely(text, most)
}

// Curation is of people who decide about issues, which departments do not.
func (r scoped) Curation(ctx context.Context) (issue.Curation, error) {
	_, limited, err := r.of(ctx)
	if err != nil || limited {
		return issue.Curation{}, err
	}
	return r.all.Curation(ctx)
}
