// Package faults_test breaks everything that can break, by a seeded schedule and while events load, and then holds the
// store against a fold of its own. `make soak` runs the same for as long as one likes.
package faults_test
