// Package browser opens every page in a real browser, on a real instance with simulated complaints, and uses it as a
// reader would. A console error, an exception, a breach of the content policy, or a request that leaves the machine fails
// whichever test caused it.
package browser
