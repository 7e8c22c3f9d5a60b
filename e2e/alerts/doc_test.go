// Package alerts_test lets promises come near and break, and listens at the robots of those who must act: the real program,
// the real Prometheus and the real Alertmanager, on free ports.
package alerts_test
