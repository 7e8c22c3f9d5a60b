package transform

import (
	"wenguo/ingest"
)

// Redact returns a copy of an event that pages may show: free texts are passed through mask, and what identifies the
// customer is gone (region and tier stay). The event's own data is not touched.
func Redact(e ingest.Event, mask func(string) string) ingest.Event {
	switch d := e.Data.(type) {
	case *ingest.Registered:
		c := *d
		c.Customer, c.OrderRef, c.Attachments = anonymous(d.Customer), "", nil
		c.Title, c.Content, c.Expectation = mask(d.Title), mask(d.Content), mask(d.Expectation)
		e.Data = &c
	case *ingest.Corrected:
		c := *d
		c.Fields.Customer, c.Fields.OrderRef, c.Fields.Attachments = anonymous(d.Fields.Customer), "", nil
		c.Fields.Title, c.Fields.Content = mask(d.Fields.Title), mask(d.Fields.Content)
		c.Fields.Expectation, c.Reason = mask(d.Fields.Expectation), mask(d.Reason)
		e.Data = &c
	case *ingest.Investigated:
		c := *d
		c.Cause = mask(d.Cause)
		e.Data = &c
	case *ingest.Plan:
		c := *d
		c.Measures, c.Resources, c.Compensation = mask(d.Measures), mask(d.Resources), mask(d.Compensation)
		e.Data = &c
	case *ingest.Contacted:
		c := *d
		c.Note = mask(d.Note)
		e.Data = &c
	case *ingest.Reasoned:
		c := *d
		c.Reason = mask(d.Reason)
		e.Data = &c
	case *ingest.Escalated:
		c := *d
		c.Reason = mask(d.Reason)
		e.Data = &c
	case *ingest.Transferred:
		c := *d
		c.Reason = mask(d.Reason)
		e.Data = &c
	case *ingest.Resolved:
		c := *d
		c.Outcome, c.Measures = mask(d.Outcome), mask(d.Measures)
		e.Data = &c
	case *ingest.Surveyed:
		c := *d
		c.Comment = mask(d.Comment)
		e.Data = &c
	case *ingest.AssistRequested:
		c := *d
		c.Item = mask(d.Item)
		e.Data = &c
	}
	return e
}

func anonymous(c ingest.Customer) ingest.Customer {
	return ingest.Customer{Region: c.Region, Tier: c.Tier}
}
