// Package intake takes events over HTTP and puts them on the bus: for systems that have no Kafka client. What it accepts
// the consumer accepts, and what it answers with 202 is on every in-sync replica.
package intake
