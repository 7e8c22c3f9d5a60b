package warehouse

import (
	"context"
	"fmt"
	"time"

	"wenguo/ingest"
)

// CustomerComplaints lists the complaints that a registration or correction ever gave the customer, by the id that the
// producing system calls the customer by. Those that were erased before are left out. It reads every registration.
func (s *Store) CustomerComplaints(ctx context.Context, customer string) ([]string, error) {
	var found []string
	query := "complaints_of_customer"
	err := s.read(ctx, query, s.query(query), values{"customer": text(customer)}, func(row scanner) error {
		var id, raw string
		if err := row.Scan(&id, &raw); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		if len(found) > 0 && found[len(found)-1] == id {
			return nil
		}
		event, err := ingest.Decode([]byte(raw))
		if err != nil {
			return fmt.Errorf("decode stored event of complaint %s: %w", id, err)
		}
		switch d := event.Data.(type) {
		case *ingest.Registered:
			if d.Customer.ID != customer {
				return nil
			}
		case *ingest.Corrected:
			if d.Fields.Customer.ID != customer {
				return nil
			}
		}
		found = append(found, id)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find complaints of a customer: %w", err)
	}
	return found, nil
}

// ExpiredComplaints lists complaints that ended before the instant, have had no event since and are not erased, the oldest
// first, at most so many.
func (s *Store) ExpiredComplaints(ctx context.Context, before time.Time, most int) ([]string, error) {
	p := values{"before": number(before.UnixMilli()), "most": number(most)}
	ids, err := s.strings(with(ctx, p), "complaints_expired")
	if err != nil {
		return nil, fmt.Errorf("list complaints past their time: %w", err)
	}
	return ids, nil
}
