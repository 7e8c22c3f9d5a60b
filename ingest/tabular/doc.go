// Package tabular reads files of complaints into messages for the bus: NDJSON events as they are, and CSV, XLSX
// and JSON tables through a mapping from columns to fields.
//
// Ids of events made from rows follow from the source's name, the complaint and the kind, so that the same file
// imported again gives the same events, and changes nothing.
package tabular
