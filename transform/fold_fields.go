package transform

import (
	"strconv"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/transform/sla"
)

// given is a value and the instant at which it was given; a list of them is in the order of events.
type given struct {
	at    time.Time
	value string
}

// values are the histories of the fields that choose a target.
type values struct {
	priority, category, channel, tier, product, department []given
}

// inForce is the last value given up to an instant, else the first one given later.
func inForce(list []given, at time.Time) string {
	value := ""
	for i, g := range list {
		if i > 0 && g.at.After(at) {
			break
		}
		value = g.value
	}
	return value
}

// at are the values in force at an instant.
func (v values) at(t time.Time) sla.Values {
	return sla.Values{
		Priority: inForce(v.priority, t), Category: inForce(v.category, t), Channel: inForce(v.channel, t),
		Tier: inForce(v.tier, t), Product: inForce(v.product, t), Department: inForce(v.department, t),
	}
}

// personal are the last values given that identify the customer.
type personal struct {
	id, name, phone, order, title, content, expectation string
}

// fields gives every field its last value. An empty value is not given.
func (f *folder) fields() {
	var who personal
	for i, e := range f.events {
		f.departments = append(f.departments, f.c.Department)
		switch d := e.Data.(type) {
		case *ingest.Registered:
			f.take(i, &who, ingest.CorrectedFields{
				Channel: d.Channel, Customer: d.Customer, Title: d.Title, Content: d.Content, Expectation: d.Expectation,
				Category: d.Category, Priority: d.Priority, Product: d.Product, AffectedCustomers: d.AffectedCustomers, IncidentAt: d.IncidentAt,
				OrderRef: d.OrderRef,
			})
		case *ingest.Classified:
			f.take(i, &who, ingest.CorrectedFields{Category: d.Category, Priority: d.Priority, Level: d.Level})
		case *ingest.Corrected:
			f.take(i, &who, d.Fields)
		case *ingest.Investigated:
			if d.Valid != nil {
				valid := *d.Valid
				f.c.Valid = &valid
			}
			set1(&f.c.CauseGroup, d.CauseGroup)
			f.level(i, d.Level)
		case *ingest.Assigned:
			f.hand(i, d.Department, d.Owner, false)
		case *ingest.Transferred:
			f.hand(i, d.To, d.ToOwner, true)
		}
	}
	f.identify(who)
}

func set1(to *string, value string) {
	if value != "" {
		*to = value
	}
}

// take gives the fields their values from one event and notes the changes.
func (f *folder) take(i int, who *personal, v ingest.CorrectedFields) {
	e := f.events[i]
	field := func(name string, to *string, value string, history *[]given) {
		if value == "" {
			return
		}
		f.change(i, name, *to, value)
		*to = value
		if history != nil {
			*history = append(*history, given{e.OccurredAt, value})
		}
	}
	field("channel", &f.c.Channel, v.Channel, &f.given.channel)
	field("category", &f.c.Category, v.Category, &f.given.category)
	field("priority", &f.c.Priority, v.Priority, &f.given.priority)
	field("product", &f.c.Product, v.Product, &f.given.product)
	field("region", &f.c.Region, v.Customer.Region, nil)
	field("tier", &f.c.Tier, v.Customer.Tier, &f.given.tier)
	f.level(i, v.Level)
	set1(&who.id, v.Customer.ID)
	set1(&who.name, v.Customer.Name)
	set1(&who.phone, v.Customer.Phone)
	set1(&who.order, v.OrderRef)
	set1(&who.title, v.Title)
	set1(&who.content, v.Content)
	set1(&who.expectation, v.Expectation)
	if v.AffectedCustomers != 0 {
		f.c.AffectedCustomers = v.AffectedCustomers
	}
	if v.IncidentAt != nil {
		f.c.IncidentAt = v.IncidentAt.UTC()
	}
}

func (f *folder) level(i, level int) {
	if level == 0 {
		return
	}
	old := ""
	if f.c.Level != 0 {
		old = strconv.Itoa(f.c.Level)
	}
	f.change(i, "level", old, strconv.Itoa(level))
	f.c.Level = level
}

func (f *folder) change(i int, field, from, to string) {
	if from == to || from == "" {
		return
	}
	e := f.events[i]
	f.c.Changes = append(f.c.Changes, Change{At: e.OccurredAt, Field: field, From: from, To: to, Corrected: e.Kind == ingest.KindCorrected})
	if e.Kind == ingest.KindCorrected && (field == "category" || field == "priority") && f.dispatchedBefore(i) {
		f.c.Flow.Deviated = true
	}
}

// dispatchedBefore says whether the first dispatch came before event i.
func (f *folder) dispatchedBefore(i int) bool {
	for j := f.reg + 1; j < i; j++ {
		if f.events[j].Kind == ingest.KindDispatched {
			return true
		}
	}
	return false
}

// hand gives the complaint to a department. A transfer leaves the owner behind; other events only name a new one.
func (f *folder) hand(i int, department, owner string, transfer bool) {
	at := f.events[i].OccurredAt
	f.given.department = append(f.given.department, given{at, department})
	if owner == "" && !transfer {
		owner = f.c.Owner
	}
	f.c.Department, f.c.Owner = department, owner
	n := len(f.c.Holdings)
	if n > 0 && f.c.Holdings[n-1].Department == department && f.c.Holdings[n-1].Owner == owner {
		return
	}
	if n > 0 {
		f.c.Holdings[n-1].Until = at
	}
	f.c.Holdings = append(f.c.Holdings, Holding{Department: department, Owner: owner, Since: at})
}

// identify masks what shows a person, and forgets it when the customer asked to.
func (f *folder) identify(who personal) {
	if f.c.Erased {
		return
	}
	switch digits := phoneDigits(who.phone); {
	case who.id != "":
		f.c.CustomerKey = f.rules.CustomerKey("id:" + who.id)
	case digits != "":
		f.c.CustomerKey = f.rules.CustomerKey("phone:" + digits)
	}
	f.c.Keys = Keys(who.phone, who.order, f.rules.CustomerKey)
	f.c.CustomerName, f.c.CustomerPhone = maskName(who.name), maskPhone(phoneDigits(who.phone))
	f.c.Title, f.c.Content, f.c.Expectation = f.rules.Mask(who.title), f.rules.Mask(who.content), f.rules.Mask(who.expectation)
}

// phoneDigits keeps the digits of a number and drops China's country code.
func phoneDigits(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if rest, ok := strings.CutPrefix(digits, "0086"); ok {
		return rest
	}
	return strings.TrimPrefix(digits, "86")
}

// maskName keeps the family name.
func maskName(name string) string {
	runes := []rune(name)
	if len(runes) == 0 {
		return ""
	}
	return string(runes[0]) + strings.Repeat("*", min(len(runes)-1, 2))
}

// maskPhone keeps the last two digits.
func maskPhone(digits string) string {
	if len(digits) <= 2 {
		return strings.Repeat("*", len(digits))
	}
	return strings.Repeat("*", len(digits)-2) + digits[len(digits)-2:]
}
