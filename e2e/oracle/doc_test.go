// Package oracle judges the key figures: a slow, plain reimplementation of every rule of the catalogue, made from the
// raw events alone, is asked the same questions as the warehouse, and no figure may differ.
//
// It shares no rule with the product: it has its own calendar, its own table of targets, its own reading of a
// complaint's events and its own statistics. Where it is slow it is slow on purpose, so that it can be read beside the
// rules. Instants are milliseconds since 1970, UTC.
package oracle
