package kafka

import (
	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
)

// Metrics of the consumer; their names start with wenguo_ingest_.
type Metrics struct {
	events, rejects, bytes       *prometheus.CounterVec
	lag, committed, planned      *prometheus.GaugeVec
	replays, fenced, retries     *prometheus.CounterVec
	inserts                      prometheus.Histogram
	blockRows                    prometheus.Histogram
	backPressure, drain          prometheus.Counter
	rebalances, deadLetterErrors prometheus.Counter
	asked, splits, floods        *prometheus.CounterVec
	lost, foreign, disagreements *prometheus.CounterVec
	forgotten                    *prometheus.CounterVec
	flooded                      *prometheus.GaugeVec
}

// NewMetrics registers the consumer's metrics.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "wenguo", Subsystem: "ingest", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "wenguo", Subsystem: "ingest", Name: name, Help: help}, []string{"partition"})
	}
	single := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "wenguo", Subsystem: "ingest", Name: name, Help: help})
	}
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "wenguo", Subsystem: "ingest", Name: name, Help: help, Buckets: buckets})
	}
	m := &Metrics{
		events:           counter("events_total", "Events stored.", "partition"),
		rejects:          counter("rejects_total", "Messages refused and written to the dead-letter topic, by reason.", "class"),
		bytes:            counter("bytes_total", "Bytes of stored events.", "partition"),
		lag:              gauge("lag_messages", "Messages on the partition that are not stored yet."),
		committed:        gauge("committed_offset", "Offset up to which everything is stored."),
		planned:          gauge("planned_offset", "End of the block that is planned or was stored last."),
		replays:          counter("plan_replays_total", "Plans found at a take-over and carried out again.", "partition"),
		fenced:           counter("fenced_commits_total", "Commits that Kafka refused because the generation was over.", "partition"),
		retries:          counter("insert_retries_total", "Inserts tried again with the same block and token, by the store's error code.", "code"),
		inserts:          histogram("insert_seconds", "Duration of one block's insert.", []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}),
		blockRows:        histogram("block_rows", "Messages in one block.", prometheus.ExponentialBuckets(1, 4, 9)),
		backPressure:     single("back_pressure_seconds_total", "Time workers waited for room instead of fetching."),
		drain:            single("drain_seconds_total", "Time spent finishing planned blocks after their generation ended."),
		rebalances:       single("rebalances_total", "Generations of the consumer group this process joined."),
		deadLetterErrors: single("dead_letter_errors_total", "Failed writes to the dead-letter topic; the partition waits meanwhile."),
		asked:            counter("retries_total", "Questions to Kafka and to the store that were asked again.", "what"),
		splits:           counter("block_splits_total", "Blocks that the store refused for good and that were planned again in halves, by its error code.", "code"),
		floods:           counter("floods_total", "Times the partition rested because too many messages were refused.", "partition"),
		flooded:          gauge("flooded", "1 while the partition rests, or tries a few messages, because too many were refused."),
		lost:             counter("lost_messages_total", "Messages that retention deleted before they were stored.", "partition"),
		foreign:          counter("foreign_plans_total", "Plans of another decoder version that were found and finished.", "partition"),
		disagreements:    counter("offset_disagreements_total", "Take-overs at which the group's offset was not where the store ends; the store decides.", "partition"),
	}
	m.forgotten = counter("forgotten_blocks_total", "Blocks whose token the store had and whose rows it had not, after it was killed; inserted again.", "partition")
	for _, class := range ingest.Classes { // a counter that begins with what it counts has not increased: the first refusal is told too
		m.rejects.WithLabelValues(string(class))
	}
	registry.MustRegister(m.forgotten, m.events, m.rejects, m.bytes, m.lag, m.committed, m.planned, m.replays, m.fenced, m.retries,
		m.inserts, m.blockRows, m.backPressure, m.drain, m.rebalances, m.deadLetterErrors,
		m.asked, m.splits, m.floods, m.flooded, m.lost, m.foreign, m.disagreements)
	return m
}

// forget takes back what this process says of a partition that it no longer has: another member knows better.
func (m *Metrics) forget(partition string) {
	for _, gauge := range []*prometheus.GaugeVec{m.lag, m.committed, m.planned, m.flooded} {
		gauge.DeleteLabelValues(partition)
	}
}
