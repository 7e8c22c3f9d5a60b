package sla

import (
	"slices"
	"time"
)

// ReadICal is open to tests.
func ReadICal(text []byte, zone *time.Location) (*Pack, error) { return readICal(text, zone) }

// PolicyKeys are the keys that the parser asks for while it reads a policy, by the kind of object.
func PolicyKeys(text []byte) (map[string][]string, error) {
	_, r, err := parsePolicy(text)
	if err != nil {
		return nil, err
	}
	for _, keys := range r.keys {
		slices.Sort(keys)
	}
	return r.keys, nil
}
