package sla_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"wenguo/transform/sla"
)

var update = flag.Bool("update", false, "write the published schema")

// everything is a policy that reaches every kind of object, with every key of the lesser ones.
const everything = `
zone: Asia/Shanghai
minimum_n: 30
warn_after: 0.8
calendars:
  always: {kind: natural}
  office:
    kind: working
    zone: Asia/Shanghai
    holidays: [cn, {pack: cn}, {ical: x.ics, years: [2027, "2028"]}]
    days: [mon, tue]
    hours: ["09:00-12:00", 13:30-24:00]
    by_weekday: {sat: "10:00-11:00", sun: []}
    exceptions: {2026-10-01: [], "2026-10-02": "09:00-10:00"}
rules:
  - {stage: resolve, rule: outage, match: {priority: high, category: [a, b/c], channel: x, tier: x, product: x, department: x}, target: 1h30m, calendar: always, pauses: false, warn_after: 1}
  - {stage: plan, match: {priority: [low, normal]}, target: 0.5wd, calendar: office}
owners: {售后: {people: [a], robots: b}}
heartbeats: {phone: 30m}
alerts: {healthy: 0.01, unhealthy: 0.05, hold: 1d, false_alarms: 0.2, quiet: office, on_call: {people: [a], robots: b}}
baseline: {from: 2026-01-01, to: "2026-04-01"}
files: {x.ics: "BEGIN:VCALENDAR\nEND:VCALENDAR\n"}
`

func compiled(t *testing.T) *validator.Schema {
	t.Helper()
	doc, err := validator.UnmarshalJSON(bytes.NewReader(sla.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("policy.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("policy.schema.json")
}

// fits says what the schema has against a policy.
func fits(t *testing.T, s *validator.Schema, text string) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchemaAndParserKnowTheSameKeys(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Properties           map[string]json.RawMessage `json:"properties"`
			AdditionalProperties json.RawMessage            `json:"additionalProperties"`
			Enum                 []string                   `json:"enum"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(sla.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	keys, err := sla.PolicyKeys([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	described := map[string][]string{}
	for name, def := range schema.Defs {
		if len(def.Properties) == 0 {
			continue
		}
		described[name] = slices.Sorted(maps.Keys(def.Properties))
		if string(def.AdditionalProperties) != "false" {
			t.Errorf("the schema lets further keys into %s", name)
		}
	}
	if !maps.EqualFunc(keys, described, slices.Equal) {
		t.Errorf("the parser reads\n%v\nthe schema describes\n%v", keys, described)
	}
	for name, want := range map[string][]string{
		"priority": sla.Priorities(), "pack": sla.PackNames(), "weekday": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
	} {
		if got := schema.Defs[name].Enum; !slices.Equal(got, want) {
			t.Errorf("%s of the schema %v, of the parser %v", name, got, want)
		}
	}
	var stage struct{ Enum []sla.Stage }
	if err := json.Unmarshal(schema.Defs["rule"].Properties["stage"], &stage); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(stage.Enum, sla.Stages()) {
		t.Errorf("stages of the schema %v, of the parser %v", stage.Enum, sla.Stages())
	}
}

func TestSchemaAndParserAgree(t *testing.T) {
	s := compiled(t)
	for name, text := range map[string]string{"the shipped policy": string(sla.DefaultPolicy()), "every kind of object": everything, "no more than a zone": "zone: UTC\n"} {
		if err := fits(t, s, text); err != nil {
			t.Errorf("the schema refuses %s: %v", name, err)
		}
		if _, err := sla.ParsePolicy([]byte(text)); err != nil {
			t.Errorf("the parser refuses %s: %v", name, err)
		}
	}
	// Each is the policy with everything and one thing changed; both must refuse it.
	for was, is := range map[string]string{
		"minimum_n: 30": "minimum: 30", "kind: natural": "sort: natural", "{pack: cn}": "{paket: cn}", "{stage: plan": "{step: plan",
		"priority: high": "prio: high", "people: [a]": "persons: [a]", "hold: 1d": "held: 1d", "from: 2026": "since: 2026",
		"stage: resolve": "stage: resolv", "[low, normal]": "[low, usual]", "days: [mon": "days: [monday", "sat: \"10": "saturday: \"10",
		"target: 1h30m": "target: 90", "holidays: [cn,": "holidays: [ch,", "rule: outage": "rule: outrage", "warn_after: 0.8": "warn_after: 1.5",
		"minimum_n: 30\n": "minimum_n: 0\n", "\"09:00-12:00\"": "\"nine to twelve\"", "phone: 30m": "phone: 30", "pauses: false": "pauses: often",
		"unhealthy: 0.05": "unhealthy: 5", "2026-04-01": "April", "years: [2027": "years: [soon", "target: 0.5wd, ": "", "channel: x": "channel: []",
		"false_alarms: 0.2": "false_alarms: 0", "on_call: {people": "on_call: {persons", "quiet: office": "quiet: []",
		"2026-10-01: []": "October: []", "to: \"2026-04-01\"": "",
	} {
		text := strings.Replace(everything, was, is, 1)
		if text == everything {
			t.Fatalf("there is no %q", was)
		}
		if fits(t, s, text) == nil {
			t.Errorf("the schema takes %q", is)
		}
		if _, err := sla.ParsePolicy([]byte(text)); err == nil {
			t.Errorf("the parser takes %q", is)
		}
	}
}

func TestPublishedSchema(t *testing.T) {
	const published = "../../docs/policy.schema.json"
	if *update {
		if err := os.WriteFile(published, sla.Schema(), 0o644); err != nil { //nolint:gosec // a published document
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, sla.Schema()) {
		t.Error("docs/policy.schema.json differs from the schema in the program; go test ./transform/sla -run PublishedSchema -update writes it")
	}
}

// TestDocumentedPolicies holds that what the page shows can be copied.
func TestDocumentedPolicies(t *testing.T) {
	page, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	s, n := compiled(t), 0
	for part := range strings.SplitSeq(string(page), "```yaml\n") {
		text, _, fenced := strings.Cut(part, "```")
		if !fenced {
			continue
		}
		n++
		if _, err := sla.ParsePolicy([]byte(text)); err != nil {
			t.Errorf("example %d: %v", n, err)
		}
		if err := fits(t, s, text); err != nil {
			t.Errorf("example %d: %v", n, err)
		}
	}
	if n < 2 {
		t.Errorf("found %d examples", n)
	}
	keys, err := sla.PolicyKeys([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	for kind, list := range keys {
		for _, key := range list {
			if !strings.Contains(string(page), "`"+key) && !strings.Contains(string(page), key+":") {
				t.Errorf("the page does not tell of %s (%s)", key, kind)
			}
		}
	}
}
