package notify

import "github.com/prometheus/client_golang/prometheus"

// What became of a card.
const (
	sent      = "sent"
	failed    = "failed"
	denied    = "denied"
	throttled = "throttled"
	repeated  = "repeated"
)

type metrics struct {
	cards   *prometheus.CounterVec
	last    *prometheus.GaugeVec
	seconds *prometheus.HistogramVec
	refused *prometheus.CounterVec
}

// newMetrics registers the robots' metrics, each at an explicit 0 for every robot.
func newMetrics(registry prometheus.Registerer, robots []Robot) *metrics {
	m := &metrics{
		cards: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wenguo_notify_cards_total", Help: "Cards for a robot by what became of them: sent, failed, denied (wrong key), throttled, repeated (told already).",
		}, []string{"robot", "result"}),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "wenguo_notify_last_sent_timestamp_seconds", Help: "When the robot last took a card; absent before.",
		}, []string{"robot"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wenguo_notify_send_seconds", Help: "Time from Alertmanager's request to the robot's answer.", Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20},
		}, []string{"robot"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wenguo_notify_refused_requests_total", Help: "Requests of Alertmanager that were not taken: token, robot (there is none of this name), body.",
		}, []string{"reason"}),
	}
	for _, r := range robots {
		for _, result := range []string{sent, failed, denied, throttled, repeated} {
			m.cards.WithLabelValues(r.Name, result)
		}
		m.seconds.WithLabelValues(r.Name)
	}
	for _, reason := range []string{"token", "robot", "body"} {
		m.refused.WithLabelValues(reason)
	}
	registry.MustRegister(m.cards, m.last, m.seconds, m.refused)
	return m
}
