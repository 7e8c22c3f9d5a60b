package alerts

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"time"

	"wenguo/transform/sla"
)

// managerFile and what follows are Alertmanager's own format.
type managerFile struct {
	Global    *mailServer    `yaml:"global,omitempty"`
	Route     route          `yaml:"route"`
	Receivers []receiver     `yaml:"receivers"`
	Inhibit   []inhibition   `yaml:"inhibit_rules"`
	Times     []timeInterval `yaml:"time_intervals,omitempty"`
}

type mailServer struct {
	SMTP string `yaml:"smtp_smarthost"`
	From string `yaml:"smtp_from"`
}

type route struct {
	Receiver string   `yaml:"receiver"`
	Matchers []string `yaml:"matchers,omitempty,flow"`
	GroupBy  []string `yaml:"group_by,omitempty,flow"`
	Wait     string   `yaml:"group_wait,omitempty"`
	Interval string   `yaml:"group_interval,omitempty"`
	Repeat   string   `yaml:"repeat_interval,omitempty"`
	Active   []string `yaml:"active_time_intervals,omitempty,flow"`
	Routes   []route  `yaml:"routes,omitempty"`
}

type receiver struct {
	Name     string    `yaml:"name"`
	Webhooks []webhook `yaml:"webhook_configs,omitempty"`
	Mails    []email   `yaml:"email_configs,omitempty"`
}

type webhook struct {
	URL      string `yaml:"url"`
	Resolved bool   `yaml:"send_resolved"`
	HTTP     client `yaml:"http_config"`
}

type client struct {
	Authorization authorization `yaml:"authorization"`
}

type authorization struct {
	File string `yaml:"credentials_file"`
}

type email struct {
	To       string `yaml:"to"`
	Resolved bool   `yaml:"send_resolved"`
}

type inhibition struct {
	Source []string `yaml:"source_matchers,flow"`
	Target []string `yaml:"target_matchers,flow"`
	Equal  []string `yaml:"equal,flow"`
}

const (
	onCallReceiver = "on-call"
	nobody         = "nobody"
)

// alertmanager routes by the department's owner. What comes from an outage rule is told at once; what can wait is told in
// the hours of the policy's quiet calendar.
func alertmanager(p *sla.Policy, o Options) (managerFile, error) {
	f := managerFile{Inhibit: inhibitions()}
	if o.SMTP != "" {
		f.Global = &mailServer{SMTP: o.SMTP, From: o.From}
	}
	f.Route = route{
		Receiver: onCallReceiver, GroupBy: []string{"department", "stage", "alertname"}, Wait: o.every(10 * time.Second), Interval: o.every(time.Minute), Repeat: "4h",
		Routes: []route{{Receiver: nobody, Matchers: []string{`alertname="Watchdog"`}}},
	}
	robots := p.Alerts.OnCall.Robots
	if len(robots) == 0 {
		robots = o.Robots
	}
	f.Receivers = []receiver{{Name: nobody}, o.receiver(onCallReceiver, sla.Owner{People: p.Alerts.OnCall.People, Robots: robots})}
	for _, name := range owned(p) {
		r := o.receiver(name, p.Owners[name])
		if slices.ContainsFunc(f.Receivers, func(known receiver) bool { return known.Name == r.Name }) {
			return f, fmt.Errorf("department %q has the name of a receiver of its own", name)
		}
		if len(r.Webhooks)+len(r.Mails) == 0 {
			continue // nobody can be told: whoever is on call is
		}
		f.Receivers = append(f.Receivers, r)
		f.Route.Routes = append(f.Route.Routes, route{
			Receiver: r.Name, Matchers: []string{fmt.Sprintf("department=%q", name)}, Routes: urgency(r.Name, p),
		})
	}
	f.Route.Routes = append(f.Route.Routes, urgency(onCallReceiver, p)...)
	if p.Alerts.Quiet != nil {
		f.Times = []timeInterval{working(p.Alerts.Quiet, p.Zone)}
	}
	return f, nil
}

// urgency are the routes below a receiver's own.
func urgency(name string, p *sla.Policy) []route {
	list := []route{{Receiver: name, Matchers: []string{`rule="outage"`}, Wait: "0s", Interval: "5s"}}
	if p.Alerts.Quiet != nil {
		list = append(list, route{Receiver: name, Matchers: []string{`waits="true"`}, Active: []string{p.Alerts.Quiet.Name()}, Repeat: "24h"})
	}
	return list
}

// receiver tells robots, and people whose entry is an address where there is a mail server.
func (o Options) receiver(name string, who sla.Owner) receiver {
	r := receiver{Name: name}
	for _, robot := range who.Robots {
		r.Webhooks = append(r.Webhooks, webhook{
			URL: "http://" + o.Site + "/api/v1/notify/" + url.PathEscape(robot), Resolved: true,
			HTTP: client{authorization{o.TokenFile}},
		})
	}
	for _, person := range who.People {
		if address, err := mail.ParseAddress(person); err == nil && o.SMTP != "" {
			r.Mails = append(r.Mails, email{To: address.Address, Resolved: true})
		}
	}
	return r
}

// inhibitions: a breach silences its own warning; a case's own alert silences the one of its group, which is there for
// what has no series of its own; a spent budget silences the half.
func inhibitions() []inhibition {
	var list []inhibition
	for _, i := range []struct {
		source, target string
		equal          []string
	}{
		{"ComplaintCaseSLABreached", "ComplaintCaseDeadlineApproaching", []string{"case_id", "stage"}},
		{"ComplaintCaseDeadlineApproaching", "ComplaintSLADeadlineApproaching", []string{"department", "stage", "priority", "rule"}},
		{"ComplaintCaseSLABreached", "ComplaintSLAOverdue", []string{"department", "stage", "priority", "rule"}},
		{"ComplaintSLABudgetSpent", "ComplaintSLABudgetHalfSpent", []string{"department", "stage"}},
	} {
		list = append(list, inhibition{[]string{`alertname="` + i.source + `"`}, []string{`alertname="` + i.target + `"`}, i.equal})
	}
	return list
}
