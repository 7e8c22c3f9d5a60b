package transform_test

import (
	"testing"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
)

func BenchmarkFold(b *testing.B) {
	r := rules(b)
	var all [][]ingest.Stored
	events := 0
	for _, e := range histories.New(1, begin, 30).Complaints(500) {
		all = append(all, e)
		events += len(e)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		transform.Fold(all[i%len(all)], r)
	}
	b.ReportMetric(float64(events)/float64(len(all)), "events/op")
}
