// Package simulate invents the complaint history of an internet company that does not exist.
//
// The demo and the load tests need a stream that behaves like a real one: issues that start, swell, are fixed and come
// back, people who write as people do, clocks that are mostly kept, and records that arrive late, twice or broken.
// Everything follows from a seed. The lives that begin on a day depend on the seed and that day alone, so any interval
// can be produced at any time, in pieces or at once, without keeping what came before.
package simulate
