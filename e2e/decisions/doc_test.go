// Package decisions_test kills consumers of complaints.decisions at the worst moment, and the whole program, and then
// proves that every decision is stored once.
package decisions_test
