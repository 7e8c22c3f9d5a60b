package sla

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// file is the policy as it is written.
type file struct {
	Zone       string                  `yaml:"zone"`
	MinimumN   int                     `yaml:"minimum_n"`
	WarnAfter  float64                 `yaml:"warn_after"`
	Calendars  map[string]fileCalendar `yaml:"calendars"`
	Rules      []fileRule              `yaml:"rules"`
	Owners     map[string]Owner        `yaml:"owners"`
	Heartbeats map[string]string       `yaml:"heartbeats"`
	Alerts     fileAlerts              `yaml:"alerts"`
	Baseline   *filePeriod             `yaml:"baseline"`
}

type fileCalendar struct {
	Kind       string              `yaml:"kind"`
	Zone       string              `yaml:"zone"`
	Holidays   string              `yaml:"holidays"`
	Days       []string            `yaml:"days"`
	Hours      []string            `yaml:"hours"`
	ByWeekday  map[string][]string `yaml:"by_weekday"`
	Exceptions map[string][]string `yaml:"exceptions"`
}

type fileRule struct {
	Stage     string              `yaml:"stage"`
	Rule      string              `yaml:"rule"`
	Match     map[string][]string `yaml:"match"`
	Target    string              `yaml:"target"`
	Calendar  string              `yaml:"calendar"`
	Pauses    *bool               `yaml:"pauses"`
	WarnAfter float64             `yaml:"warn_after"`
}

type fileAlerts struct {
	Healthy   float64 `yaml:"healthy"`
	Unhealthy float64 `yaml:"unhealthy"`
	Hold      string  `yaml:"hold"`
}

type filePeriod struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// ParsePolicy reads and checks a policy. An unknown key is an error that names its line.
func ParsePolicy(text []byte) (*Policy, error) {
	f := file{
		Zone: "Asia/Shanghai", MinimumN: 30, WarnAfter: 0.75,
		Alerts: fileAlerts{Healthy: 0.01, Unhealthy: 0.06, Hold: "24h"},
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("policy: %s", strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	p, err := f.policy()
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return p, nil
}

func (f file) policy() (*Policy, error) {
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone %q is not known", f.Zone)
	}
	p := &Policy{
		Zone: zone, MinimumN: f.MinimumN, Owners: f.Owners, Heartbeats: map[string]time.Duration{},
		calendars: map[string]*Calendar{},
	}
	for name, c := range f.Calendars {
		if p.calendars[name], err = c.calendar(name, zone); err != nil {
			return nil, fmt.Errorf("calendar %s: %w", name, err)
		}
	}
	for i, r := range f.Rules {
		made, err := r.rule(p.calendars, f.WarnAfter)
		if err != nil {
			return nil, fmt.Errorf("rule %d (stage %q): %w", i+1, r.Stage, err)
		}
		p.rules = append(p.rules, made)
	}
	for source, silence := range f.Heartbeats {
		if p.Heartbeats[source], err = time.ParseDuration(silence); err != nil {
			return nil, fmt.Errorf("heartbeat of %s: %w", source, err)
		}
	}
	p.Alerts = Alerts{Healthy: f.Alerts.Healthy, Unhealthy: f.Alerts.Unhealthy}
	if p.Alerts.Hold, err = time.ParseDuration(f.Alerts.Hold); err != nil {
		return nil, fmt.Errorf("alerts, hold: %w", err)
	}
	if p.Alerts.Healthy <= 0 || p.Alerts.Unhealthy <= p.Alerts.Healthy || p.Alerts.Unhealthy >= 1 {
		return nil, fmt.Errorf("alerts: 0 < healthy < unhealthy < 1 must hold, not %g and %g", p.Alerts.Healthy, p.Alerts.Unhealthy)
	}
	if f.Baseline != nil {
		if err := f.Baseline.read(p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (b filePeriod) read(p *Policy) (err error) {
	if p.BaselineFrom, err = time.ParseInLocation(time.DateOnly, b.From, p.Zone); err != nil {
		return fmt.Errorf("baseline, from: %w", err)
	}
	if p.BaselineTo, err = time.ParseInLocation(time.DateOnly, b.To, p.Zone); err != nil {
		return fmt.Errorf("baseline, to: %w", err)
	}
	return nil
}

func (r fileRule) rule(calendars map[string]*Calendar, warn float64) (rule, error) {
	stages := []Stage{Acknowledge, Dispatch, Confirm, Plan, Resolve, Survey, Redo, Assist, Sync}
	if !slices.Contains(stages, Stage(r.Stage)) {
		return rule{}, fmt.Errorf("stage must be one of %v", stages)
	}
	if r.Rule != "" && r.Rule != RuleDefault && r.Rule != RuleOutage {
		return rule{}, fmt.Errorf("rule %q is neither default nor outage", r.Rule)
	}
	cal, ok := calendars[r.Calendar]
	if !ok {
		return rule{}, fmt.Errorf("calendar %q is not defined", r.Calendar)
	}
	d, err := parseTarget(r.Target, cal)
	if err != nil {
		return rule{}, err
	}
	for field := range r.Match {
		if !slices.Contains([]string{"priority", "category", "channel", "tier", "product", "department"}, field) {
			return rule{}, fmt.Errorf("match %q is not one of priority, category, channel, tier, product, department", field)
		}
	}
	if r.WarnAfter != 0 {
		warn = r.WarnAfter
	}
	if warn <= 0 || warn > 1 {
		return rule{}, fmt.Errorf("warn_after %g does not lie in (0, 1]", warn)
	}
	t := Target{
		Stage: Stage(r.Stage), Rule: RuleDefault, Duration: d, Calendar: cal,
		Pauses: r.Pauses == nil || *r.Pauses, WarnAfter: time.Duration(warn * float64(d)).Truncate(time.Millisecond),
	}
	if r.Rule != "" {
		t.Rule = r.Rule
	}
	return rule{target: t, match: r.Match}, nil
}
