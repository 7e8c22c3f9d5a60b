package warehouse

import (
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
)

func TestFactsMoveWithTheirRegistration(t *testing.T) {
	store, rules := openStore(t), testRules(t)
	at := func(month time.Month) time.Time { return time.Date(2026, month, 10, 0, 0, 0, 0, time.UTC) }
	event := func(id string, month time.Month, offset int64, data any, kind ingest.Kind) ingest.Stored {
		return ingest.Stored{
			Event:    ingest.Event{EventID: id, ComplaintID: "c", Kind: kind, OccurredAt: at(month), Data: data},
			Position: ingest.Position{Offset: offset, BusTime: at(month)},
		}
	}
	resolved := event("r", 5, 0, &ingest.Resolved{}, ingest.KindResolved)
	second := event("b", 4, 1, &ingest.Registered{Channel: "web", Title: "second"}, ingest.KindRegistered)
	first := event("a", 2, 2, &ingest.Registered{Channel: "web", Title: "first"}, ingest.KindRegistered)
	fold := func(events ...ingest.Stored) transform.Complaint {
		c, _ := transform.Fold(events, rules)
		return c
	}
	save := func(c transform.Complaint) {
		t.Helper()
		if err := store.SaveFacts(t.Context(), []transform.Complaint{c}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(when string, facts, orphans uint64, title string) {
		t.Helper()
		if n := store.count(t, "SELECT count() FROM orphans FINAL", nil); n != orphans {
			t.Errorf("%s: %d orphans, want %d", when, n, orphans)
		}
		const statement = "SELECT count() FROM complaints FINAL WHERE {title:String} = '' OR title = {title:String} SETTINGS do_not_merge_across_partitions_select_final = 1"
		if n := store.count(t, statement, values{"title": ""}); n != facts {
			t.Errorf("%s: %d facts, want %d", when, n, facts)
		}
		if n := store.count(t, statement, values{"title": text(title)}); n != facts {
			t.Errorf("%s: %d facts of %q, want %d", when, n, title, facts)
		}
	}
	save(fold(resolved))
	expect("before its registration arrives it is an orphan", 0, 1, "")
	old := fold(resolved, second)
	save(old)
	expect("with it, it is a complaint", 1, 0, "second")
	save(fold(resolved, second, first))
	expect("an earlier registration moves it to another month", 1, 0, "first")
	save(old)
	save(fold(resolved))
	expect("an old fact written late changes nothing", 1, 0, "first")
}
