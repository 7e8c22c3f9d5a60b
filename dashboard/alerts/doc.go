// Package alerts makes Prometheus' rules, Alertmanager's configuration and the OpenSLO documents of a policy, so that a
// changed target, owner or calendar changes them without a word of PromQL by hand.
//
// Rules compare exported deadlines with time(), so that no alert waits for the next snapshot. Texts are Chinese. Instants in
// them are absolute and in the organisation's zone, because a remaining time goes stale in a message. Several programs may
// export the same series: rules take the greatest over instances, so that an alert has one identity.
package alerts
