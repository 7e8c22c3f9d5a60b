package tabular

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"wenguo/ingest"
)

// DefaultZone is the zone of instants that name none.
const DefaultZone = "Asia/Shanghai"

// DefaultChannel is the channel of a table without such a column.
const DefaultChannel = "web"

// Mapping says what the columns of a table mean.
type Mapping struct {
	// Source is the name of the system that the table comes from; events' ids follow from it. The file's name when empty.
	Source string `yaml:"source"`
	// Zone is the IANA name of the zone of instants that name none; DefaultZone when empty.
	Zone string `yaml:"zone"`
	// Dates is dmy or mdy: the order of day and month where the year comes last; empty refuses such dates.
	Dates string `yaml:"dates"`
	// Encoding is utf-8, gbk or utf-16; found out from the text when empty.
	Encoding string `yaml:"encoding"`
	// Prefix goes before every complaint's id, to keep apart tables whose ids overlap.
	Prefix string `yaml:"prefix"`
	// Channel is where complaints came from when no column says so; DefaultChannel when empty.
	Channel string `yaml:"channel"`
	// Role is that of the person behind replies and resolutions; department when empty.
	Role string `yaml:"role"`
	// Columns gives each field its column, or several: joined to a path for category, else the first that is not empty.
	Columns Columns `yaml:"columns"`
	// Values translates what stands in the table, per field; Chinese names of channels, priorities and the like are known.
	Values map[string]map[string]string `yaml:"values"`
}

// Columns gives each field the names of its columns.
type Columns map[string][]string

// UnmarshalYAML reads one name or a list of names per field, and refuses fields that do not exist.
func (c *Columns) UnmarshalYAML(node ast.Node) error {
	pairs, ok := node.(ast.MapNode)
	if !ok {
		return fmt.Errorf("line %d: columns must map fields to column names", node.GetToken().Position.Line)
	}
	*c = Columns{}
	for it := pairs.MapRange(); it.Next(); {
		key := it.Key().GetToken()
		if !known(key.Value) {
			return fmt.Errorf("line %d: unknown field %q: known are %s", key.Position.Line, key.Value, strings.Join(fieldNames(), ", "))
		}
		names, err := columnNames(it.Value())
		if err != nil {
			return err
		}
		(*c)[key.Value] = names
	}
	return nil
}

func columnNames(node ast.Node) ([]string, error) {
	var many []string
	if err := yaml.NodeToValue(node, &many); err == nil {
		return many, nil
	}
	var one string
	if err := yaml.NodeToValue(node, &one); err != nil || one == "" {
		return nil, fmt.Errorf("line %d: give a column's name or a list of names", node.GetToken().Position.Line)
	}
	return []string{one}, nil
}

func fieldNames() []string {
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}

// LoadMapping reads a mapping file. Unknown keys are errors; every error names the line.
func LoadMapping(path string) (*Mapping, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	m, err := ParseMapping(raw)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return m, nil
}

// ParseMapping reads a mapping from YAML.
func ParseMapping(raw []byte) (*Mapping, error) {
	m := &Mapping{}
	if err := yaml.UnmarshalWithOptions(raw, m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s", strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	if len(m.Columns) == 0 {
		return nil, fmt.Errorf("columns are missing: name at least the column of %s", fRegisteredAt)
	}
	for name := range m.Values {
		if !known(name) {
			return nil, fmt.Errorf("values: unknown field %q", name)
		}
	}
	return m, m.check()
}

// check looks at the settings that have a fixed choice.
func (m *Mapping) check() error {
	if _, err := m.location(); err != nil {
		return err
	}
	switch m.Encoding {
	case "", encodingUTF8, encodingGBK, encodingUTF16:
	default:
		return fmt.Errorf("encoding %q: known are utf-8, gbk, utf-16", m.Encoding)
	}
	switch m.Dates {
	case "", datesDayFirst, datesMonthFirst:
		return nil
	}
	return fmt.Errorf("dates %q: known are dmy (day first) and mdy (month first)", m.Dates)
}

func (m *Mapping) location() (*time.Location, error) {
	name := m.Zone
	if name == "" {
		name = DefaultZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q is unknown: give an IANA name like %s", name, DefaultZone)
	}
	return zone, nil
}

func (m *Mapping) role() ingest.Role {
	if m.Role == "" {
		return ingest.RoleDepartment
	}
	return ingest.Role(m.Role)
}

// YAML shows the mapping as a file that LoadMapping reads.
func (m *Mapping) YAML() string {
	document := yaml.MapSlice{}
	for _, setting := range []struct{ key, value string }{
		{"source", m.Source}, {"zone", m.Zone}, {"dates", m.Dates}, {"encoding", m.Encoding}, {"prefix", m.Prefix}, {"channel", m.Channel}, {"role", m.Role},
	} {
		if setting.value != "" {
			document = append(document, yaml.MapItem{Key: setting.key, Value: setting.value})
		}
	}
	columns := yaml.MapSlice{}
	for _, f := range fields {
		switch names := m.Columns[f.name]; len(names) {
		case 0:
		case 1:
			columns = append(columns, yaml.MapItem{Key: f.name, Value: names[0]})
		default:
			columns = append(columns, yaml.MapItem{Key: f.name, Value: names})
		}
	}
	document = append(document, yaml.MapItem{Key: "columns", Value: columns})
	if len(m.Values) > 0 {
		document = append(document, yaml.MapItem{Key: "values", Value: m.Values})
	}
	raw, err := yaml.MarshalWithOptions(document, yaml.Indent(2))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// Guess finds the columns' meanings from their names, Chinese or English. Columns that mean nothing are left out.
func Guess(header []string) Columns {
	columns := Columns{}
	taken := map[string]bool{}
	for _, f := range fields {
		for _, alias := range f.aliases {
			if name, ok := find(header, alias, taken); ok {
				columns[f.name], taken[name] = []string{name}, true
				break
			}
		}
	}
	for _, deeper := range []string{"二级标签", "二级分类", "三级标签", "三级分类", "subissue"} {
		if name, ok := find(header, deeper, taken); ok && len(columns[fCategory]) > 0 {
			columns[fCategory] = append(columns[fCategory], name)
		}
	}
	// 受理时间 is the registration in systems that keep no other time.
	if len(columns[fRegisteredAt]) == 0 && len(columns[fAcknowledgedAt]) > 0 {
		columns[fRegisteredAt] = columns[fAcknowledgedAt]
		delete(columns, fAcknowledgedAt)
	}
	return columns
}

func find(header []string, alias string, taken map[string]bool) (string, bool) {
	for _, name := range header {
		if !taken[name] && fold(name) == alias {
			return name, true
		}
	}
	return "", false
}

// fold brings header names to one form: lower case, without the signs that people put between words.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '.', '\t', '　', '*', ':', '：':
			return -1
		}
		return r
	}, strings.ToLower(name))
}
