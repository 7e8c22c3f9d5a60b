package transform

import (
	"wenguo/ingest"
)

// ErasedText stands where an erased complaint's text was: the contract asks a registration for a title or a content, so that
// an erased event can still be exported and imported.
const ErasedText = "已删除"

// erasedVersion makes the fact of an erased complaint win over every fact that knew its customer, also where erasing made two
// contents of one event equal.
const erasedVersion = 1 << 31

// Erase returns what is kept of an event of an erased complaint: what figures are made from. The customer (but for region and
// tier), every free text, references, attachments and the id of an actor who is not of the organisation are gone; a reason
// outside its list becomes ingest.Other. Erasing twice is erasing once. The event's own data is not touched.
func Erase(e ingest.Event) ingest.Event {
	plain := e.Data
	e = Redact(e, func(string) string { return "" })
	switch d := e.Data.(type) {
	case *ingest.Registered:
		d.Title = ErasedText
	case *ingest.Transferred:
		if before, ok := plain.(*ingest.Transferred); ok {
			d.Reason = ingest.Normal(before.Reason, ingest.TransferReason)
		}
	case *ingest.Reasoned:
		before, ok := plain.(*ingest.Reasoned)
		if !ok {
			break
		}
		switch e.Kind {
		case ingest.KindPaused, ingest.KindResumed:
			d.Reason = ingest.Normal(before.Reason, ingest.PauseReasons)
		case ingest.KindReopened:
			d.Reason = ingest.Normal(before.Reason, ingest.ReopenReasons)
		}
	}
	switch e.Actor.Role {
	case ingest.RoleAgent, ingest.RoleDepartment, ingest.RoleBot, ingest.RoleSystem:
	default:
		e.Actor.ID = ""
	}
	return e
}
