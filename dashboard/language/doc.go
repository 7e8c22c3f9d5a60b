// Package language makes the English page out of the finished Chinese one. Pages are written once, in Chinese; this
// package looks every text of a rendered page up in a catalogue (en.tsv), leaves alone what the page marks as data
// (translate="no", the HTML standard's attribute), and so needs neither keys in templates nor a second set of them.
package language
