package transform

import "wenguo/ingest"

// Original is what a complaint says of its customer, unmasked: for people who may see it and asked to, one complaint at a
// time. It is never stored and never logged.
type Original struct {
	Name, Phone, Order          string
	Title, Content, Expectation string
	// Erased says that the customer asked to be forgotten: the rest is empty.
	Erased bool
}

// OriginalOf takes the last values given, as the fold does; false without any event.
func OriginalOf(stored []ingest.Stored) (Original, bool) {
	set := distinct(stored)
	o := Original{Erased: set.erased}
	take := func(who ingest.Customer, order, title, content, expectation string) {
		set1(&o.Name, who.Name)
		set1(&o.Phone, who.Phone)
		set1(&o.Order, order)
		set1(&o.Title, title)
		set1(&o.Content, content)
		set1(&o.Expectation, expectation)
	}
	for _, e := range set.events {
		switch d := e.Data.(type) {
		case *ingest.Registered:
			take(d.Customer, d.OrderRef, d.Title, d.Content, d.Expectation)
		case *ingest.Corrected:
			take(d.Fields.Customer, d.Fields.OrderRef, d.Fields.Title, d.Fields.Content, d.Fields.Expectation)
		}
	}
	if o.Erased {
		return Original{Erased: true}, true
	}
	return o, len(set.events) > 0
}
