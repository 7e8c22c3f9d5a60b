// Package kafka moves messages between Kafka and a sink so that every acknowledged message is stored once.
//
// Delivery on the wire is at-least-once; what makes the store exact is this protocol. Each partition has one worker,
// which reads a block [S, E), commits S with the plan {E} as metadata under its group generation, inserts the block
// under a token made from S and E, and goes on from E. The next plan's commit is also the last block's: offset E with the
// plan of the following block. Whoever takes the partition over finds either no plan, and reads on from the committed
// offset, or a plan, and then reads exactly the same messages, builds exactly the same block and inserts it under the same
// token, which the sink drops if it has it. A worker that lost its generation cannot commit a plan, so it cannot insert.
// The sink also says where it ends: when the group's offset disagrees, the sink is right (takeOver). A block that the sink
// refuses for good is planned again in halves (split).
//
// The clock is read here only to wait and to measure. It may decide where a new block ends, which the plan then records;
// no row and no token depends on it.
package kafka
