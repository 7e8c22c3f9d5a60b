// Package warehouse is the only room that knows ClickHouse: Store inserts, and answers one question per method.
//
// The rest of the program hands it values of ingest and transform. SQL lives in sql/, embedded; values are query
// parameters, never text. All instants are UTC with milliseconds.
package warehouse
