// Package intake_test sends events over HTTP to the whole program, alone and in front of servers behind TLS and logins.
package intake_test
