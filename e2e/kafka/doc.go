// Package kafka starts a real Apache Kafka for whole-system tests, because the embedded broker's idea of the
// protocol is not the one that a cluster has.
package kafka
