package main

import (
	"fmt"
	"io"
	"time"

	"wenguo/transform/sla"
	"wenguo/warehouse/engine"
)

// checkConfig reads the configuration as `up` would, with its policy and calendars, and looks for the engine library.
// It says what is in order and stops at the first thing that is not.
func checkConfig(load func() (config, error), out io.Writer, now time.Time) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	say := func(what, detail string) { _, _ = fmt.Fprintf(out, "正确 ok  %s  %s\n", what, detail) }
	warn := func(what, detail string) { _, _ = fmt.Fprintf(out, "警告 warning  %s  %s\n", what, detail) }
	say("配置 configuration", "data "+cfg.Data)
	policy, name, err := namedPolicy(cfg)
	if err != nil {
		return err
	}
	say("时限政策 policy", name)
	for _, doubt := range policy.Doubts() {
		warn("时限政策 policy", doubt.Error())
	}
	checkCalendars(policy, now, say, warn)
	if cfg.ClickHouse != "" {
		return nil
	}
	library := cfg.Engine.Library
	if library == "" {
		if library, err = engine.LibraryPath(); err != nil {
			return fmt.Errorf("embedded engine: %w", err)
		}
	}
	if err := engine.CheckLibrary(library); err != nil {
		return fmt.Errorf("embedded engine: %w", err)
	}
	say("引擎 engine library", library)
	return nil
}

// calendarNotice is how long before its end a calendar is warned of.
const calendarNotice = 60 * 24 * time.Hour

// checkCalendars warns of calendars whose known holidays have ended or soon will.
func checkCalendars(policy *sla.Policy, now time.Time, say, warn func(what, detail string)) {
	const what = "日历 calendar"
	for _, c := range policy.Calendars() {
		until := c.ValidUntil()
		if until.IsZero() {
			say(what, c.Name()+" needs no holidays")
			continue
		}
		last := c.LastKnownDay()
		year := last.Year() + 1
		remedy := fmt.Sprintf("when the notice of %d is out, update wenguo or add it to the policy: "+
			"holidays: [cn, {ical: FILE, years: [%d]}]", year, year)
		switch {
		case !until.After(now):
			warn(what, fmt.Sprintf("%s: public holidays are known until %s only, so clocks of %d follow the plain week and are provisional; %s",
				c.Name(), last.Format(time.DateOnly), year, remedy))
		case until.Before(now.Add(calendarNotice)):
			warn(what, fmt.Sprintf("%s: public holidays end on %s, in %d days; clocks that run into %d are provisional; %s",
				c.Name(), last.Format(time.DateOnly), int(until.Sub(now)/(24*time.Hour)), year, remedy))
		default:
			say(what, c.Name()+" until "+last.Format(time.DateOnly))
		}
	}
}

// namedPolicy reads the configured policy, or the shipped one.
func namedPolicy(cfg config) (*sla.Policy, string, error) {
	name := "shipped default"
	if cfg.Policy != "" {
		name = cfg.Policy
	}
	_, policy, err := policyText(cfg.Policy)
	return policy, name, err
}
