package oracle

import (
	"slices"
	"strconv"

	"wenguo/ingest"
)

// collect gathers what the events say of the complaint's fields, also those before the registration.
func (s *story) collect() {
	for _, h := range slices.Concat(s.before, s.events) {
		s.gather(h)
	}
	s.values = values{
		category: s.last("category"), priority: s.last("priority"), channel: s.last("channel"),
		department: s.last("department"), owner: s.owner(), region: s.last("region"), tier: s.last("tier"),
		product: s.last("product"), level: s.last("level"), cause: s.last("cause"),
	}
}

func (s *story) gather(h *happening) {
	give := func(field, value string) {
		if value != "" {
			s.fields[field] = append(s.fields[field], given{h.at, value})
		}
	}
	level := func(n int) {
		if n != 0 {
			give("level", strconv.Itoa(n))
		}
	}
	person := func(c ingest.Customer) {
		give("customer", c.ID)
		give("phone", c.Phone)
		give("region", c.Region)
		give("tier", c.Tier)
	}
	switch d := h.data.(type) {
	case *ingest.Registered:
		give("channel", d.Channel)
		give("category", d.Category)
		give("priority", d.Priority)
		give("product", d.Product)
		person(d.Customer)
	case *ingest.Classified:
		give("category", d.Category)
		give("priority", d.Priority)
		level(d.Level)
	case *ingest.Corrected:
		give("channel", d.Fields.Channel)
		give("category", d.Fields.Category)
		give("priority", d.Fields.Priority)
		give("product", d.Fields.Product)
		level(d.Fields.Level)
		person(d.Fields.Customer)
	case *ingest.Investigated:
		give("cause", d.CauseGroup)
		level(d.Level)
	case *ingest.Assigned:
		give("department", d.Department)
	case *ingest.Transferred:
		give("department", d.To)
	}
}

// last is the value of a field at asOf.
func (s *story) last(field string) string {
	if all := s.fields[field]; len(all) > 0 {
		return all[len(all)-1].value
	}
	return ""
}

// inForce is the value of a field when a clock started: given by then, else the first one given later.
func (s *story) inForce(field string, start instant) string {
	all := s.fields[field]
	for _, g := range slices.Backward(all) {
		if g.at <= start {
			return g.value
		}
	}
	if len(all) > 0 {
		return all[0].value
	}
	return ""
}

// valuesAt are the values that choose the target of a clock started then.
func (s *story) valuesAt(start instant) values {
	return values{
		category: s.inForce("category", start), priority: s.inForce("priority", start),
		channel: s.inForce("channel", start), tier: s.inForce("tier", start),
		product: s.inForce("product", start), department: s.inForce("department", start),
	}
}

// owner is the last one named since the last transfer.
func (s *story) owner() string {
	owner := ""
	for _, h := range slices.Concat(s.before, s.events) {
		switch d := h.data.(type) {
		case *ingest.Transferred:
			owner = d.ToOwner
		case *ingest.Assigned:
			named := d.Owner
			if named == "" && h.kind == ingest.KindDispatched {
				named = d.ToOwner
			}
			if named != "" {
				owner = named
			}
		}
	}
	return owner
}

// listed reports a value of an enumeration: what the list does not hold is other.
func listed(value string, list ...string) string {
	if value == "" || slices.Contains(list, value) {
		return value
	}
	return "other"
}

var (
	channels   = []string{"phone", "email", "web", "wechat", "app", "im", "social", "counter", "fax", "other"}
	priorities = []string{"urgent", "high", "normal", "low"}
	causes     = []string{"people", "commitment", "product", "process", "supplier", "customer_use", "force_majeure", "other"}
)
