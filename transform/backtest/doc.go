// Package backtest replays a policy's alerts on a stored history: how often each would have fired, how often a breach
// followed and how long after, and how many breaches came without a warning.
//
// It sees what is known now: a deadline that pauses moved later stands where they left it, and an event that arrived late
// counts from when it happened. Alerts about the machinery leave no trace in the history and are not replayed.
package backtest
