package main

import (
	"fmt"
	"io"
	"os"
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
	say("配置 configuration", "data "+cfg.Data)
	policy, name, err := namedPolicy(cfg)
	if err != nil {
		return err
	}
	say("时限政策 policy", name)
	for _, calendar := range policy.Calendars() {
		until := calendar.ValidUntil()
		switch {
		case until.IsZero():
			say("日历 calendar", calendar.Name()+" needs no holidays")
		case until.Before(now):
			_, _ = fmt.Fprintf(out, "警告 warning  日历 calendar  %s: holidays are known until %s only; later clocks follow the plain week\n",
				calendar.Name(), until.In(policy.Zone).Format(time.DateOnly))
		default:
			say("日历 calendar", calendar.Name()+" until "+until.In(policy.Zone).Format(time.DateOnly))
		}
	}
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

// namedPolicy reads the configured policy, or the shipped one.
func namedPolicy(cfg config) (*sla.Policy, string, error) {
	content, name := sla.DefaultPolicy(), "shipped default"
	if cfg.Policy != "" {
		var err error
		if content, err = os.ReadFile(cfg.Policy); err != nil {
			return nil, "", fmt.Errorf("read policy: %w", err)
		}
		name = cfg.Policy
	}
	policy, err := sla.ParsePolicy(content)
	if err != nil {
		return nil, "", fmt.Errorf("policy: %w", err)
	}
	return policy, name, nil
}
