// Package breach watches the share of promises that are broken.
//
// Complaints are few and clocks are long, so a rate over a window is either blind (three clocks) or late (four weeks). A
// Bernoulli CUSUM looks at every verdict in the order of the deadlines instead and adds up how much better an unhealthy
// breach rate explains it than a healthy one: S ← max(0, S + log-likelihood ratio), alarm at S ≥ h. Among all procedures
// with the same rate of false alarms it finds a change to the unhealthy rate soonest (Moustakides 1986).
//
// Everything here is a pure function of verdicts: one that is corrected later moves the alarm, or takes it back.
package breach
