package transform

import (
	"wenguo/ingest"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// DecisionOf is what a message of complaints.decisions says about issues, complaints and improvement actions; of another kind
// it has only what every decision has.
func DecisionOf(e ingest.Event) issue.Decision {
	d := issue.Decision{
		ID: e.EventID, Subject: e.Subject(), At: e.OccurredAt,
		By: issue.Author{ID: e.Actor.ID, Department: e.Actor.Department, Role: string(e.Actor.Role)},
	}
	switch data := e.Data.(type) {
	case *ingest.IssueMerged:
		d.Merge, d.Seen = &issue.Merge{From: data.From, Into: data.Into}, data.Seen
	case *ingest.IssueSplit:
		d.Split, d.Seen = &issue.Split{Issue: data.Issue, Groups: data.Groups}, data.Seen
	case *ingest.ComplaintPlaced:
		d.Place, d.Seen = &issue.Place{Complaint: data.ComplaintID, Issue: data.Issue, Was: data.Was}, data.Seen
		if data.None {
			d.Place.Issue = ""
		}
	case *ingest.IssueRenamed:
		d.Rename, d.Seen = &issue.Rename{Issue: data.Issue, Name: data.Name}, data.Seen
	case *ingest.IssueMuted:
		d.Mute, d.Seen = &issue.Mute{Issue: data.Issue}, data.Seen
	case *ingest.IssueOwned:
		d.Own, d.Seen = &issue.Own{Issue: data.Issue, Department: data.Department, Owner: data.Owner}, data.Seen
	case *ingest.IssueNoted:
		d.Note, d.Seen = &issue.Note{Issue: data.Issue, Note: data.Note}, data.Seen
	case *ingest.IssueAnswered:
		d.Reply, d.Seen = &issue.Reply{Issue: data.Issue, Cause: data.Cause, Workaround: data.Workaround, Answer: data.Answer}, data.Seen
	case *ingest.DecisionUndone:
		d.Undo, d.Seen = data.EventID, data.Seen
	default:
		stepOf(e, &d)
	}
	return d
}

// stepOf fills a step of an improvement action.
func stepOf(e ingest.Event, d *issue.Decision) {
	if !improve.IsStep(e.Kind) {
		return
	}
	d.Act = &issue.Act{Kind: string(e.Kind), Action: e.Subject(), Says: improve.Says(e.Data)}
	switch data := e.Data.(type) {
	case *ingest.ActionOpened:
		d.Act.Issue, d.Seen = data.Issue, data.Seen
	case *ingest.ActionUpdated:
		d.Seen = data.Seen
	case *ingest.ActionDone:
		d.Seen = data.Seen
	case *ingest.ActionVerified:
		d.Seen = data.Seen
	case *ingest.ActionEnded:
		d.Seen = data.Seen
	}
}
