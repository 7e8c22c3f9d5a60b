package warehouse

import (
	"context"
	"fmt"

	"wenguo/ingest"
)

// EachComplaint reads the events of every complaint, in the order of their ids, a bounded number of complaints at a time;
// progress hears after each of these how far it came.
func (s *Store) EachComplaint(ctx context.Context, progress func(done, total int), each func(id string, events []ingest.Stored) error) error {
	ids, err := s.strings(ctx, "complaint_ids")
	if err != nil {
		return fmt.Errorf("list complaints: %w", err)
	}
	for start := 0; start < len(ids); start += passComplaints {
		end := min(start+passComplaints, len(ids))
		if err := s.EventsOf(ctx, ids[start:end], each); err != nil {
			return err
		}
		progress(end, len(ids))
	}
	return nil
}
