// Package metrics shows clocks, cases and sources to Prometheus.
//
// Alerts must not wait for queries and queries must not wait for scrapes: a snapshot is refreshed on its own beat, and a
// scrape hands out the last one. When a refresh fails the last snapshot stays, since its deadlines are still true, and
// the heartbeat complaint_sla_last_evaluation_timestamp_seconds stops.
//
// Counts are about now and correct themselves: a late event moves a clock from one outcome of a window to the other. A
// counter must not do that. complaint_sla_timers_total therefore counts a verdict once, five minutes after its deadline
// (the time in which events are promised to arrive), and keeps it whatever comes later; a clock that becomes known after
// that is in the windows only. It starts at 0 with the process and loses nothing while the warehouse is away, because the
// next refresh asks for all deadlines since the last one that succeeded.
//
// Labels are bounded, whatever complaints say: departments are those that the policy names as owners, else the twenty
// most frequent ones, taken in as they appear and kept until the process ends, so that no series changes its meaning; all
// others are "other", and complaints without a department have the empty one.
package metrics
