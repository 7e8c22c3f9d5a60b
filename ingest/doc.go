// Package ingest is the event contract: what a complaint event is, how its bytes are read, and when they are refused.
//
// It is pure: it reads no clock, no network and no file, because a re-read of the same bytes must give the same row
// (the store removes repeated blocks by their token, which promises identical content).
package ingest
