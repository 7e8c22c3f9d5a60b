package warehouse

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// day is midnight of a day of March 2026.
func day(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }

func rfc(t time.Time) string { return t.Format(time.RFC3339Nano) }

// opened, done and so on are decisions about the action A, each with its own id.
func opened(at, due time.Time) decided {
	return decided{"open-" + rfc(at), ingest.KindActionOpened, at, fmt.Sprintf(`{"action":"A","due_at":%q}`, rfc(due))}
}

func done(at time.Time) decided {
	return decided{"done-" + rfc(at), ingest.KindActionDone, at, `{"action":"A"}`}
}

func doneAt(at, when time.Time) decided {
	return decided{"done-" + rfc(at), ingest.KindActionDone, at, fmt.Sprintf(`{"action":"A","at":%q}`, rfc(when))}
}

func judged(at time.Time, verdict string) decided {
	return decided{"verified-" + rfc(at), ingest.KindActionVerified, at, fmt.Sprintf(`{"action":"A","verdict":%q}`, verdict)}
}

func undone(at time.Time, what decided) decided {
	return decided{"undone-" + rfc(at), ingest.KindDecisionUndone, at, fmt.Sprintf(`{"event_id":%q}`, what.id)}
}

func (d decided) named(id string) decided {
	d.id = id
	return d
}

func (d decided) about(data string) decided {
	d.data = data
	return d
}

// rates are the answer's counts: on time, due, pending, effective, verified.
type rates [5]int64

func ratesOf(c kpi.Counts) rates {
	return rates{c["numerator"], c["denominator"], c["pending"], c["effective"], c["verified"]}
}

const ms1 = time.Millisecond

// W is March 10 to 20; T is March 25 where a case names none.
func TestRectificationAtItsEdges(t *testing.T) {
	overdue, kept, waiting, none := rates{0, 1, 0, 0, 0}, rates{1, 1, 0, 0, 0}, rates{0, 0, 1, 0, 0}, rates{}
	tests := map[string]struct {
		decisions []decided
		at        time.Time
		want      rates
	}{
		"due at the first instant of the period counts":         {[]decided{opened(day(1), day(10))}, day(25), overdue},
		"due a millisecond before the period does not":          {[]decided{opened(day(1), day(10).Add(-ms1))}, day(25), none},
		"due at the end of the period does not":                 {[]decided{opened(day(1), day(20))}, day(25), none},
		"due a millisecond before the end counts":               {[]decided{opened(day(1), day(20).Add(-ms1))}, day(25), overdue},
		"due a millisecond before T is due":                     {[]decided{opened(day(1), day(15))}, day(15).Add(ms1), overdue},
		"due at T is pending":                                   {[]decided{opened(day(1), day(15))}, day(15), waiting},
		"done and due at T is pending all the same":             {[]decided{opened(day(1), day(15)), done(day(12))}, day(15), waiting},
		"due within the millisecond of T is pending":            {[]decided{opened(day(1), day(15))}, day(15).Add(ms1 - 1), waiting},
		"done at the due millisecond is on time":                {[]decided{opened(day(1), day(15)), done(day(15))}, day(25), kept},
		"done a millisecond later is late":                      {[]decided{opened(day(1), day(15)), done(day(15).Add(ms1))}, day(25), overdue},
		"done later but at an earlier instant is on time":       {[]decided{opened(day(1), day(15)), doneAt(day(18), day(14))}, day(25), kept},
		"done earlier but at a later instant is late":           {[]decided{opened(day(1), day(15)), doneAt(day(12), day(16))}, day(25), overdue},
		"done after T is not known yet":                         {[]decided{opened(day(1), day(15)), doneAt(day(18), day(14))}, day(18).Add(-ms1), overdue},
		"done at T is known":                                    {[]decided{opened(day(1), day(15)), doneAt(day(18), day(14))}, day(18), kept},
		"opened after T is not known yet":                       {[]decided{opened(day(12), day(15))}, day(12).Add(-ms1), none},
		"opened at T is pending":                                {[]decided{opened(day(12), day(15))}, day(12), waiting},
		"done twice, the first counts when it was late":         {[]decided{opened(day(1), day(15)), done(day(16)), doneAt(day(17), day(14))}, day(25), overdue},
		"done twice, the first counts when it was on time":      {[]decided{opened(day(1), day(15)), done(day(14)), done(day(16))}, day(25), kept},
		"done twice in one instant, the lower id counts":        {[]decided{opened(day(1), day(15)), doneAt(day(16), day(16)).named("a"), doneAt(day(16), day(14)).named("B")}, day(25), kept},
		"done before it was opened counts":                      {[]decided{opened(day(9), day(15)), done(day(8))}, day(25), kept},
		"done and never opened is no action":                    {[]decided{done(day(12)), judged(day(13), "effective")}, day(25), none},
		"opened twice, the first due counts":                    {[]decided{opened(day(1), day(15)), opened(day(2), day(16)).about(`{"action":"A","due_at":"2026-04-16T00:00:00Z"}`)}, day(25), overdue},
		"opened twice, the first due counts if stored later":    {[]decided{opened(day(2), day(30)), opened(day(1), day(15))}, day(25), overdue},
		"opened twice in one instant, the lower id counts":      {[]decided{opened(day(1), day(30)).named("b"), opened(day(1), day(15)).named("B")}, day(25), overdue},
		"opened first without due is never due":                 {[]decided{opened(day(1), day(15)).about(`{"action":"A"}`), opened(day(2), day(15))}, day(25), none},
		"an update moves no due":                                {[]decided{opened(day(1), day(15)), {"u", ingest.KindActionUpdated, day(2), `{"action":"A","fields":{"due_at":"2026-04-01T00:00:00Z"}}`}}, day(25), overdue},
		"closing it finishes nothing":                           {[]decided{opened(day(1), day(15)), {"c", ingest.KindActionClosed, day(12), `{"action":"A"}`}}, day(25), overdue},
		"reopening takes nothing back":                          {[]decided{opened(day(1), day(15)), done(day(12)), {"r", ingest.KindActionReopened, day(13), `{"action":"A"}`}, done(day(16))}, day(25), kept},
		"verified twice, the last counts":                       {[]decided{opened(day(1), day(2)), judged(day(11), "effective"), judged(day(12), "not_effective")}, day(25), rates{0, 0, 0, 0, 1}},
		"verified twice, the last is effective":                 {[]decided{opened(day(1), day(2)), judged(day(12), "effective"), judged(day(11), "not_effective")}, day(25), rates{0, 0, 0, 1, 1}},
		"verified twice in one instant, the higher id counts":   {[]decided{opened(day(1), day(2)), judged(day(11), "effective").named("b"), judged(day(11), "unclear").named("a")}, day(25), rates{0, 0, 0, 1, 1}},
		"verified at the first instant of the period counts":    {[]decided{opened(day(1), day(2)), judged(day(10), "effective")}, day(25), rates{0, 0, 0, 1, 1}},
		"verified before the period does not":                   {[]decided{opened(day(1), day(2)), judged(day(10).Add(-ms1), "effective")}, day(25), none},
		"verified at the end of the period does not":            {[]decided{opened(day(1), day(2)), judged(day(20), "effective")}, day(25), none},
		"verified in the period and after it, the inner counts": {[]decided{opened(day(1), day(2)), judged(day(12), "effective"), judged(day(21), "not_effective")}, day(25), rates{0, 0, 0, 1, 1}},
		"verified again after T, the known one counts":          {[]decided{opened(day(1), day(2)), judged(day(12), "effective"), judged(day(14), "not_effective")}, day(14).Add(-ms1), rates{0, 0, 0, 1, 1}},
		"verified at T is known":                                {[]decided{opened(day(1), day(2)), judged(day(12), "effective"), judged(day(14), "not_effective")}, day(14), rates{0, 0, 0, 0, 1}},
		"an unclear verdict is a verification":                  {[]decided{opened(day(1), day(2)), judged(day(12), "unclear")}, day(25), rates{0, 0, 0, 0, 1}},
		"a verdict outside the list is a verification":          {[]decided{opened(day(1), day(2)), judged(day(12), "splendid")}, day(25), rates{0, 0, 0, 0, 1}},
		"due and verified in the period stand side by side":     {[]decided{opened(day(1), day(15)), done(day(12)), judged(day(13), "effective")}, day(25), rates{1, 1, 0, 1, 1}},
		"of two contents under one id the lower offset counts":  {[]decided{opened(day(1), day(15)), done(day(16)).named("d"), done(day(14)).named("d")}, day(25), overdue},
		"the content that does not count gives no instant":      {[]decided{opened(day(1), day(15)), done(day(23)).named("d"), done(day(14)).named("d")}, day(22), overdue},
		"a copy changes nothing":                                {[]decided{opened(day(1), day(15)), opened(day(1), day(15)), done(day(14)), done(day(14))}, day(25), kept},
		"what is undone does not count":                         {[]decided{opened(day(1), day(15)), done(day(14)), undone(day(16), done(day(14)))}, day(25), overdue},
		"what will be undone counts until then":                 {[]decided{opened(day(1), day(15)), done(day(14)), undone(day(18), done(day(14)))}, day(18).Add(-ms1), kept},
		"an opening that is undone leaves no action":            {[]decided{opened(day(1), day(15)), undone(day(2), opened(day(1), day(15)))}, day(25), none},
		"an undoing that is undone leaves it counting":          {[]decided{opened(day(1), day(15)), done(day(14)), undone(day(16), done(day(14))), undone(day(17), undone(day(16), done(day(14))))}, day(25), kept},
		"an undoing counts until it is undone":                  {[]decided{opened(day(1), day(15)), done(day(14)), undone(day(16), done(day(14))), undone(day(19), undone(day(16), done(day(14))))}, day(18), overdue},
		"the next done counts when the first is undone":         {[]decided{opened(day(1), day(15)), done(day(16)), doneAt(day(17), day(14)), undone(day(18), done(day(16)))}, day(25), kept},
	}
	var all []decided
	for name, tt := range tests { // each has an action, and an issue to ask for, of its own
		mine := strings.NewReplacer(`"action":"A"`, fmt.Sprintf(`"action":%q,"issue":%q`, name, name), `{"event_id":"`, `{"event_id":"`+name)
		for _, d := range tt.decisions {
			d.id, d.data = name+d.id, mine.Replace(d.data)
			all = append(all, d)
		}
	}
	store := openStore(t)
	store.decisions(t, all...)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			q := kpi.Query{AsOf: tt.at, Slice: kpi.Slice{kpi.Issue: {name}}}
			got, err := store.rectification(t.Context(), q, []time.Time{day(10), day(20)})
			if err != nil {
				t.Fatal(err)
			}
			if ratesOf(got[1]) != tt.want || len(got) > 1 {
				t.Errorf("on time, due, pending, effective, verified are %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRectificationOfTwoActionsWithOneDecisionID(t *testing.T) {
	store := openStore(t)
	store.decisions(t, opened(day(1), day(15)).named("same"),
		opened(day(1), day(15)).named("same").about(`{"action":"B","due_at":"2026-03-16T00:00:00Z"}`))
	got, err := store.rectification(t.Context(), kpi.Query{AsOf: day(25)}, []time.Time{day(10), day(20)})
	if err != nil {
		t.Fatal(err)
	}
	if want := (rates{0, 2, 0, 0, 0}); ratesOf(got[1]) != want {
		t.Errorf("counted %v, want %v: two actions are two, whatever their decisions are called", ratesOf(got[1]), want)
	}
}

func TestRectificationByBuckets(t *testing.T) {
	store := openStore(t)
	store.decisions(t, opened(day(1), day(12)), done(day(11)), judged(day(11), "effective"), judged(day(16), "not_effective"))
	got, err := store.rectification(t.Context(), kpi.Query{AsOf: day(25)}, []time.Time{day(5), day(10), day(12), day(15), day(20)})
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]rates{}
	for bucket, counts := range got {
		found[bucket] = ratesOf(counts)
	}
	want := map[int]rates{1: {}, 2: {0, 0, 0, 1, 1}, 3: {1, 1, 0, 0, 0}, 4: {0, 0, 0, 0, 1}}
	if !maps.Equal(found, want) {
		t.Errorf("buckets hold %v, want %v", found, want)
	}
}

func TestRectificationOfASlice(t *testing.T) {
	store := openStore(t)
	store.decisions(t,
		opened(day(1), day(15)).named("1").about(`{"action":"A","department":"网络","owner":"w'1","issue":"I-1","cause_group":"process","due_at":"2026-03-15T00:00:00Z"}`),
		opened(day(1), day(15)).named("2").about(`{"action":"B","department":"客服","owner":"k1","issue":"I-2","cause_group":"moon phase","due_at":"2026-03-15T00:00:00Z"}`),
		opened(day(1), day(15)).named("3").about(`{"action":"C","due_at":"2026-03-15T00:00:00Z"}`),
		decided{"4", ingest.KindActionUpdated, day(12), `{"action":"B","fields":{"owner":"k2"}}`},
		decided{"5", ingest.KindActionUpdated, day(13), `{"action":"B","fields":{"measures":"x"}}`},
		decided{"6", ingest.KindActionUpdated, day(1).Add(-ms1), `{"action":"A","fields":{"owner":"w0"}}`},
		decided{"7", ingest.KindActionUpdated, day(1).Add(-ms1), `{"action":"C","fields":{"owner":"c0"}}`},
		opened(day(2), day(15)).named("8").about(`{"action":"A","department":"客服","owner":"w9"}`),
	)
	tests := map[string]struct {
		slice kpi.Slice
		at    time.Time
		want  int64
	}{
		"everything": {nil, day(25), 3},
		"a dimension without values restricts nothing":      {kpi.Slice{kpi.Department: nil, kpi.Region: nil}, day(25), 3},
		"a department is that of the first opening":         {kpi.Slice{kpi.Department: {"客服"}}, day(25), 1},
		"several values of a dimension":                     {kpi.Slice{kpi.Department: {"网络", "客服"}}, day(25), 2},
		"an absent department is the empty slice":           {kpi.Slice{kpi.Department: {""}}, day(25), 1},
		"an owner is the last one given":                    {kpi.Slice{kpi.Owner: {"k2"}}, day(25), 1},
		"the owner before counts no longer":                 {kpi.Slice{kpi.Owner: {"k1"}}, day(25), 0},
		"an owner is the one at T":                          {kpi.Slice{kpi.Owner: {"k1"}}, day(12).Add(-ms1), 1},
		"an owner given before the opening gives way to it": {kpi.Slice{kpi.Owner: {"w'1"}}, day(25), 1},
		"an owner given before an opening that names none":  {kpi.Slice{kpi.Owner: {"c0"}}, day(25), 1},
		"a second opening gives no owner":                   {kpi.Slice{kpi.Owner: {"w9"}}, day(25), 0},
		"an issue":                                          {kpi.Slice{kpi.Issue: {"I-1"}}, day(25), 1},
		"a cause group":                                     {kpi.Slice{kpi.CauseGroup: {"process"}}, day(25), 1},
		"a cause group outside the list is other":           {kpi.Slice{kpi.CauseGroup: {"other"}}, day(25), 1},
		"two dimensions at once":                            {kpi.Slice{kpi.Department: {"网络"}, kpi.Issue: {"I-2"}}, day(25), 0},
		"no action has a region":                            {kpi.Slice{kpi.Region: {"长沙"}}, day(25), 0},
		"every action is without a region":                  {kpi.Slice{kpi.Region: {"长沙", ""}}, day(25), 3},
		"a dimension that no action has beside one it does": {kpi.Slice{kpi.Region: {""}, kpi.Department: {"网络"}}, day(25), 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := store.rectification(t.Context(), kpi.Query{AsOf: tt.at, Slice: tt.slice}, []time.Time{day(10), day(20)})
			if err != nil {
				t.Fatal(err)
			}
			if n := got[1]["denominator"] + got[1]["pending"]; n != tt.want {
				t.Errorf("%d actions, want %d", n, tt.want)
			}
		})
	}
}
