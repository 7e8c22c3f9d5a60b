// Package engine runs ClickHouse's own engine (libchdb) inside a child process and lets it speak ClickHouse's HTTP
// interface, so that the rest of the program cannot tell it from a server: it uses clickhouse-go with a DSN in both cases.
//
// Process is the parent's side: it starts the child, restarts it when native code crashes, and ends it. Server is the
// child's side. They share a listening socket, so the address outlives a crash, and a pipe, so that the child dies with
// its parent however the parent ends.
//
// The statements that stand in this package are the protocol itself, not questions about complaints: what the client asks
// first, the engine's version, and an INSERT that names the file its block was spooled to.
package engine
