package openapi

import (
	"path"
	"reflect"
	"strings"
	"unicode"

	"github.com/invopop/jsonschema"
)

// Enum are the texts that a named string type takes.
type Enum struct {
	Type   reflect.Type
	Values []string
}

// EnumOf lists the texts of a type.
func EnumOf[T ~string](values []T) Enum {
	e := Enum{Type: reflect.TypeFor[T]()}
	for _, v := range values {
		e.Values = append(e.Values, string(v))
	}
	return e
}

// builder describes Go types as JSON Schema 2020-12, each struct once.
type builder struct {
	reflector   *jsonschema.Reflector
	definitions definitions
	seen        map[reflect.Type]bool
}

func newBuilder(enums []Enum) *builder {
	b := &builder{definitions: definitions{}, seen: map[reflect.Type]bool{}}
	b.reflector = &jsonschema.Reflector{
		Anonymous: true,
		Namer:     typeName,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			for _, e := range enums {
				if e.Type == t {
					s := &jsonschema.Schema{Type: "string"}
					for _, v := range e.Values {
						s.Enum = append(s.Enum, v)
					}
					return s
				}
			}
			return nil
		},
	}
	return b
}

// typeName names a type by its room, because two rooms may use one name. A type of the dashboard has its own name alone.
func typeName(t reflect.Type) string {
	name, parameter, generic := strings.Cut(t.Name(), "[")
	if generic {
		parts := strings.FieldsFunc(strings.TrimSuffix(parameter, "]"), func(r rune) bool { return r == '/' })
		name += "." + parts[len(parts)-1]
	}
	if room := path.Base(t.PkgPath()); room != "dashboard" && room != "." {
		name = room + "." + name
	}
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
}

// schema describes the type of a value; what it is made of goes to the definitions.
func (b *builder) schema(v any) *jsonschema.Schema {
	t := reflect.TypeOf(v)
	s := b.reflector.ReflectFromType(t)
	fresh := s.Definitions
	for name, d := range fresh {
		if b.definitions[name] == nil {
			b.definitions[name] = d
		}
	}
	s.Definitions, s.Version = nil, ""
	b.nullable(t)
	return s
}

var noNull = reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]() //nolint:gochecknoglobals // a constant

// nullable lets a pointer that is always written be null, which the reflector leaves out.
func (b *builder) nullable(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		b.nullable(t.Elem())
		return
	case reflect.Struct:
	default:
		return
	}
	if b.seen[t] || t.Implements(noNull) {
		return
	}
	b.seen[t] = true
	b.fields(b.definitions[typeName(t)], t)
}

func (b *builder) fields(of *jsonschema.Schema, t reflect.Type) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if f.Anonymous && name == "" {
			b.fields(of, f.Type)
			continue
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		b.nullable(f.Type)
		if f.Type.Kind() != reflect.Pointer || strings.Contains(options, "omit") || of == nil || of.Properties == nil {
			continue
		}
		if plain, ok := of.Properties.Get(name); ok && plain.AnyOf == nil {
			of.Properties.Set(name, &jsonschema.Schema{AnyOf: []*jsonschema.Schema{plain, {Type: "null"}}})
		}
	}
}
