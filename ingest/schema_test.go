package ingest

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the published documents anew")

const docs = "../docs"

// open lists name the values of fields that may have others too.
var openLists = map[string][]string{
	"Registered.channel": Channels, "Registered.priority": Priorities,
	"Classified.priority": Priorities, "Classified.by": Judges,
	"Acknowledged.channel": Channels, "Contacted.channel": Channels, "Contacted.direction": Directions,
	"Surveyed.channel": Channels, "Transferred.reason": TransferReason, "Investigated.cause_group": CauseGroups,
	"CorrectedFields.channel": Channels, "CorrectedFields.priority": Priorities,
	"Actor.role": Roles, "ActionOpened.cause_group": CauseGroups, "ActionFields.cause_group": CauseGroups, "ActionVerified.verdict": Verdicts,
}

// reasons are the open lists of the kinds that share one struct.
var reasons = map[Kind][]string{KindPaused: PauseReasons, KindResumed: PauseReasons, KindReopened: ReopenReasons}

// ids are the fields that Decode holds to an id's limits.
var ids = map[string]bool{
	"EventFields.event_id": true, "EventFields.complaint_id": true, "Merged.into": true,
	"IssueMerged.into": true, "ComplaintPlaced.complaint_id": true, "DecisionUndone.event_id": true,
}

type schema = jsonschema.Schema

// contract builds the schema of one topic from the Go types that Decode reads into.
func contract(t *testing.T, id, title string, kinds []KindInfo, newData func(Kind) any, needsComplaint bool) *schema {
	t.Helper()
	reflector := &jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: true, ExpandedStruct: true}
	if err := reflector.AddGoComments("wenguo/ingest", "."); err != nil {
		t.Fatal(err)
	}
	defs := jsonschema.Definitions{}
	define := func(v any) string {
		s := reflector.Reflect(v)
		maps.Copy(defs, s.Definitions)
		name := reflect.TypeOf(v).Elem().Name()
		s.Definitions, s.Version = nil, ""
		defs[name] = s
		return "#/$defs/" + name
	}
	define(&envelope{})
	event := defs["envelope"]
	delete(defs, "envelope")
	defs["EventFields"] = event
	describeEvent(event, kinds)
	inEnvelope := []string{"kind"}
	if needsComplaint {
		inEnvelope = []string{"complaint_id", "kind"}
	}
	defs["Event"] = &schema{
		Title: "事件 event", Ref: "#/$defs/EventFields", Required: append([]string{"event_id", "occurred_at"}, inEnvelope...),
		Description: "One event as Kafka carries it; the message key is the complaint, or what a decision is about.",
	}
	for _, info := range kinds {
		event.AllOf = append(event.AllOf, branch(info, define(newData(info.Kind))))
	}
	for name, def := range defs {
		polish(name, def)
	}
	if registered := defs["Registered"]; registered != nil {
		registered.AnyOf = []*schema{{Required: []string{"title"}}, {Required: []string{"content"}}}
	}
	for _, branch := range event.AllOf {
		data, _ := branch.Then.Properties.Get("data")
		if len(defs[strings.TrimPrefix(data.Ref, "#/$defs/")].Required) > 0 {
			branch.Then.Required = []string{"data"}
		}
	}
	defs["CloudEvent"] = cloudEvent(inEnvelope)
	return &schema{
		Version: jsonschema.Version, ID: jsonschema.ID(id), Title: title,
		Description: "Unknown fields are kept, never refused. Values outside an open list are kept and reported as other. Instants are RFC 3339 with an offset; digits beyond the millisecond are cut.",
		If:          &schema{Required: []string{"specversion"}},
		Then:        &schema{Ref: "#/$defs/CloudEvent"},
		Else:        &schema{Ref: "#/$defs/Event"},
		Definitions: defs,
	}
}

func describeEvent(event *schema, kinds []KindInfo) {
	for _, name := range []string{"specversion", "id", "time", "data"} {
		event.Properties.Delete(name)
	}
	event.Description = "What an event may hold."
	at, _ := event.Properties.Get("occurred_at")
	at.Format = "date-time"
	at.Description = "When it happened: not before 2000, at most 24 h after the Kafka message time."
	kind := &schema{Type: "string"}
	for _, info := range kinds {
		kind.OneOf = append(kind.OneOf, &schema{Const: info.Kind, Title: info.Title, Description: info.Description})
	}
	event.Properties.Set("kind", kind)
	event.Properties.Set("data", &schema{Type: "object", Description: "What the kind carries; absent is empty."})
}

// branch ties a kind to its data.
func branch(info KindInfo, ref string) *schema {
	when, then := jsonschema.NewProperties(), jsonschema.NewProperties()
	when.Set("kind", &schema{Const: info.Kind})
	data := &schema{Ref: ref}
	if list, ok := reasons[info.Kind]; ok {
		properties := jsonschema.NewProperties()
		properties.Set("reason", &schema{Type: "string", Examples: anys(list)})
		data.Properties = properties
	}
	then.Set("data", data)
	return &schema{
		Title: info.Title, Description: info.Description,
		If:   &schema{Properties: when, Required: []string{"kind"}},
		Then: &schema{Properties: then},
	}
}

// polish adds to the reflected types what their tags cannot say.
func polish(name string, def *schema) {
	if def.Properties == nil {
		return
	}
	for pair := def.Properties.Oldest(); pair != nil; pair = pair.Next() {
		field := name + "." + pair.Key
		if list, ok := openLists[field]; ok {
			pair.Value = &schema{Type: "string", Description: "Open list.", Examples: anys(list)}
		}
		if ids[field] {
			most := uint64(MaxIDBytes)
			pair.Value.MaxLength, pair.Value.Pattern = &most, `^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$`
			pair.Value.Description = "At most 128 bytes of UTF-8."
		}
	}
	for _, required := range def.Required {
		if property, _ := def.Properties.Get(required); property.Type == "string" && property.Pattern == "" {
			property.Pattern = `\S`
		}
	}
}

func anys(list []string) []any {
	var out []any
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

func cloudEvent(required []string) *schema {
	properties := jsonschema.NewProperties()
	properties.Set("specversion", &schema{Type: "string", Pattern: `^1\.`})
	properties.Set("id", &schema{Type: "string", Description: "Becomes event_id when the event has none."})
	properties.Set("time", &schema{Type: "string", Format: "date-time", Description: "Becomes occurred_at when the event has none."})
	properties.Set("data", &schema{Ref: "#/$defs/EventFields", Required: required, Description: "The event itself."})
	return &schema{
		Type: "object", Title: "CloudEvents 1.0 结构化信封 envelope", Properties: properties, Required: []string{"specversion", "id", "data"},
		Description: "A CloudEvents 1.0 structured envelope whose data is the event.",
	}
}

func complaintContract(t *testing.T) *schema {
	t.Helper()
	return contract(t, "event.schema.json", "投诉事件 complaint event", Kinds, Kind.NewData, true)
}

func decisionContract(t *testing.T) *schema {
	t.Helper()
	return contract(t, "decision.schema.json", "人工决定 decision", DecisionKinds, Kind.newDecision, false)
}

func TestThePublishedSchemasAreThoseOfTheTypes(t *testing.T) {
	golden(t, "event.schema.json", pretty(t, complaintContract(t)))
	golden(t, "decision.schema.json", pretty(t, decisionContract(t)))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join(docs, name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the Go types: run go test ./ingest -update", path)
	}
}

func pretty(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestTheSchemaAgreesWithDecode asks an independent validator about messages whose verdict Decode gives.
func TestTheSchemaAgreesWithDecode(t *testing.T) {
	compiled := compile(t, "event.schema.json")
	head := `{"event_id":"e1","complaint_id":"C1","occurred_at":"2026-11-21T09:03:11+08:00",`
	cases := map[string]string{
		"a full event": `{"event_id":"e-8f1c","complaint_id":"C-2026-000123","kind":"registered","occurred_at":"2026-11-21T09:03:11.250+08:00",
			"source":"hotline","actor":{"id":"a17","department":"客服中心","role":"agent"},"schema_version":1,
			"data":{"channel":"phone","customer":{"id":"u-901","tier":"gold"},"title":"验证码一直收不到","priority":"high",
			"attachments":[],"affected_customers":1,"incident_at":"2026-11-20T22:10:00+08:00"}}`,
		"unknown fields":             head + `"kind":"closed","x":1,"data":{"y":2}}`,
		"an open list's other value": head + `"kind":"reopened","data":{"reason":"心情"}}`,
		"no data":                    head + `"kind":"closed"}`,
		"no data where it is needed": head + `"kind":"merged"}`,
		"no title and no content":    head + `"kind":"registered","data":{"channel":"web"}}`,
		"no department":              head + `"kind":"dispatched","data":{"owner":"x"}}`,
		"an empty department":        head + `"kind":"dispatched","data":{"department":" "}}`,
		"a score in a string":        head + `"kind":"surveyed","data":{"score":"5"}}`,
		"an unknown kind":            head + `"kind":"vanished"}`,
		"an id that is too long":     strings.Replace(head, "e1", strings.Repeat("x", 129), 1) + `"kind":"closed"}`,
		"an id with a line feed":     strings.Replace(head, "e1", `a\nb`, 1) + `"kind":"closed"}`,
		"no complaint":               `{"event_id":"e1","kind":"closed","occurred_at":"2026-11-21T09:03:11Z"}`,
		"a date without time":        `{"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21"}`,
		"an envelope":                `{"specversion":"1.0","id":"e1","data":` + head + `"kind":"closed"}}`,
		"an envelope of version 0.3": `{"specversion":"0.3","id":"e1","data":` + head + `"kind":"closed"}}`,
		"an envelope of a bad event": `{"specversion":"1.0","id":"e1","data":` + head + `"kind":"merged"}}`,
		"a list":                     `[]`,
	}
	accepted := 0
	for name, raw := range cases {
		t.Run(name, func(t *testing.T) {
			_, decodeErr := Decode([]byte(raw))
			document, err := validator.UnmarshalJSON(strings.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			schemaErr := compiled.Validate(document)
			if (decodeErr == nil) != (schemaErr == nil) {
				t.Fatalf("Decode says %v, the schema %v", decodeErr, schemaErr)
			}
			if decodeErr == nil {
				accepted++
			}
		})
	}
	if accepted != 5 {
		t.Errorf("%d of the messages were accepted, want 5", accepted)
	}
}

func compile(t *testing.T, name string) *validator.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join(docs, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := validator.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
