// Package report makes the papers that a committee carries into and out of its room: the record of complaints, the monthly
// statistics, tables of departments and agents, the report of each corrective action, the bulletin and the meeting pack. Each
// is one Document, written as HTML that prints on A4, as a spreadsheet, as CSV where it is one table, and as PDF by a browser
// of the machine. A document holds no clock: the same stored events make the same bytes.
package report
