package warehouse

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
)

// secret is what must be nowhere once its customer is forgotten.
const secret = "龘靐齉爩"

// holding lists the tables that show the secret in any column of any row, superseded rows included.
func holding(t *testing.T, s *Store) (found []string) {
	t.Helper()
	s.queries["test_tables"] = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name"
	tables, err := s.strings(t.Context(), "test_tables")
	if err != nil || len(tables) < 15 {
		t.Fatal(tables, err)
	}
	for _, table := range tables {
		if s.count(t, "SELECT count() FROM `"+table+"` WHERE position(toString(tuple(*)), {value:String}) > 0", values{"value": text(secret)}) > 0 {
			found = append(found, table)
		}
	}
	return found
}

// exec runs a statement of the test.
func (s *stream) exec(statement string, v values) {
	s.t.Helper()
	if err := s.conn.Exec(with(s.t.Context(), v), statement); err != nil {
		s.t.Fatal(err)
	}
}

// personal are events of one complaint that name the customer wherever the contract lets them.
func personal(id string) []map[string]any {
	customer := map[string]any{"id": "u" + secret, "name": secret, "phone": "139" + secret, "region": "长沙", "tier": "gold"}
	said := map[string]any{
		"channel": "web", "customer": customer, "title": "海棠小区电梯" + secret, "content": "海棠小区电梯半夜异响，没人管" + secret, "expectation": secret,
		"order_ref": secret, "attachments": []any{map[string]any{"name": secret, "url": "https://example.org/" + secret}}, "unknown": secret,
	}
	var out []map[string]any
	for _, step := range []struct {
		kind string
		data map[string]any
	}{
		{"registered", said},
		{"corrected", map[string]any{"fields": said, "reason": secret}},
		{"transferred", map[string]any{"to": "客服中心", "reason": secret}},
		{"paused", map[string]any{"reason": "customer"}},
		{"resumed", map[string]any{"reason": secret}},
		{"investigated", map[string]any{"valid": true, "cause": secret}},
		{"plan_proposed", map[string]any{"measures": secret, "resources": secret, "compensation": secret}},
		{"contacted", map[string]any{"direction": "out", "note": secret}},
		{"escalated", map[string]any{"reason": secret}},
		{"assist_requested", map[string]any{"department": "工程部", "item": secret}},
		{"resolved", map[string]any{"outcome": secret, "measures": secret}},
		{"surveyed", map[string]any{"score": 2, "comment": secret}},
		{"reopened", map[string]any{"reason": secret}},
		{"closed", map[string]any{"reason": secret}},
	} {
		out = append(out, map[string]any{
			"complaint_id": id, "kind": step.kind, "actor": map[string]any{"id": secret, "role": "customer"}, "data": step.data,
		})
	}
	return out
}

// sown is a stream whose every table that can show a customer does.
func sown(t *testing.T) *stream {
	t.Helper()
	s := openStream(t)
	s.tell()
	s.send(ingest.TopicEvents, personal("a9")...)
	s.send(ingest.TopicEvents, says("a10", "海棠小区电梯半夜异响，没人管"+secret[:len(secret)-3]))
	s.discover()
	issue := s.issueOf("a9")
	if issue == "" {
		t.Fatalf("no issue of a9 in %v", s.issues())
	}
	p := values{"issue": text(issue), "word": text(secret)}
	s.exec("INSERT INTO issues (run, issue_id, name, keywords, weights, representatives, merged_from) SELECT run, issue_id, {word:String}, arrayPushBack(keywords, {word:String}), arrayPushBack(weights, 1), representatives, merged_from FROM issues WHERE issue_id = {issue:String}", p)
	s.exec("INSERT INTO issue_history (run, at, kind, from_issue, into_issue, name, complaints) SELECT run, discovered_at, 'split', {issue:String}, 'x', {word:String}, 2 FROM issue_runs", p)
	s.exec("INSERT INTO complaints_asof SELECT *, 7, now() FROM complaints", nil)
	s.exec("INSERT INTO duplicates (run, complaint_id, other_id, similarity) VALUES (7, 'a9', 'a10', 0.9), (7, 'a10', 'a9', 0.9), (7, 'a0', 'a1', 0.9)", nil)
	s.index() // and a corrected text is replaced, which only hides it
	s.exec("INSERT INTO search_texts (before, complaint_id, made, body) VALUES (-1, 'a9', 1, {word:String}), (-2, 'a9', 1, {word:String})", p)
	s.exec("DELETE FROM search_texts WHERE before = -2", nil)
	if n := s.count(t, hiddenSecret, values{"value": text(secret)}); n < 3 {
		t.Fatalf("%d texts of the search, shown or hidden, say it", n)
	}
	want := []string{"complaints", "complaints_asof", "events", "issue_history", "issues", "search_keys", "search_texts"}
	if got := holding(t, s.Store); !slices.Equal(got, want) {
		t.Fatalf("the value is in %v, want %v", got, want)
	}
	return s
}

func (s *stream) eraser(listed *[][]byte) *Eraser {
	list := func(events [][]byte) error {
		*listed = append(*listed, events...)
		return nil
	}
	return NewEraser(s.Store, list, time.Second, slog.New(slog.DiscardHandler))
}

// whole fails unless everything is stored once and every fact is complete.
func (s *stream) whole(when string) {
	s.t.Helper()
	checks, err := s.Verify(s.t.Context(), ingest.TopicEvents)
	if err != nil || len(checks) != 1 || !checks[0].OK() || checks[0].Stored != s.next[ingest.TopicEvents] {
		s.t.Errorf("%s: %+v, %v", when, checks, err)
	}
	facts, err := s.VerifyFacts(s.t.Context())
	if err != nil || !facts.OK() {
		s.t.Errorf("%s: %+v, %v", when, facts, err)
	}
}

// readable fails when the engine could not read a rewrite that it has written down: it would not open the table after a crash.
func readable(t *testing.T, s *Store) {
	t.Helper()
	const rewrites = "SELECT toUInt64(countIf(formatQuerySingleLine(concat('ALTER TABLE t ', command)) != '')) FROM system.mutations WHERE database = currentDatabase()"
	if n := s.count(t, rewrites, nil); n < 6 {
		t.Errorf("%d rewrites, want one of each table at least", n)
	}
}

// hiddenSecret counts texts of the search that were replaced and only hidden.
const hiddenSecret = "SELECT count() FROM search_texts WHERE position(body, {value:String}) > 0 SETTINGS apply_deleted_mask = 0"

const factsDigest = "SELECT groupBitXor(cityHash64(toString(tuple(*)))) FROM complaints FINAL"

func TestAnErasedCustomerIsInNoTable(t *testing.T) {
	s := sown(t)
	var listed [][]byte
	eraser := s.eraser(&listed)
	if n, err := eraser.Pass(t.Context()); n != 0 || err != nil {
		t.Fatalf("%d erased before anybody asked: %v", n, err)
	}
	s.send(ingest.TopicEvents, map[string]any{"complaint_id": "a9", "kind": "erased", "data": map[string]any{"reason": secret}})
	digest := s.count(t, factsDigest, nil)
	if n, err := eraser.Pass(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d erased, want 1: %v", n, err)
	}
	if found := holding(t, s.Store); len(found) > 0 {
		t.Errorf("the value is still in %v", found)
	}
	if n := s.count(t, "SELECT count() FROM duplicates", nil); n != 1 {
		t.Errorf("%d pairs of texts are left, want that of other complaints alone", n)
	}
	if n := s.count(t, hiddenSecret, values{"value": text(secret)}); n != 0 {
		t.Errorf("%d hidden texts of the search still say it", n)
	}
	if n := s.count(t, "SELECT count() FROM search_keys WHERE complaint_id = 'a9'", nil); n != 0 {
		t.Errorf("%d keys of the complaint are left", n)
	}
	s.index()
	if got, _ := s.find(transform.ComplaintFilter{Text: "海棠小区电梯半夜异响"}); slices.Contains(got, "a9") || len(got) == 0 {
		t.Errorf("the search finds %v", got)
	}
	if names := s.count(t, "SELECT count() FROM issues WHERE name = '' OR length(keywords) != length(weights)", nil); names != 0 {
		t.Errorf("%d issues without a name, or with words and weights apart", names)
	}
	readable(t, s.Store)
	if len(listed) != 1 {
		t.Errorf("listed %q, want the one erased event", listed)
	}
	s.whole("after the erasure")
	if after := s.count(t, factsDigest, nil); after != digest {
		t.Error("facts changed by blanking what they do not hold")
	}
	if _, err := s.folder.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if after := s.count(t, factsDigest, nil); after != digest {
		t.Error("a rebuild of blanked events gives other facts")
	}
	if n, err := eraser.Pass(t.Context()); n != 0 || err != nil {
		t.Errorf("%d erased once more: %v", n, err)
	}
	if ids, err := s.CustomerComplaints(t.Context(), "u-a1"); err != nil || !slices.Equal(ids, []string{"a1"}) {
		t.Errorf("complaints of another customer: %v, %v", ids, err)
	}
}

func TestWhatComesAfterAnErasureIsErasedToo(t *testing.T) {
	s := sown(t)
	var listed [][]byte
	eraser := s.eraser(&listed)
	s.send(ingest.TopicEvents, map[string]any{"complaint_id": "a9", "kind": "erased", "data": map[string]any{}})
	if _, err := eraser.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	late := personal("a9")
	huge := map[string]any{"channel": "web", "title": secret, "product": strings.Repeat(`\\'"中`+"\t", 80_000)}
	s.send(ingest.TopicEvents, late[0], late[7], map[string]any{"complaint_id": "a9", "kind": "registered", "data": huge})
	if found := holding(t, s.Store); !slices.Equal(found, []string{"events"}) {
		t.Errorf("late events show the value in %v, want in events alone", found)
	}
	if n, err := eraser.Pass(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d erased, want 1: %v", n, err)
	}
	if found := holding(t, s.Store); len(found) > 0 {
		t.Errorf("the value is still in %v", found)
	}
	s.whole("after late events")
}

func TestABrokenErasureIsDoneAgain(t *testing.T) {
	s := sown(t)
	s.send(ingest.TopicEvents, map[string]any{"complaint_id": "a9", "kind": "erased", "data": map[string]any{}})
	broken := errors.New("disk full")
	unlisted := NewEraser(s.Store, func([][]byte) error { return broken }, time.Second, slog.New(slog.DiscardHandler))
	if _, err := unlisted.Pass(t.Context()); !errors.Is(err, broken) {
		t.Fatalf("an erasure that is not on the list: %v", err)
	}
	if found := holding(t, s.Store); !slices.Contains(found, "events") {
		t.Error("it was carried out without being on the list, so a restore would not know it")
	}
	var listed [][]byte
	for _, table := range []string{"issues", "complaints", "complaints_asof", "duplicates", "events"} {
		whole := s.queries["mutations_undone"]
		s.queries["mutations_undone"] = fmt.Sprintf("SELECT toUInt64(1), throwIf({table:String} = '%s', 'broken') || '' FROM (SELECT 1) WHERE {table:String} = '%s' UNION ALL SELECT toUInt64(0), '' WHERE {table:String} != '%s'", table, table, table)
		if _, err := s.eraser(&listed).Pass(t.Context()); err == nil {
			t.Errorf("no rewrite of %s", table)
		}
		s.queries["mutations_undone"] = whole
		if n, err := s.ErasuresDue(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d are due after a break at %s: %v", n, table, err)
		}
	}
	if n, err := s.eraser(&listed).Pass(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d erased, want 1: %v", n, err)
	}
	if found := holding(t, s.Store); len(found) > 0 {
		t.Errorf("the value is still in %v", found)
	}
}

func TestFindingWhatIsToBeErased(t *testing.T) {
	s := openStream(t)
	at := s.clock
	id := func(v string) map[string]any { return map[string]any{"id": v} }
	s.send(ingest.TopicEvents, says("one", "电梯坏了"), says("two", "电梯坏了"),
		map[string]any{"complaint_id": "two", "kind": "corrected", "data": map[string]any{"fields": map[string]any{"customer": id("u-one")}}},
		map[string]any{"complaint_id": "three", "kind": "registered", "data": map[string]any{"channel": "web", "title": "u-one", "customer": id("u-one2")}},
		map[string]any{"complaint_id": "four", "kind": "registered", "data": map[string]any{"channel": "web", "title": "t", "customer": id("<u-one>")}},
		map[string]any{"complaint_id": "one", "kind": "closed", "data": map[string]any{}})
	for customer, want := range map[string][]string{"u-one": {"one", "two"}, "<u-one>": {"four"}, "nobody": nil} {
		if got, err := s.CustomerComplaints(t.Context(), customer); err != nil || !slices.Equal(got, want) {
			t.Errorf("complaints of %s: %v, want %v, %v", customer, got, want, err)
		}
	}
	for before, want := range map[time.Time][]string{at: nil, at.AddDate(0, 0, 1): {"one"}} {
		if got, err := s.ExpiredComplaints(t.Context(), before, 10); err != nil || !slices.Equal(got, want) {
			t.Errorf("complaints that ended before %s: %v, want %v, %v", before, got, want, err)
		}
	}
}
