package ingest

import "slices"

// Other is what a value outside an enumeration is reported as: the lists are open, the value itself is kept.
const Other = "other"

// Channels of a complaint, in the order they are shown.
var Channels = []string{"phone", "email", "web", "wechat", "app", "im", "social", "counter", "fax", Other} //nolint:gochecknoglobals // a constant list

// Priorities of a complaint, the most pressing first.
var Priorities = []string{"urgent", "high", "normal", "low"} //nolint:gochecknoglobals // a constant list

// CauseGroups of an investigation.
var CauseGroups = []string{"people", "commitment", "product", "process", "supplier", "customer_use", "force_majeure", Other} //nolint:gochecknoglobals // a constant list

// PauseReasons of paused and resumed.
var PauseReasons = []string{"customer", "supplier", "force_majeure", Other} //nolint:gochecknoglobals // a constant list

// TransferReason tells passing the buck (bounce 推诿) from correct routing.
var TransferReason = []string{"bounce", "routing", Other} //nolint:gochecknoglobals // a constant list

// ReopenReasons of reopened.
var ReopenReasons = []string{"low_score", "not_fixed", "regulator", Other} //nolint:gochecknoglobals // a constant list

// Directions of contacted, seen from the organisation.
var Directions = []string{"in", "out"} //nolint:gochecknoglobals // a constant list

// Judges are who classified: a person or the model.
var Judges = []string{"human", "model"} //nolint:gochecknoglobals // a constant list

// Roles lists the actors' roles.
var Roles = []string{string(RoleAgent), string(RoleDepartment), string(RoleCustomer), string(RoleBot), string(RoleSystem)} //nolint:gochecknoglobals // a constant list

// Verdicts on an improvement action.
var Verdicts = []string{"effective", "not_effective", "unclear"} //nolint:gochecknoglobals // a constant list

// Normal reports a value as it is when the list holds it, "" as "", anything else as Other.
func Normal(value string, list []string) string {
	if value == "" || slices.Contains(list, value) {
		return value
	}
	return Other
}

// Unlisted names the fields whose value is outside its list: kept as it is, and reported as Other.
func Unlisted(e Event) []string {
	var found []string
	look := func(field, value string, list []string) {
		if value != "" && !slices.Contains(list, value) {
			found = append(found, field)
		}
	}
	look("actor.role", string(e.Actor.Role), Roles)
	switch d := e.Data.(type) {
	case *Registered:
		look("data.channel", d.Channel, Channels)
		look("data.priority", d.Priority, Priorities)
	case *Classified:
		look("data.priority", d.Priority, Priorities)
		look("data.by", d.By, Judges)
	case *Acknowledged:
		look("data.channel", d.Channel, Channels)
	case *Transferred:
		look("data.reason", d.Reason, TransferReason)
	case *Investigated:
		look("data.cause_group", d.CauseGroup, CauseGroups)
	case *Contacted:
		look("data.direction", d.Direction, Directions)
		look("data.channel", d.Channel, Channels)
	case *Surveyed:
		look("data.channel", d.Channel, Channels)
	case *Corrected:
		look("data.fields.channel", d.Fields.Channel, Channels)
		look("data.fields.priority", d.Fields.Priority, Priorities)
	case *Reasoned:
		switch e.Kind {
		case KindPaused, KindResumed:
			look("data.reason", d.Reason, PauseReasons)
		case KindReopened:
			look("data.reason", d.Reason, ReopenReasons)
		}
	}
	return found
}
