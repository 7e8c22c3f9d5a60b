// Package program runs the built command as a user does, for whole-system tests: what it prints, how it ends and what it
// leaves on the disk can only be seen from outside.
package program
