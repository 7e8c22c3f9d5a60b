// Package account keeps who may come in and what they may do: accounts and their passwords, sessions, tokens of the API,
// saved views, and the log of what people did that others must be able to check. All of it is one SQLite file in the data
// folder, so that it needs no server and is copied with the folder.
//
// Nothing in the file lets anybody in who reads it: passwords are hashed by argon2id, sessions, tokens and one-time links
// by SHA-256 of 256 random bits.
package account
