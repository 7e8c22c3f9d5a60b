// Package restate compares what was published of a period with what the same question answers today: which figures differ,
// which complaints moved them, and by what kind of news. A published number stays as it was; a later one stands beside it with
// its causes.
package restate
