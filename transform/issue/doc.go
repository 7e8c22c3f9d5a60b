// Package issue finds recurring issues: complaints about the same thing with the same fault, which one person could fix.
package issue
