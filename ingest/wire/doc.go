// Package wire keeps connections to other servers private: TLS from files, secrets that nothing prints, and for a
// server that is not believed the sentence that says what to do. There is no way to believe any certificate.
package wire
