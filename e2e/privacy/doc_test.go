// Package privacy_test looks for a customer who asked to be forgotten: in every table, and in every file of the data folder.
package privacy_test
