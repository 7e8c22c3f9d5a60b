package warehouse

import (
	"slices"
	"testing"
)

func TestNamed(t *testing.T) {
	columns := []string{"state", "ended_ms", "clock_due", "clock"}
	got := named(columns, "SELECT clock_due[1] FROM facts WHERE state='open' AND restate")
	if want := []string{"state", "clock_due"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFactNamesAreAllColumns(t *testing.T) {
	store := openStore(t)
	names := store.factNames()
	if n := store.count(t, "SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = 'complaints' AND has({x:Array(String)}, name)",
		values{"x": list(names)}); int(n) != len(names) {
		t.Errorf("%d of %d names are columns", n, len(names))
	}
	if n := store.count(t, "SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = 'complaints'", nil); int(n) != len(names) {
		t.Errorf("%d names, %d columns", len(names), n)
	}
}
