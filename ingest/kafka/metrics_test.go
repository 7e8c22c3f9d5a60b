package kafka_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

func TestEveryClassOfRefusalIsCountedFromZero(t *testing.T) {
	registry := prometheus.NewRegistry()
	kafka.NewMetrics(registry)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	zeros := 0
	for _, f := range families {
		if f.GetName() != "wenguo_ingest_rejects_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			if m.GetCounter().GetValue() == 0 {
				zeros++
			}
		}
	}
	if zeros != len(ingest.Classes) {
		t.Errorf("%d classes stand at zero, want %d: an alert on an increase misses the first refusal of the others", zeros, len(ingest.Classes))
	}
}
