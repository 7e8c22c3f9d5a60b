package metrics

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// durations counts how long clocks took since the process started. The bucket edges are the policy's promises, so that
// the share that kept one is exact, and a few more for the shape; a policy with other promises begins anew.
type durations struct {
	edges []float64
	count map[kpi.TimerKey]*duration
}

type duration struct {
	n       uint64
	sum     float64
	buckets []uint64 // not cumulative
}

// shape are edges beside the promises, in seconds.
var shape = []float64{60, 1800, 86400, 604800} //nolint:gochecknoglobals // a constant list

// mostEdges bounds the edges, whatever a policy promises.
const mostEdges = 24

func (d *durations) add(scope kpi.TimerScope, lasted []transform.Lasted) {
	edges := slices.Clone(shape)
	for _, t := range scope.Targets {
		edges = append(edges, t.Target.Seconds())
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	edges = edges[:min(len(edges), mostEdges)]
	if !slices.Equal(edges, d.edges) {
		d.edges, d.count = edges, map[kpi.TimerKey]*duration{}
	}
	at := func(stage, priority string) *duration {
		key := bounded(kpi.TimerKey{Stage: stage, Priority: priority})
		key.Rule = ""
		if d.count[key] == nil {
			d.count[key] = &duration{buckets: make([]uint64, len(d.edges))}
		}
		return d.count[key]
	}
	for _, key := range scope.Keys {
		at(key.Stage, key.Priority)
	}
	for _, l := range lasted {
		if l.Took < 0 {
			continue // an impossible order is in no duration
		}
		c := at(l.Stage, l.Priority)
		took := l.Took.Truncate(time.Millisecond).Seconds()
		c.n++
		c.sum += took
		if i, _ := slices.BinarySearch(d.edges, took); i < len(d.edges) {
			c.buckets[i]++
		}
	}
}

func (d *durations) series() []prometheus.Metric {
	out := make([]prometheus.Metric, 0, len(d.count))
	for key, c := range d.count {
		buckets, below := make(map[float64]uint64, len(d.edges)), uint64(0)
		for i, edge := range d.edges {
			below += c.buckets[i]
			buckets[edge] = below
		}
		out = append(out, prometheus.MustNewConstHistogram(stageDuration, c.n, c.sum, buckets, key.Stage, key.Priority))
	}
	return out
}
