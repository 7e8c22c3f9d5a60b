// Package recurring_test judges the discovery of issues by what the simulated company knows of its own complaints:
// which recurring issue each one belongs to, and which issues were fixed and came back.
package recurring_test
