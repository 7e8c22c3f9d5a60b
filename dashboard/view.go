package dashboard

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/transform/kpi"
)

// view is what the address of a page says: period, as-of instant and filters. A link is a view.
type view struct {
	Path   string
	Period period
	// AsOf is now unless the address names an instant; Fixed says that it does.
	AsOf time.Time
	// Clock is the server's clock when the page was asked for, which counts down; AsOf may lie some seconds before it.
	Clock time.Time
	Fixed bool
	Slice kpi.Slice
	// Against is what figures are compared with: a reference, against none, or empty for all that the store holds.
	Against string
	// First is the day of the first registration in the store, zero where it is not known.
	First time.Time
	// Alone says that the store does not hold the whole period before: nothing can be compared with it.
	Alone bool
	// Own are the parameters that belong to the page alone, such as a search text.
	Own url.Values
}

// dimensions are the filters that an address may hold, in the order they are shown.
var dimensions = []kpi.Dimension{ //nolint:gochecknoglobals // a constant list
	kpi.Category, kpi.Priority, kpi.Channel, kpi.Department, kpi.Owner, kpi.Region,
	kpi.Tier, kpi.Product, kpi.Level, kpi.CauseGroup, kpi.Issue,
}

// Bounds of what an address may ask, so that a hostile one costs little.
const (
	maxFilterValues = 50
	maxValueBytes   = 256
)

// parseView reads an address. own names the parameters that the page itself understands; others are refused when
// strict (the API), so that a misspelt filter is not silently ignored.
func parseView(path string, q url.Values, now time.Time, span kpi.Freshness, own []string, strict bool) (view, error) {
	v := view{Path: path, AsOf: now, Slice: kpi.Slice{}, Own: url.Values{}}
	var err error
	if s := q.Get("as_of"); s != "" {
		if v.AsOf, err = parseInstant(s, now.Location()); err != nil {
			return view{}, badField("as_of", "截至时刻要写成 2026-11-22T10:00:00+08:00 这样："+s)
		}
		v.Fixed = true
	}
	if v.Period, err = parsePeriod(q, v.AsOf, span.FirstRegisteredAt, lastThing(span)); err != nil {
		return view{}, err
	}
	if !span.FirstRegisteredAt.IsZero() {
		v.First = midnight(span.FirstRegisteredAt.In(now.Location()))
	}
	v.Alone = !v.holds(v.Period.previous())
	if v.Against, err = parseAgainst(q.Get("against")); err != nil {
		return view{}, err
	}
	for key, values := range q {
		if err := v.take(key, values, own, strict); err != nil {
			return view{}, err
		}
	}
	return v, nil
}

func (v view) take(key string, values, own []string, strict bool) error {
	if len(values) > maxFilterValues {
		return badField(key, "最多选 "+strconv.Itoa(maxFilterValues)+" 个值")
	}
	for _, s := range values {
		if len(s) > maxValueBytes || strings.ContainsRune(s, 0) {
			return badField(key, "值太长或含有不可用的字符")
		}
	}
	switch {
	case slices.Contains([]string{"period", "from", "to", "until", "as_of"}, key), key == "against" && !strict:
	case slices.Contains(dimensions, kpi.Dimension(key)):
		v.Slice[kpi.Dimension(key)] = slices.Compact(slices.Sorted(slices.Values(values)))
	case slices.Contains(own, key):
		v.Own[key] = values
	case strict:
		return badField(key, "不认识这个参数")
	}
	return nil
}

func (v view) query() kpi.Query {
	return kpi.Query{From: v.Period.From, To: v.Period.To, AsOf: v.AsOf, Slice: v.Slice}
}

// holds says whether the store holds the whole of a period.
func (v view) holds(p period) bool { return v.First.IsZero() || !p.From.Before(v.First) }

// step is the width of a series' points: a page shows at most about sixty.
func (v view) step() kpi.Step {
	switch d := v.Period.days(); {
	case d <= 62:
		return kpi.Day
	case d <= 420:
		return kpi.Week
	}
	return kpi.Month
}

// shared are the parameters that follow the reader from page to page.
func (v view) shared() url.Values {
	q := url.Values{}
	switch v.Period.Key {
	case period30d:
	case periodCustom:
		q.Set("from", dateOrInstant(v.Period.From))
		q.Set("to", dateOrInstant(v.Period.To))
	default:
		q.Set("period", v.Period.Key)
	}
	if v.Fixed {
		q.Set("as_of", v.AsOf.Format(time.RFC3339))
	}
	if v.Against != "" {
		q.Set("against", v.Against)
	}
	for d, values := range v.Slice {
		q[string(d)] = values
	}
	return q
}

func dateOrInstant(t time.Time) string {
	if t.Equal(midnight(t)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// URL is the address of this view.
func (v view) URL() string {
	q := v.shared()
	maps.Copy(q, v.Own)
	return address(v.Path, q)
}

// To is another page with the same period and filters.
func (v view) To(path string) string { return address(path, v.shared()) }

// With is another page with the same period and filters and further parameters, given in pairs; a pair replaces what
// the view had, an empty value removes it.
func (v view) With(path string, pairs ...string) string {
	q := v.shared()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
			continue
		}
		q.Set(pairs[i], pairs[i+1])
	}
	return address(path, q)
}

// Set is this page with one of its own parameters changed, back at the first page of a list.
func (v view) Set(key, value string) string {
	q := v.shared()
	maps.Copy(q, v.Own)
	if !slices.Contains(cursors, key) {
		fromStart(q)
	}
	q.Del(key)
	if value != "" {
		q.Set(key, value)
	}
	return address(v.Path, q)
}

// cursors are the parameters that say where in a list a page stands.
var cursors = []string{"after", "shown", "late_after", "next_after"} //nolint:gochecknoglobals // a constant list

// fromStart leads back to the first page of each list.
func fromStart(q url.Values) {
	for _, c := range cursors {
		q.Del(c)
	}
}

// withOwn is another page with everything that this one was asked.
func (v view) withOwn(path string) string {
	v.Path = path
	return v.URL()
}

// InPeriod is this page for another period.
func (v view) InPeriod(key string) string {
	w := v
	w.Period.Key = key
	q := w.shared()
	maps.Copy(q, v.Own)
	fromStart(q)
	return address(v.Path, q)
}

// Comparing is this page with other periods to compare with.
func (v view) Comparing(against string) string {
	w := v
	w.Against = against
	q := w.shared()
	maps.Copy(q, v.Own)
	return address(v.Path, q)
}

// Without is this page with one filter value removed.
func (v view) Without(d kpi.Dimension, value string) string {
	w := v
	w.Slice = maps.Clone(v.Slice)
	w.Slice[d] = slices.DeleteFunc(slices.Clone(v.Slice[d]), func(s string) bool { return s == value })
	if len(w.Slice[d]) == 0 {
		delete(w.Slice, d)
	}
	q := w.shared()
	maps.Copy(q, v.Own)
	fromStart(q)
	return address(v.Path, q)
}

// Unfiltered is this page without filters.
func (v view) Unfiltered() string {
	w := v
	w.Slice = nil
	q := w.shared()
	maps.Copy(q, v.Own)
	fromStart(q)
	return address(v.Path, q)
}

// Filtered says whether any filter is set.
func (v view) Filtered() bool { return len(v.Slice) > 0 }

// Has says whether a filter holds the value.
func (v view) Has(d kpi.Dimension, value string) bool { return slices.Contains(v.Slice[d], value) }

// API is the address of the same numbers as JSON. What a page compares with is the page's own.
func (v view) API(name string, pairs ...string) string {
	v.Against = ""
	return v.With("/api/v1/"+name, pairs...)
}

// CSV is the address of the same numbers as a table for a spreadsheet.
func (v view) CSV(name string, pairs ...string) string { return v.API(name+".csv", pairs...) }

// Values are a filter's values, by the name of its parameter.
func (v view) Values(dimension string) []string { return v.Slice[kpi.Dimension(dimension)] }

// lastThing is the end of what the store holds: of an imported history the last answer comes after the last question.
func lastThing(span kpi.Freshness) time.Time {
	if span.LastEventAt.After(span.LastRegisteredAt) {
		return span.LastEventAt
	}
	return span.LastRegisteredAt
}
