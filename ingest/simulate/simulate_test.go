package simulate

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"wenguo/ingest"
)

var china = time.FixedZone("UTC+8", 8*60*60)

func config(seed uint64) Config {
	return Config{Seed: seed, Start: time.Date(2025, 9, 1, 0, 0, 0, 0, china), Zone: china}
}

func world(t *testing.T, cfg Config) *World {
	t.Helper()
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// year is the default history of 13 months, made once.
var year = sync.OnceValues(func() (*World, []Record) {
	w, err := New(config(7))
	if err != nil {
		panic(err)
	}
	return w, slices.Collect(w.Records(w.start, w.start.AddDate(0, 13, 0)))
})

// letters are the registered events of the year, by complaint.
var letters = sync.OnceValue(func() map[string]*ingest.Registered {
	_, records := year()
	out := map[string]*ingest.Registered{}
	for _, r := range records {
		if r.Kind != ingest.KindRegistered || r.Bad != "" {
			continue
		}
		e, err := ingest.Decode(r.Value)
		if err != nil {
			panic(err)
		}
		out[r.ComplaintID] = e.Data.(*ingest.Registered)
	}
	return out
})

func same(a, b Record) bool {
	return a.Arrives.Equal(b.Arrives) && a.Key == b.Key && a.Bad == b.Bad && string(a.Value) == string(b.Value)
}

func TestHistoryFollowsFromTheSeed(t *testing.T) {
	a, b, c := world(t, config(1)), world(t, config(1)), world(t, config(2))
	to := a.start.AddDate(0, 0, 12)
	first, second, other := slices.Collect(a.Records(a.start, to)), slices.Collect(b.Records(b.start, to)), slices.Collect(c.Records(c.start, to))
	if !slices.EqualFunc(first, second, same) {
		t.Error("two worlds of one seed differ")
	}
	if slices.EqualFunc(first, other, same) {
		t.Error("two seeds give one history")
	}
}

func TestIntervalsJoinWithoutGapOrOverlap(t *testing.T) {
	cfg := config(3)
	cfg.PerDay = func(int) float64 { return 12 }
	w := world(t, cfg)
	from, to := w.start.AddDate(0, 0, 101), w.start.AddDate(0, 0, 125)
	whole := slices.Collect(w.Records(from, to))
	cuts := []time.Time{
		from, from.Add(3*time.Hour + 17*time.Minute), from.AddDate(0, 0, 1), from.AddDate(0, 0, 1).Add(time.Millisecond),
		from.AddDate(0, 0, 9).Add(23 * time.Hour), whole[len(whole)/2].Arrives, to,
	}
	var pieces []Record
	for i := range len(cuts) - 1 {
		pieces = append(pieces, slices.Collect(w.Records(cuts[i], cuts[i+1]))...)
	}
	if !slices.EqualFunc(whole, pieces, same) {
		t.Fatalf("%d records at once, %d in pieces", len(whole), len(pieces))
	}
	sameStart := config(3)
	sameStart.PerDay = cfg.PerDay
	all := slices.Collect(world(t, sameStart).Records(w.start, to))
	tail := all[slices.IndexFunc(all, func(r Record) bool { return !r.Arrives.Before(from) }):]
	if !slices.EqualFunc(whole, tail, same) {
		t.Fatal("a feed that resumes after a pause gives another history than one that never stopped")
	}
}

func TestEveryRecordIsWhatItSaysItIs(t *testing.T) {
	_, records := year()
	kinds, classes, ids := map[ingest.Kind]int{}, map[string]int{}, map[string]string{}
	late, twice := 0, 0
	earliest, registered := map[string]time.Time{}, map[string]time.Time{}
	for i, r := range records {
		if i > 0 && r.Arrives.Before(records[i-1].Arrives) {
			t.Fatalf("record %d arrives before the one it follows", i)
		}
		e, err := ingest.Decode(r.Value)
		if err == nil {
			err = e.Validate(r.Arrives)
		}
		if r.Bad != "" {
			classes[r.Bad]++
			var refused *ingest.Error
			if !errors.As(err, &refused) || string(refused.Class) != r.Bad {
				t.Fatalf("%s was to be refused as %s: %v", r.Value, r.Bad, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", r.Value, err)
		}
		kinds[e.Kind]++
		if e.Kind != r.Kind || e.ComplaintID != r.ComplaintID || r.Key != r.ComplaintID {
			t.Fatalf("%s does not hold what its record says", r.Value)
		}
		if r.Arrives.Before(e.OccurredAt) {
			t.Fatalf("%s arrives before it happens", r.Value)
		}
		if _, ok := earliest[r.ComplaintID]; !ok {
			earliest[r.ComplaintID] = r.Arrives
		}
		if r.Kind == ingest.KindRegistered {
			registered[r.ComplaintID] = e.OccurredAt
		}
		if r.Arrives.Sub(e.OccurredAt) > 5*time.Minute {
			late++
		}
		if known, ok := ids[e.EventID]; ok {
			twice++
			if known != string(r.Value) {
				t.Fatalf("event %s has two contents", e.EventID)
			}
		}
		ids[e.EventID] = string(r.Value)
	}
	for id, at := range registered {
		if earliest[id].Before(at) {
			t.Errorf("something of %s arrives before it is registered", id)
		}
	}
	for _, k := range ingest.Kinds {
		if kinds[k.Kind] == 0 {
			t.Errorf("no %s in 13 months", k.Kind)
		}
	}
	for _, c := range []ingest.Class{
		ingest.ClassNotJSON, ingest.ClassInvalidUTF8, ingest.ClassMissingField, ingest.ClassUnknownKind, ingest.ClassTimeOutOfRange,
		ingest.ClassWrongType,
	} {
		if classes[string(c)] == 0 {
			t.Errorf("no record refused as %s", c)
		}
	}
	within(t, "share more than 5 minutes late", float64(late)/float64(len(records)), .004, .03)
	within(t, "share sent twice", float64(twice)/float64(len(records)), .003, .01)
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s is %.4f, not between %g and %g", what, got, low, high)
	}
}

func TestTextsAreManyPeoples(t *testing.T) {
	w, _ := year()
	texts, truth := map[string]string{}, map[string]int{}
	lengths := make([]int, 0, 20_000)
	phone := regexp.MustCompile(`1\d{10}`)
	for id, d := range letters() {
		issue := w.Truth(id)
		truth[issue]++
		if known, ok := texts[d.Content]; ok && known != issue {
			t.Errorf("%q belongs to %q and %q", d.Content, known, issue)
		}
		texts[d.Content] = issue
		n := utf8.RuneCountInString(d.Content)
		if n < shortest || n > longest {
			t.Errorf("%d characters: %q", n, d.Content)
		}
		lengths = append(lengths, n)
		if strings.ContainsAny(d.Content+d.Title+d.Expectation, "{}<>|") {
			t.Errorf("notation left in %q %q", d.Title, d.Content)
		}
		for _, number := range phone.FindAllString(d.Content, -1) {
			if number[3:7] != "0000" && !strings.HasPrefix(number, "2") && len(number) == 11 && !strings.Contains(d.Content, "单") {
				t.Errorf("phone %s is outside the invented block", number)
			}
		}
	}
	n := len(letters())
	within(t, "share of distinct texts", float64(len(texts))/float64(n), .97, 1)
	within(t, "share in no issue", float64(truth[""])/float64(n), .48, .62)
	slices.Sort(lengths)
	within(t, "median length", float64(lengths[n/2]), 30, 90)
	within(t, "99th percentile of lengths", float64(lengths[n*99/100]), 150, longest)
	for _, issue := range w.Issues() {
		if truth[issue] > n/20 {
			t.Errorf("%s has %d of %d complaints", issue, truth[issue], n)
		}
	}
	if w.Truth("C-nothing") != "" || w.Truth("X-000000001") != "" {
		t.Error("an unknown complaint belongs to an issue")
	}
}

func TestNoSentenceIsABoilerplate(t *testing.T) {
	seen := map[string]int{}
	split := func(r rune) bool { return strings.ContainsRune("，。！？；\n ,.!?…～", r) }
	for _, d := range letters() {
		for _, part := range strings.FieldsFunc(d.Content, split) {
			if utf8.RuneCountInString(part) >= 7 {
				seen[part]++
			}
		}
	}
	for part, n := range seen {
		if n > len(letters())/120 {
			t.Errorf("%q stands in %d of %d texts", part, n, len(letters()))
		}
	}
}

func TestRatesArePlausible(t *testing.T) {
	w, records := year()
	perDay, weekend, workday := map[int]int{}, 0, 0
	var offered, answered, satisfied, resolved, reopened, bots, escalated float64
	for _, r := range records {
		if r.Bad != "" {
			continue
		}
		e, err := ingest.Decode(r.Value)
		if err != nil {
			t.Fatal(err)
		}
		switch d := e.Data.(type) {
		case *ingest.Registered:
			local := e.OccurredAt.In(china)
			perDay[w.dayOf(local)]++
			if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
				weekend++
			} else {
				workday++
			}
		case *ingest.Surveyed:
			if !d.Answered {
				offered++
				continue
			}
			answered++
			if *d.Score >= 4 {
				satisfied++
			}
		case *ingest.Resolved:
			resolved++
			if d.BySelfService {
				bots++
			}
		case *ingest.Escalated:
			escalated++
		}
		if e.Kind == ingest.KindReopened {
			reopened++
		}
	}
	n := float64(len(letters()))
	within(t, "complaints in 13 months", n, 18_500, 22_500)
	within(t, "weekend day to workday", float64(weekend)/2/(float64(workday)/5), .6, .97)
	within(t, "participation in surveys", answered/offered, .28, .42)
	within(t, "satisfaction", satisfied/answered, .76, .88)
	within(t, "reopened", reopened/resolved, .02, .07)
	within(t, "settled by self-service", bots/n, .1, .3)
	within(t, "escalated", escalated/n, .01, .05)
	early, latest, storms := 0, 0, 0
	for day, k := range perDay {
		switch {
		case day < 60:
			early += k
		case day >= 335:
			latest += k
		}
		if k > 105 {
			storms++
		}
	}
	within(t, "growth", float64(latest)/float64(early), 1.25, 2.1)
	within(t, "days of outage", float64(storms), 2, 9)
}
