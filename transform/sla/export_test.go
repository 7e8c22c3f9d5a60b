package sla

import "time"

// ReadICal is open to tests.
func ReadICal(text []byte, zone *time.Location) (*Pack, error) { return readICal(text, zone) }
