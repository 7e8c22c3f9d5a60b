package alerts

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/common/model"

	"wenguo/transform/sla"
)

// Names of the files that Files makes.
const (
	RulesFile        = "wenguo.rules.yml"
	PrometheusFile   = "prometheus.yml"
	AlertmanagerFile = "alertmanager.yml"
	OpenSLOFile      = "openslo.yml"
)

// Options are what a policy does not say. The zero value is what ships.
type Options struct {
	// Site is where wenguo is reached by Prometheus and Alertmanager: host:port, 127.0.0.1:8420 by default.
	Site string
	// Alertmanager is where Prometheus reaches it: host:port, 127.0.0.1:9093 by default.
	Alertmanager string
	// Links stands before the path of every page in an alert; empty leaves the path, which the robots complete.
	Links string
	// TokenFile holds what Alertmanager shows to the robots' address; notify.token by default.
	TokenFile string
	// SMTP is the mail server, host:port, and From the sender; without them nobody gets mail.
	SMTP, From string
	// Robots are told what has neither owner nor somebody on call.
	Robots []string
	// Every is how often is scraped and evaluated, 15 s by default; what else takes time follows in proportion.
	Every time.Duration
	// Outlive is how long an alert of a promise goes on without its series, 5 min by default.
	Outlive time.Duration
}

// every is a time that is shipped as d, in proportion to Options.Every.
func (o Options) every(d time.Duration) string {
	return model.Duration(time.Duration(d.Milliseconds()*o.Every.Milliseconds()/shippedEvery.Milliseconds()) * time.Millisecond).String()
}

const (
	shippedEvery   = 15 * time.Second
	shippedOutlive = 5 * time.Minute
	// outageEvery is the longest between two looks at an outage.
	outageEvery = 5 * time.Second
)

func (o Options) completed() Options {
	o.Site = cmp.Or(o.Site, "127.0.0.1:8420")
	o.Alertmanager = cmp.Or(o.Alertmanager, "127.0.0.1:9093")
	o.TokenFile = cmp.Or(o.TokenFile, "notify.token")
	o.Links = strings.TrimRight(o.Links, "/")
	o.Every = cmp.Or(o.Every, shippedEvery)
	o.Outlive = cmp.Or(o.Outlive, shippedOutlive)
	return o
}

// Files makes all files of a policy, by name. The same policy and options make the same bytes.
func Files(p *sla.Policy, o Options) (map[string][]byte, error) {
	o = o.completed()
	manager, err := alertmanager(p, o)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, content := range map[string][]any{
		RulesFile: {rules(p, o)}, PrometheusFile: {scraping(o)}, AlertmanagerFile: {manager}, OpenSLOFile: openSLO(p),
	} {
		var text bytes.Buffer
		text.WriteString("# Made by `wenguo rules` from the policy; change the policy, not this file.\n")
		for i, document := range content {
			body, err := yaml.MarshalWithOptions(document, yaml.UseLiteralStyleIfMultiline(true), yaml.IndentSequence(true))
			if err != nil {
				return nil, fmt.Errorf("write %s: %w", name, err)
			}
			if i > 0 {
				text.WriteString("---\n")
			}
			text.Write(body)
		}
		files[name] = text.Bytes()
	}
	return files, nil
}

// Names lists the alerts that a policy has, in the order of the rules.
func Names(p *sla.Policy) []string {
	var names []string
	for _, g := range rules(p, Options{}.completed()).Groups {
		for _, r := range g.Rules {
			if r.Alert != "" && !slices.Contains(names, r.Alert) {
				names = append(names, r.Alert)
			}
		}
	}
	return names
}

// owned are the departments with an owner, sorted.
func owned(p *sla.Policy) []string { return slices.Sorted(maps.Keys(p.Owners)) }
