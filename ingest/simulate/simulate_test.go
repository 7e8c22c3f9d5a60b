package simulate

import (
	"testing"
	"time"
)

func testWorld(t *testing.T) *World {
	t.Helper()
	w, err := New(Config{Seed: 7, Start: time.Date(2025, 9, 1, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestPrintSome(t *testing.T) {
	w := testWorld(t)
	n, begin := 0, time.Now()
	for range w.Records(w.start, w.start.AddDate(0, 13, 0)) {
		n++
	}
	t.Log(n, time.Since(begin))
}
