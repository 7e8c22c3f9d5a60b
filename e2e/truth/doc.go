// Package truth is what whole-system tests hold the product against: an input that is worse than life, and the facts that
// the test itself folds from it.
package truth
