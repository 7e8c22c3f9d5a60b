package openapi

import (
	"net/http"
	"slices"
	"strings"
)

// Operation is one address with one method.
type Operation struct {
	// Method is GET when empty.
	Method string
	// Path is the whole address with parameters as the router writes them: /api/v1/issues/:id.
	Path string
	// ID names the operation for generated clients, in lower camel case.
	ID string
	// Tag groups operations, Summary is a line about this one, Description says what else matters.
	Tag, Summary, Description string
	// Parameters are all that it understands; any other is refused. A parameter of the path stands among them.
	Parameters []Parameter
	// Body is a value of the type that a request carries as JSON; nil without. Bodies are other media types of it, by name,
	// with a word on their content.
	Body   any
	Bodies map[string]string
	// Status of a success, 200 when 0, and Answer a value of the type that it carries as JSON; nil without.
	Status int
	Answer any
	// Media are further types that the answer comes in, by name, with a word on their content. With Only they are the only
	// ones.
	Media map[string]string
	Only  bool
	// Errors are statuses beyond those that every operation may give.
	Errors []int
	// Token says that it wants a bearer token of its own.
	Token bool
}

// Verb is the method.
func (o Operation) Verb() string {
	if o.Method == "" {
		return http.MethodGet
	}
	return o.Method
}

// Route is method and path as a router lists them; it is unique.
func (o Operation) Route() string { return o.Verb() + " " + o.Path }

// Template is the path as the document writes it: /api/v1/issues/{id}.
func (o Operation) Template() string {
	parts := strings.Split(o.Path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// Names are the parameters of the query, in order.
func (o Operation) Names() []string {
	var names []string
	for _, p := range o.Parameters {
		if p.in() == Query {
			names = append(names, p.Name)
		}
	}
	return names
}

// Parameter finds a parameter of the query.
func (o Operation) Parameter(name string) (Parameter, bool) {
	i := slices.IndexFunc(o.Parameters, func(p Parameter) bool { return p.in() == Query && p.Name == name })
	if i < 0 {
		return Parameter{}, false
	}
	return o.Parameters[i], true
}
