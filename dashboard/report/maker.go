package report

import (
	"context"
	"fmt"
	"time"

	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// Reader is what papers ask of the store: the questions of the pages, so that their totals are the pages'.
type Reader interface {
	KPIs(ctx context.Context, q kpi.Query, ids ...string) (kpi.Result, error)
	KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error)
	KPIsBy(ctx context.Context, q kpi.Query, by kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error)
	Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error)
	Flow(ctx context.Context, q kpi.Query, step kpi.Step) ([]kpi.FlowPoint, error)
	Series(ctx context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error)
	Departments(ctx context.Context, q kpi.Query) ([]kpi.DepartmentRow, error)
	Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error)
	Issues(ctx context.Context, q kpi.Query) (issue.List, error)
	LowScores(ctx context.Context, q kpi.Query, limit int) ([]transform.LowScore, error)
	EachListed(ctx context.Context, f transform.ComplaintFilter, give func(transform.ComplaintRow) error) error
	Freshness(ctx context.Context) (kpi.Freshness, error)
}

// Words says in Chinese what the store says in codes.
type Words struct {
	// Value names a value of a dimension, State a state of a complaint, Issue one of a recurring issue.
	Value func(d kpi.Dimension, value string) string
	State func(transform.State) string
	Issue func(issue.State) string
	// Cause names what moved a published figure.
	Cause func(restate.Cause) string
	// Figure writes a value of a key figure with its unit, Target the target, Judge compares the two in words, and Standing
	// says why a value is not to be judged.
	Figure   func(id string, value float64) string
	Target   func(id string) string
	Judge    func(id string, v kpi.Value) string
	Standing func(kpi.State) string
}

// Maker makes documents.
type Maker struct {
	Reader Reader
	Words  Words
	Zone   *time.Location
	// Actions are the improvement actions as of an instant; nil where there are none to ask for.
	Actions func(ctx context.Context, asOf time.Time) ([]improve.Action, error)
	// Publications are the periods that were published; nil where nothing can be. Restated are the figures of one that answer
	// otherwise today.
	Publications func(ctx context.Context) ([]restate.Publication, error)
	Restated     func(ctx context.Context, p restate.Publication) ([]restate.Difference, error)
	// Looks are what is worth a second glance; nil leaves them out.
	Looks func(ctx context.Context, q kpi.Query) ([]LookLine, error)
}

// LookLine is one question about the period, with what was found and what would be expected.
type LookLine struct {
	Title, Question, Found, Expected string
}

// Order is what is asked for.
type Order struct {
	Paper  string
	Period Period
	AsOf   time.Time
	// Standing says whether the period is published.
	Standing string
	// Action narrows the report of actions to one; empty takes all.
	Action string

	published *restate.Publication
}

// Make makes a document. What it reads while it is written is read under the same context.
func (m Maker) Make(ctx context.Context, o Order) (*Document, error) {
	p, known := PaperNamed(o.Paper)
	if !known {
		return nil, fmt.Errorf("no paper %q", o.Paper)
	}
	d := &Document{
		Name: p.Name, Title: p.Title, Label: o.Period.Label(), Period: o.Period, AsOf: o.AsOf, Zone: m.Zone, Standing: o.Standing,
	}
	if d.Standing == "" {
		d.Standing = "未发布，数字仍可能变化"
	}
	w := work{Maker: m, ctx: ctx, o: o, q: kpi.Query{From: o.Period.From, To: o.Period.To, AsOf: o.AsOf}}
	maker := map[string]func(*Document) error{
		"statistics": w.statistics, "bulletin": w.bulletin, "pack": w.pack, "record": w.record,
		"departments": w.departments, "agents": w.agents, "capa": w.capa,
	}[o.Paper]
	if err := maker(d); err != nil {
		return nil, fmt.Errorf("make %s: %w", o.Paper, err)
	}
	return d, nil
}

// work is one document in the making.
type work struct {
	Maker

	ctx context.Context //nolint:containedctx // a document is made within one call
	o   Order
	q   kpi.Query
}

// value is a figure in words, a dash without one.
func (w work) value(id string, v kpi.Value) string {
	if v.Value == nil {
		return dash
	}
	return w.Words.Figure(id, *v.Value)
}

// basis is n and the interval.
func (w work) basis(id string, v kpi.Value) string {
	e, _ := kpi.Lookup(id)
	if e.Unit == kpi.UnitCount {
		return ""
	}
	s := "n=" + grouped(v.N)
	if v.Interval != nil && v.N > 0 {
		s += "，95% 区间 " + percent(v.Interval[0]) + "–" + percent(v.Interval[1]) + "%"
	}
	if word := w.Words.Standing(v.State); word != "" {
		s += "，" + word
	}
	return s
}

// fact is a figure of a form.
func (w work) fact(name, id string, v kpi.Value) Fact {
	return Fact{Name: name, Value: w.value(id, v), Basis: w.basis(id, v)}
}

// name is that of a figure in the catalogue.
func name(id string) string {
	e, _ := kpi.Lookup(id)
	return e.Name
}

// Settle chooses the instant of an order: that of its publication, else what Period.AsOf says.
func (m Maker) Settle(ctx context.Context, o Order) (Order, error) {
	asked := o.AsOf
	if m.Publications != nil {
		all, err := m.Publications(ctx)
		if err != nil {
			return o, err
		}
		if p, edition, published := restate.Last(all, o.Period.From.Format(time.DateOnly), o.Period.To.Format(time.DateOnly)); published {
			o.AsOf, o.published = p.AsOf, &p
			o.Standing = fmt.Sprintf("第 %d 版已于 %s 发布", edition, p.At.In(m.Zone).Format(time.DateOnly))
		}
	}
	switch {
	case !asked.IsZero():
		if !asked.Equal(o.AsOf) {
			o.Standing, o.published = "", nil
		}
		o.AsOf = asked
	case o.AsOf.IsZero():
		fresh, err := m.Reader.Freshness(ctx)
		if err != nil {
			return o, fmt.Errorf("read how far the store is: %w", err)
		}
		o.AsOf = o.Period.AsOf(fresh.LastEventAt)
	}
	return o, nil
}
