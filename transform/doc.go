// Package transform folds all events of one complaint into one fact.
//
// The fold is a pure function of the set of events: any order, any repetition, the same fact. A fact holds every round,
// clock, pause, flow step and field change with its instants, and knows no "now": states and verdicts at an instant T are
// asked of it, never stored in it.
package transform
