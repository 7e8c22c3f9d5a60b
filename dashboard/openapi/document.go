package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Info is what the document says about the whole.
type Info struct {
	Title, Version, Description string
	// Problem is a value of the type that errors carry, as application/problem+json.
	Problem any
	// Enums are the texts that a named string type takes.
	Enums []Enum
	// Tags in their order, with a line about each.
	Tags []Tag
}

// Tag is a group of operations.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// always are the errors that every operation may give: its address is wrong, the answer is wanted in another form, the
// name of the host is foreign, too many at once, or the store fails, is starting, or takes too long.
var always = []int{ //nolint:gochecknoglobals // a constant list
	http.StatusBadRequest, http.StatusNotAcceptable, http.StatusMisdirectedRequest, http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// object is a JSON object; encoding/json writes its keys in order, so a document is the same every time.
type object = map[string]any

// Build writes the document, indented.
func Build(info Info, operations []Operation) ([]byte, error) {
	b := newBuilder(info.Enums)
	paths := map[string]object{}
	for _, o := range operations {
		at := paths[o.Template()]
		if at == nil {
			at = object{}
			paths[o.Template()] = at
		}
		verb := strings.ToLower(o.Verb())
		if at[verb] != nil {
			return nil, fmt.Errorf("two entries for %s", o.Route())
		}
		at[verb] = b.operation(o, info.Problem)
	}
	document := object{
		"openapi":           "3.1.0",
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info":              object{"title": info.Title, "version": info.Version, "description": info.Description},
		"servers":           []object{{"url": "/"}},
		"tags":              info.Tags,
		"paths":             paths,
		"components": object{
			"schemas":         b.definitions,
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
		},
	}
	raw, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	return append(bytes.ReplaceAll(raw, []byte(`"#/$defs/`), []byte(`"#/components/schemas/`)), '\n'), nil
}

func (b *builder) operation(o Operation, problem any) object {
	out := object{
		"operationId": o.ID, "tags": []string{o.Tag}, "summary": o.Summary,
		"parameters": b.parameters(o), "responses": b.responses(o, problem),
	}
	if o.Description != "" {
		out["description"] = o.Description
	}
	if o.Token {
		out["security"] = []object{{"token": []string{}}}
	}
	if o.Body != nil || len(o.Bodies) > 0 {
		content := object{}
		if o.Body != nil {
			content["application/json"] = object{"schema": b.schema(o.Body)}
		}
		for name, words := range o.Bodies {
			content[name] = object{"schema": object{"type": "string", "description": words}}
		}
		out["requestBody"] = object{"required": true, "content": content}
	}
	return out
}

func (b *builder) parameters(o Operation) []object {
	list := []object{}
	for _, p := range o.Parameters {
		in := p.in()
		one := object{"name": p.Name, "in": in, "description": p.Description}
		if p.Required || in == Path {
			one["required"] = true
		}
		if p.Example != "" {
			one["example"] = p.Example
		}
		one["schema"] = p.schema()
		if p.Many {
			one["schema"] = object{"type": "array", "items": p.schema(), "maxItems": Most}
			one["style"], one["explode"] = "form", true
			if p.Example != "" {
				one["example"] = []string{p.Example}
			}
		}
		list = append(list, one)
	}
	return list
}

func (b *builder) responses(o Operation, problem any) object {
	status := o.Status
	if status == 0 {
		status = http.StatusOK
	}
	content := object{}
	if o.Answer != nil && !o.Only {
		content["application/json"] = object{"schema": b.schema(o.Answer)}
	}
	for name, words := range o.Media {
		content[name] = object{"schema": object{"type": "string", "description": words}}
	}
	success := object{"description": http.StatusText(status), "content": content}
	out := object{strconv.Itoa(status): success}
	if o.Verb() == http.MethodGet && !o.Only {
		success["headers"] = object{
			"ETag":          object{"description": "changes with the content of a JSON answer", "schema": object{"type": "string"}},
			"Cache-Control": object{"description": "no-cache: ask again, with If-None-Match", "schema": object{"type": "string"}},
		}
		out["304"] = object{"description": "the answer is still that of If-None-Match"}
	}
	statuses := slices.Concat(always, o.Errors)
	if strings.Contains(o.Path, ":") {
		statuses = append(statuses, http.StatusNotFound)
	}
	for _, code := range statuses {
		one := object{
			"description": http.StatusText(code),
			"content":     object{"application/problem+json": object{"schema": b.schema(problem)}},
		}
		if code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable {
			one["headers"] = object{"Retry-After": object{"description": "seconds", "schema": object{"type": "integer"}}}
		}
		out[strconv.Itoa(code)] = one
	}
	return out
}

// jsonNumber is a number as schemas hold it.
func jsonNumber(n int) json.Number { return json.Number(strconv.Itoa(n)) }

type definitions = map[string]*jsonschema.Schema
