// Package dashboard shows what the store knows: the pages, in Chinese, and the same numbers as JSON under /api/v1.
//
// It reads through small interfaces declared beside the handlers that use them and never sees the store itself.
// Complaint text is written by strangers: it reaches a page through html/template only, and no page runs inline script.
package dashboard
