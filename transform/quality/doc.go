// Package quality says what is known of the data themselves: what was refused, what came out of order or without a
// beginning, what is missing, and whether every message is in the store once. It holds the answers' shapes; the store
// fills them, the pages show them.
package quality
