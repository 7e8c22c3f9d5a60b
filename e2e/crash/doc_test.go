// Package crash_test kills everything while events load and then holds the store against a fold of its own.
package crash_test
