package warehouse

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
)

// decided is a decision as a producer would send it.
type decided struct {
	id   string
	kind ingest.Kind
	at   time.Time
	data string
}

// decisions stores them as the first block of a partition.
func (s *Store) decisions(t *testing.T, all ...decided) {
	t.Helper()
	b := ingest.Block{
		Topic: ingest.TopicDecisions, End: int64(len(all)), Decoder: ingest.DecoderVersion,
	}
	for i, d := range all {
		b.AddDecision(ingest.Record{Offset: int64(i), BusTime: d.at, Value: fmt.Appendf(nil,
			`{"event_id":%q,"kind":%q,"occurred_at":%q,"actor":{"id":"a17","role":"agent"},"data":%s}`,
			d.id, d.kind, d.at.Format(time.RFC3339Nano), d.data)})
	}
	if len(b.Rejects) > 0 {
		t.Fatalf("refused: %v", b.Rejects[0].Err)
	}
	if err := s.InsertDecisions(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// sampleDecisions has one decision at each offset but the last, which holds none.
func sampleDecisions(start, end int64) ingest.Block {
	at := time.Date(2026, 3, 1, 1, 2, 3, 456e6, time.UTC)
	b := ingest.Block{Topic: ingest.TopicDecisions, Partition: 1, Start: start, End: end, Decoder: ingest.DecoderVersion}
	for offset := start; offset < end-1; offset++ {
		b.AddDecision(ingest.Record{Offset: offset, BusTime: at, Value: fmt.Appendf(nil,
			`{"event_id":"d-%d","kind":"action.opened","occurred_at":"2026-03-01T01:02:03.456Z","source":"wenguo",`+
				`"actor":{"id":"a17","role":"agent"},"data":{"action":"A-%d","issue":"I-1","cause_group":"moon phase","measure":"'\\; -- \n",`+
				`"department":"客服中心","owner":"b2","due_at":"2026-03-09T18:00:00.0009+08:00"}}`, offset, offset)})
	}
	b.AddDecision(ingest.Record{Offset: end - 1, BusTime: at, Value: []byte(`{"event_id":"d","kind":"registered","occurred_at":"2026-03-01T01:02:03Z"}`)})
	return b
}

func TestInsertDecisions(t *testing.T) {
	store := openStore(t)
	for range 3 {
		if err := store.InsertDecisions(t.Context(), sampleDecisions(0, 200)); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.count(t, "SELECT count() FROM decisions", nil); n != 199 {
		t.Errorf("a block sent three times left %d rows, want 199", n)
	}
	if n := store.count(t, "SELECT count() FROM rejects WHERE k_topic = 'complaints.decisions' AND class = 'unknown_kind' AND field = 'kind'", nil); n != 1 {
		t.Errorf("%d refusals, want the one message that is no decision", n)
	}
	if n := store.count(t, "SELECT count() FROM events", nil); n != 0 {
		t.Errorf("%d decisions are stored as events", n)
	}
	want := []string{
		"complaints.decisions", "1", "7", "0", "200", "2026-03-01 01:02:03.456", "false", "d-7", "action.opened", "2026-03-01 01:02:03.456",
		"wenguo", "a17", "agent", "A-7", string(sampleDecisions(0, 9).Events[7].Value),
		"客服中心", "b2", "I-1", "other", fmt.Sprint(time.Date(2026, 3, 9, 10, 0, 0, 0, time.UTC).UnixMilli()), "0", "",
	}
	var got []string
	_, columns, _ := strings.Cut(store.query("insert_decisions"), "(")
	row := strings.ReplaceAll(strings.TrimSuffix(strings.TrimSpace(columns), ")"), ", ", "), toString(")
	if err := store.conn.QueryRow(t.Context(), "SELECT [toString("+row+")] FROM decisions WHERE k_offset = 7").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("stored\n%q, want\n%q", got, want)
	}
}

func TestEveryKindOfDecisionIsStoredUnderItsSubject(t *testing.T) {
	store := openStore(t)
	data := map[ingest.Kind][2]string{
		ingest.KindIssueMerged:     {`{"from":["I-2"],"into":"I-1"}`, "I-1"},
		ingest.KindIssueSplit:      {`{"issue":"I-1","groups":[["C-1"]]}`, "I-1"},
		ingest.KindIssueRenamed:    {`{"issue":"I-1","name":"验证码"}`, "I-1"},
		ingest.KindIssueMuted:      {`{"issue":"I-1"}`, "I-1"},
		ingest.KindIssueOwned:      {`{"issue":"I-1","owner":"b2"}`, "I-1"},
		ingest.KindIssueNoted:      {`{"issue":"I-1"}`, "I-1"},
		ingest.KindIssueAnswered:   {`{"issue":"I-1"}`, "I-1"},
		ingest.KindComplaintPlaced: {`{"complaint_id":"C-1","none":true}`, "C-1"},
		ingest.KindDecisionUndone:  {`{"event_id":"d-9"}`, "d-9"},
		ingest.KindActionOpened:    {`{"action":"A-1"}`, "A-1"},
		ingest.KindActionUpdated:   {`{"action":"A-1","fields":{"owner":"b3"}}`, "A-1"},
		ingest.KindActionDone:      {`{"action":"A-1"}`, "A-1"},
		ingest.KindActionVerified:  {`{"action":"A-1","verdict":"effective"}`, "A-1"},
		ingest.KindActionClosed:    {`{"action":"A-1"}`, "A-1"},
		ingest.KindActionReopened:  {`{"action":"A-1"}`, "A-1"},
		ingest.KindPeriodPublished: {`{"from":"2026-02-01","to":"2026-03-01"}`, "2026-02-01/2026-03-01"},
		ingest.KindPolicyApplied:   {`{"revision":3,"content":"rules: []"}`, "3"},
	}
	var all []decided
	for _, info := range ingest.DecisionKinds {
		all = append(all, decided{"d-" + string(info.Kind), info.Kind, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), data[info.Kind][0]})
	}
	store.decisions(t, all...)
	for _, info := range ingest.DecisionKinds {
		v := values{"kind": text(string(info.Kind)), "subject": text(data[info.Kind][1])}
		if n := store.count(t, "SELECT count() FROM decisions WHERE kind = {kind:String} AND subject = {subject:String}", v); n != 1 {
			t.Errorf("%s: %d rows under its subject, want 1", info.Kind, n)
		}
	}
}

func TestVerifyFindsWhatIsWrongWithDecisions(t *testing.T) {
	insert := func(blocks ...[2]int64) func(*testing.T, *Store) {
		return func(t *testing.T, s *Store) {
			t.Helper()
			for _, b := range blocks {
				if err := s.InsertDecisions(t.Context(), sampleDecisions(b[0], b[1])); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	tests := map[string]struct {
		fill func(*testing.T, *Store)
		want PartitionCheck
	}{
		"blocks that follow one another are fine": {
			insert([2]int64{0, 10}, [2]int64{10, 30}),
			PartitionCheck{Partition: 1, To: 30, Blocks: 2, Stored: 28, Refused: 2},
		},
		"a hole between blocks is a fault": {
			insert([2]int64{0, 10}, [2]int64{12, 30}),
			PartitionCheck{Partition: 1, To: 30, Blocks: 2, Stored: 26, Refused: 2, Faults: []string{"nothing is stored of [10, 12)"}},
		},
		"offsets that two blocks hold are a fault": {
			insert([2]int64{0, 10}, [2]int64{8, 30}),
			PartitionCheck{Partition: 1, To: 30, Blocks: 2, Stored: 30, Refused: 2, Faults: []string{"block [8, 30) overlaps the one before, which ends at 10"}},
		},
		"a row stored twice is a duplicate": {
			func(t *testing.T, s *Store) {
				t.Helper()
				insert([2]int64{0, 10})(t, s)
				if err := s.conn.Exec(t.Context(), "INSERT INTO decisions SELECT * FROM decisions WHERE k_offset = 3"); err != nil {
					t.Fatal(err)
				}
			},
			PartitionCheck{Partition: 1, To: 10, Blocks: 1, Stored: 10, Refused: 1, Duplicates: 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // what is at fault is looked at for seconds
			store := openStore(t)
			tt.fill(t, store)
			checks, err := store.Verify(t.Context(), ingest.TopicDecisions)
			if err != nil {
				t.Fatal(err)
			}
			if len(checks) != 1 || fmt.Sprint(checks[0]) != fmt.Sprint(tt.want) {
				t.Errorf("found %+v, want %+v", checks, tt.want)
			}
		})
	}
}

func TestAppliedPoliciesAreReadInTheOrderTheyCameIntoForce(t *testing.T) {
	store := openStore(t)
	apply := func(id string, n int, content string) decided {
		return decided{id, ingest.KindPolicyApplied, day(n), fmt.Sprintf(`{"revision":%d,"content":%q}`, n, content)}
	}
	store.decisions(t, apply("b", 5, "later"), apply("a", 1, "zone: 'it''s' \\ \n中文"), apply("b", 5, "later"),
		apply("b", 5, "another content under one id"), decided{"u", ingest.KindDecisionUndone, day(6), `{"event_id":"a"}`})
	got, err := store.AppliedPolicies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []AppliedPolicy{{day(1), "zone: 'it''s' \\ \n中文"}, {day(5), "later"}}
	if !slices.Equal(got, want) {
		t.Errorf("the history is %q, want %q", got, want)
	}
}
