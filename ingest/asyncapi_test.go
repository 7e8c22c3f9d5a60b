package ingest

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

type yamlMap = yaml.MapSlice

func asyncAPI(t *testing.T) []byte {
	t.Helper()
	document := yamlMap{
		{Key: "asyncapi", Value: "3.0.0"},
		{Key: "info", Value: yamlMap{
			{Key: "title", Value: "闻过 wenguo: complaint events"},
			{Key: "version", Value: "1.0.0"},
			{Key: "description", Value: "Complaint systems write to " + TopicEvents + ". The message key is the complaint's id, so that all its events share a partition and keep their order."},
		}},
		{Key: "defaultContentType", Value: "application/json"},
		{Key: "channels", Value: yamlMap{
			{Key: "events", Value: channel(TopicEvents, "event", "Complaint lifecycle events. Late, repeated and out-of-order events are welcome.")},
			{Key: "deadLetters", Value: channel(TopicDeadLetters, "deadLetter", "Messages that were refused, byte for byte, with the reason in their headers.")},
			{Key: "decisions", Value: channel(TopicDecisions, "decision", "What people decide in the product; replayed like any event.")},
		}},
		{Key: "operations", Value: yamlMap{
			{Key: "receiveEvents", Value: operation("receive", "events")},
			{Key: "sendDeadLetters", Value: operation("send", "deadLetters")},
			{Key: "sendDecisions", Value: operation("send", "decisions")},
			{Key: "receiveDecisions", Value: operation("receive", "decisions")},
		}},
		{Key: "components", Value: yamlMap{{Key: "messages", Value: yamlMap{
			{Key: "event", Value: yamlMap{
				{Key: "title", Value: "投诉事件 complaint event"},
				{Key: "headers", Value: headers(yamlMap{{Key: HeaderBackfill, Value: header("1 when the message time is not the instant of arrival: history, tables.")}})},
				{Key: "payload", Value: reference("./event.schema.json")},
				{Key: "bindings", Value: keyBinding("complaint_id")},
				{Key: "examples", Value: []yamlMap{{{Key: "name", Value: "registered"}, {Key: "payload", Value: example(t)}}}},
			}},
			{Key: "deadLetter", Value: yamlMap{
				{Key: "title", Value: "死信 dead letter"},
				{Key: "contentType", Value: "application/octet-stream"},
				{Key: "headers", Value: headers(yamlMap{
					{Key: "wenguo-topic", Value: header("Where the message was.")},
					{Key: "wenguo-partition", Value: header("Its partition.")},
					{Key: "wenguo-offset", Value: header("Its offset.")},
					{Key: "wenguo-class", Value: append(header("Why it was refused."), yaml.MapItem{Key: "enum", Value: Classes})},
					{Key: "wenguo-field", Value: header("The field at fault.")},
					{Key: "wenguo-reason", Value: header("Continues the field's name to a sentence with the remedy.")},
					{Key: "wenguo-size", Value: header("Bytes of the message, when its topic takes only the beginning.")},
				})},
			}},
			{Key: "decision", Value: yamlMap{
				{Key: "title", Value: "人工决定 decision"},
				{Key: "payload", Value: reference("./decision.schema.json")},
				{Key: "bindings", Value: keyBinding("the action's or issue's id")},
			}},
		}}}},
	}
	raw, err := yaml.MarshalWithOptions(document, yaml.Indent(2), yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func channel(topic, message, description string) yamlMap {
	return yamlMap{
		{Key: "address", Value: topic},
		{Key: "description", Value: description},
		{Key: "messages", Value: yamlMap{{Key: message, Value: reference("#/components/messages/" + message)}}},
	}
}

func operation(action, channel string) yamlMap {
	return yamlMap{{Key: "action", Value: action}, {Key: "channel", Value: reference("#/channels/" + channel)}}
}

func reference(to string) yamlMap { return yamlMap{{Key: "$ref", Value: to}} }

func headers(properties yamlMap) yamlMap {
	return yamlMap{{Key: "type", Value: "object"}, {Key: "properties", Value: properties}}
}

func header(description string) yamlMap {
	return yamlMap{{Key: "type", Value: "string"}, {Key: "description", Value: description}}
}

func keyBinding(description string) yamlMap {
	return yamlMap{{Key: "kafka", Value: yamlMap{{Key: "key", Value: header(description)}, {Key: "bindingVersion", Value: "0.5.0"}}}}
}

// example is an event as a producer writes it, with the fields in the wire's order.
func example(t *testing.T) yamlMap {
	t.Helper()
	raw, err := Encode(Event{
		EventID: "e-8f1c", ComplaintID: "C-2026-000123", Kind: KindRegistered,
		OccurredAt: time.Date(2026, 11, 21, 1, 3, 11, 250e6, time.UTC), Source: "hotline", SchemaVersion: 1,
		Actor: Actor{ID: "a17", Department: "客服中心", Role: RoleAgent},
		Data:  &Registered{Channel: "phone", Title: "验证码一直收不到", Category: "技术支持/登录", Priority: "high", Product: "会员中心"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var fields yamlMap
	if err := yaml.UnmarshalWithOptions(raw, &fields, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	return fields
}

func TestThePublishedAsyncAPIDocumentIsThatOfTheTopics(t *testing.T) {
	golden(t, "asyncapi.yaml", asyncAPI(t))
}

func TestTheAsyncAPIDocumentsReferencesLeadSomewhere(t *testing.T) {
	raw, err := os.ReadFile(docs + "/asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := yaml.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	followed := 0
	follow(t, document, document, &followed)
	if followed < 8 {
		t.Errorf("only %d references were followed", followed)
	}
	compiled := compile(t, "event.schema.json")
	payload := dig(t, document, "components", "messages", "event", "examples").([]any)[0].(map[string]any)["payload"]
	plain, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(plain); err != nil {
		t.Errorf("the example: %v", err)
	}
	var generic any
	if err := json.Unmarshal(plain, &generic); err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(generic); err != nil {
		t.Errorf("the example: %v", err)
	}
}

func follow(t *testing.T, root map[string]any, node any, followed *int) {
	t.Helper()
	switch n := node.(type) {
	case map[string]any:
		if to, ok := n["$ref"].(string); ok {
			*followed++
			if path, inside := strings.CutPrefix(to, "#/"); inside {
				dig(t, root, strings.Split(path, "/")...)
			} else if _, err := os.Stat(docs + "/" + to); err != nil {
				t.Error(err)
			}
		}
		for _, child := range n {
			follow(t, root, child, followed)
		}
	case []any:
		for _, child := range n {
			follow(t, root, child, followed)
		}
	}
}

func dig(t *testing.T, node map[string]any, path ...string) any {
	t.Helper()
	var at any = node
	for _, step := range path {
		object, ok := at.(map[string]any)
		if !ok || object[step] == nil {
			t.Fatalf("nothing at %v", path)
		}
		at = object[step]
	}
	return at
}
