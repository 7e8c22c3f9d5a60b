package kpi

import "time"

// Period is [From, To).
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// midnight is the beginning of a day of t's zone, counted in days from t's.
func midnight(t time.Time, days int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, t.Location())
}

// whole says whether the period consists of whole days of its zone.
func (p Period) whole() bool {
	return p.From.Equal(midnight(p.From, 0)) && p.To.Equal(midnight(p.To, 0))
}

// months is the number of months that the period consists of, 0 when it is cut otherwise.
func (p Period) months() int {
	if !p.whole() || p.From.Day() != 1 || p.To.Day() != 1 {
		return 0
	}
	return 12*(p.To.Year()-p.From.Year()) + int(p.To.Month()-p.From.Month())
}

// week says whether the period is a calendar week, from a Monday to the next.
func (p Period) week() bool {
	return p.whole() && p.From.Weekday() == time.Monday && p.To.Equal(midnight(p.From, 7))
}

// Previous is the period to compare with: of a calendar month, week or quarter of the zone the one before, of any other
// range, years and half-years too, the range of equal length that ends at its start. The length of whole days is counted
// in days, which differ from 24 h where clocks change.
func (p Period) Previous(zone *time.Location) Period {
	p = Period{p.From.In(zone), p.To.In(zone)}
	switch months := p.months(); {
	case months == 1, months == 3 && p.From.Month()%3 == 1:
		return Period{p.From.AddDate(0, -months, 0), p.From}
	case p.whole():
		days := int((p.To.Sub(p.From) + 12*time.Hour) / (24 * time.Hour))
		return Period{midnight(p.From, -days), p.From}
	}
	return Period{p.From.Add(-p.To.Sub(p.From)), p.From}
}

// LastYear is the same period last year: of a calendar week the one 52 weeks before, so that Monday meets Monday (its
// number differs after a year of 53 weeks, which has no counterpart to week 53); of any other range the same dates a
// year before, whole months staying whole. 29 February is 28 February as a first day, and as an end, which is exclusive,
// 1 March, so that the last day is again the 28th. A range cut within days keeps its length.
func (p Period) LastYear(zone *time.Location) Period {
	p = Period{p.From.In(zone), p.To.In(zone)}
	if p.week() {
		return Period{midnight(p.From, -364), midnight(p.To, -364)}
	}
	from := p.From.AddDate(-1, 0, 0)
	if from.Day() != p.From.Day() {
		from = from.AddDate(0, 0, -1)
	}
	if !p.whole() {
		return Period{from, from.Add(p.To.Sub(p.From))}
	}
	return Period{from, p.To.AddDate(-1, 0, 0)}
}

// Reference names the period that a figure is compared with.
type Reference string

// References.
const (
	Previous Reference = "previous"
	LastYear Reference = "last_year"
	Baseline Reference = "baseline"
)

// References are the periods that a period is compared with. baseline is the one that the policy declares; the zero
// period where it declares none, and then there is no such reference.
func (p Period) References(baseline Period, zone *time.Location) map[Reference]Period {
	out := map[Reference]Period{Previous: p.Previous(zone), LastYear: p.LastYear(zone)}
	if baseline.From.Before(baseline.To) {
		out[Baseline] = Period{baseline.From.In(zone), baseline.To.In(zone)}
	}
	return out
}

// Period of a query.
func (q Query) Period() Period { return Period{q.From, q.To} }

// In asks the same about another period.
func (q Query) In(p Period) Query {
	q.From, q.To = p.From, p.To
	return q
}
