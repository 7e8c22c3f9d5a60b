package kpi

// Unit of a KPI's value.
type Unit string

// Units. Rates are fractions 0–1, durations seconds, counts complaints.
const (
	UnitRate     Unit = "rate"
	UnitDuration Unit = "duration"
	UnitCount    Unit = "count"
)

// Direction says which way is better.
type Direction string

// Directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// Target of a KPI.
type Target struct {
	// Value is the absolute target in the KPI's unit, or with OnBaseline the wanted change as a fraction, such as −0.25.
	Value float64
	// OnBaseline says that the target is a change on the declared baseline period.
	OnBaseline bool
	// None says that only the direction is wanted.
	None bool
	// Figure names what the target is about, a key of Value.More, where it is not the value itself.
	Figure string
	// Stage names the clock whose promised time is the target as well. It differs by priority, so it is no single number.
	Stage string
}

// Entry is one key figure: everything that the page's tooltip, the API, the report, the alert and the documents say of it.
type Entry struct {
	ID string
	// Name is Chinese, as the product shows it; English is its name in the documents.
	Name    string
	English string
	// Formula is Chinese, FormulaEnglish the same in English.
	Formula        string
	FormulaEnglish string
	Unit           Unit
	Direction      Direction
	Target         Target
	// MinimumN is the least n at which the value may be judged.
	MinimumN int64
	// Edges are the rules that two honest people would otherwise settle differently.
	Edges []string
	// Query is the name of its query; Stage the clock it asks about, if it is about one.
	Query string
	Stage string
}

// minimumN holds for every KPI but the counts.
const minimumN = 30

// Lookup finds an entry.
func Lookup(id string) (Entry, bool) {
	for _, e := range Catalogue {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// IDs lists the catalogue's ids in its order.
func IDs() []string {
	ids := make([]string, len(Catalogue))
	for i, e := range Catalogue {
		ids[i] = e.ID
	}
	return ids
}
