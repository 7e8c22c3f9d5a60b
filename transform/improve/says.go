package improve

import (
	"time"

	"wenguo/ingest"
)

// Says are the fields of a step as text, by their names on the wire; what is empty is left out, and so is what the step is
// about. Instants are RFC 3339 in UTC.
func Says(data any) map[string]string {
	out := map[string]string{}
	put := func(pairs ...string) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i+1] != "" {
				out[pairs[i]] = pairs[i+1]
			}
		}
	}
	switch d := data.(type) {
	case *ingest.ActionOpened:
		put("title", d.Title, "issue", d.Issue, "cause_group", d.CauseGroup, "root_cause", d.RootCause, "containment", d.Containment,
			"measure", d.Measure, "prevention", d.Prevention, "expected_effect", d.ExpectedEffect, "department", d.Department,
			"owner", d.Owner, "due_at", instant(d.DueAt))
	case *ingest.ActionUpdated:
		v := d.Fields
		put("title", v.Title, "cause_group", v.CauseGroup, "root_cause", v.RootCause, "containment", v.Containment, "measure", v.Measures,
			"prevention", v.Prevention, "expected_effect", v.ExpectedEffect, "evidence", v.Evidence, "department", v.Department,
			"owner", v.Owner, "due_at", instant(v.DueAt))
	case *ingest.ActionDone:
		put("at", instant(d.At), "evidence", d.Evidence)
	case *ingest.ActionVerified:
		put("verdict", d.Verdict, "by", d.By, "reason", d.Reason)
	case *ingest.ActionEnded:
		put("reason", d.Reason)
	}
	return out
}

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
