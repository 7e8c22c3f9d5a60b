// Package sheet writes tables that leave the program: CSV that spreadsheets open as it is meant, and XLSX. Both take any
// number of rows in constant memory, and what strangers wrote stays text in them: it is never a formula, never a command,
// and never turns the reading order around.
package sheet
