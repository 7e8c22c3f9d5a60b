// Package openapi describes an HTTP interface from declarations in Go: the same declaration makes an entry of the
// OpenAPI 3.1 document and checks the requests, so that neither drifts from the other.
package openapi
