package warehouse

import (
	"os"
	"testing"

	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

func openStore(t testing.TB) *Store {
	t.Helper()
	store, err := Open(t.Context(), engines.DSN(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}
