package warehouse

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"wenguo/ingest"
	"wenguo/transform"
)

// settle lets the view follow what was decided, without a discovery.
func (s *stream) settle() {
	s.t.Helper()
	s.clock = s.clock.Add(1e9)
	if err := s.Settle(s.t.Context(), s.clock); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stream) decide(kind string, data map[string]any) {
	s.t.Helper()
	s.send(ingest.TopicDecisions, map[string]any{"kind": kind, "data": data})
	s.settle()
}

func TestWhatPeopleDecideShowsBeforeTheNextDiscovery(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift, wallet := s.issueOf("a0"), s.issueOf("b0")
	before := s.issues()

	s.decide("issue.merged", map[string]any{"from": []string{lift}, "into": wallet})
	if got := s.issues(); len(got) != 1 || len(got[wallet]) != len(before[lift])+len(before[wallet]) {
		t.Fatalf("merged, the issues are %v", got)
	}
	if d, err := s.Issue(t.Context(), lift, s.all()); err != nil || d.ID != wallet || !slices.Contains(d.MergedFrom, lift) {
		t.Errorf("the old address leads to %s, made of %v: %v", d.ID, d.MergedFrom, err)
	}
	if l, err := s.Issues(t.Context(), s.all()); err != nil || len(l.Issues) != 1 {
		t.Errorf("the stream shows %d issues: %v", len(l.Issues), err)
	}
	s.send(ingest.TopicEvents, says("a9", "海棠小区的电梯半夜又有异响了"))
	if n := s.assign(); n != 1 || s.issueOf("a9") != wallet {
		t.Errorf("a new text comes into %q", s.issueOf("a9"))
	}

	s.decide("issue.split", map[string]any{"issue": wallet, "groups": [][]string{{"b0", "b1"}}})
	part := s.issueOf("b0")
	if part == wallet || s.issueOf("b1") != part || s.issueOf("b2") != wallet {
		t.Errorf("split into %v", s.issues())
	}
	if d, err := s.Issue(t.Context(), part, s.all()); err != nil || d.ID != part || d.Name == "" || d.Total != 2 {
		t.Errorf("the part is %+v: %v", d.Summary, err)
	}

	s.decide("complaint.placed", map[string]any{"complaint_id": "a0", "none": true, "was": wallet})
	if got := s.issueOf("a0"); got != "" {
		t.Errorf("placed into none, it is in %q", got)
	}
	if _, err := s.Why(t.Context(), "a0", s.clock); err == nil {
		t.Error("a complaint in no issue has a reason to be there")
	}

	for _, id := range []string{"e-2", "e-1", "e-0"} {
		s.decide("decision.undone", map[string]any{"event_id": id})
	}
	got := s.issues()
	got[wallet] = slices.DeleteFunc(got[wallet], func(id string) bool { return id == "a9" }) // nobody decided about it
	if !maps.EqualFunc(got, before, slices.Equal[[]string]) {
		t.Errorf("all undone, the issues are %v, want %v", got, before)
	}
	if d, err := s.Issue(t.Context(), lift, s.all()); err != nil || d.ID != lift || d.Name == "" || len(d.Words) == 0 {
		t.Errorf("the issue that is back is %+v: %v", d.Summary, err)
	}
	if _, err := s.Issue(t.Context(), part, s.all()); err != nil {
		t.Errorf("the address of the part answers %v", err)
	}

	s.discover()
	if s.issueOf("a9") != lift || s.issueOf("a0") != lift || s.issueOf("b0") != wallet {
		t.Errorf("the next discovery finds %v", s.issues())
	}
}

func TestADiscoveryFindsWhatWasSettled(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift, wallet := s.issueOf("a0"), s.issueOf("b0")
	s.decide("issue.merged", map[string]any{"from": []string{lift}, "into": wallet})
	s.decide("complaint.placed", map[string]any{"complaint_id": "s0", "issue": wallet})
	s.decide("issue.split", map[string]any{"issue": wallet, "groups": [][]string{strings.Fields("a0 a2 a3")}})
	settled := s.issues()
	s.discover()
	if got := s.issues(); !maps.EqualFunc(got, settled, slices.Equal[[]string]) {
		t.Errorf("discovered %v, settled %v", got, settled)
	}
	history := s.lineageOf(wallet)
	kinds := []string{}
	for _, c := range history.Changes {
		kinds = append(kinds, string(c.Kind))
	}
	if !slices.Equal(kinds, []string{"merged", "split"}) {
		t.Errorf("the history tells %v: %+v", kinds, history.Changes)
	}
}

func TestNamesThatPeopleGaveStandEverywhereAndGoWithTheirIssue(t *testing.T) {
	s := openStream(t)
	s.tell()
	s.discover()
	lift, wallet := s.issueOf("a0"), s.issueOf("b0")
	found, err := s.Issue(t.Context(), lift, s.all())
	if err != nil {
		t.Fatal(err)
	}
	s.send(ingest.TopicDecisions,
		map[string]any{"kind": "issue.renamed", "data": map[string]any{"issue": lift, "name": "电梯夜间异响"}},
		map[string]any{"kind": "issue.owned", "data": map[string]any{"issue": lift, "department": "工程部", "owner": "老赵"}},
		map[string]any{"kind": "issue.muted", "data": map[string]any{"issue": lift}})
	check := func(name, discovered string, muted bool) {
		t.Helper()
		d, err := s.Issue(t.Context(), lift, s.all())
		if err != nil || d.Name != name || d.FoundName != discovered || d.Marks.Muted != muted || d.Marks.Department != "工程部" || d.Marks.Owner != "老赵" {
			t.Errorf("the issue is %+v: %v", d.Summary, err)
		}
		of, err := s.issuesOf(t.Context(), []string{"a0"})
		if err != nil || of["a0"].name != name {
			t.Errorf("a complaint is in %+v: %v", of, err)
		}
		names, err := s.IssueNames(t.Context())
		if err != nil || names[lift].Name != name || names[lift].Muted != muted || names[wallet].Leads != wallet {
			t.Errorf("names are %+v: %v", names, err)
		}
	}
	check("电梯夜间异响", found.Name, true)
	s.discover() // for a count of decisions; the names are kept beside it
	check("电梯夜间异响", found.Name, true)
	s.send(ingest.TopicDecisions, map[string]any{"kind": "decision.undone", "data": map[string]any{"event_id": "e-0"}},
		map[string]any{"kind": "decision.undone", "data": map[string]any{"event_id": "e-2"}})
	check(found.Name, "", false)

	// The discovery lets another issue take it over: what people said goes on, but nobody muted that one.
	s.send(ingest.TopicDecisions, map[string]any{"kind": "issue.renamed", "data": map[string]any{"issue": lift, "name": "异响"}})
	known := []knownIssue{{id: wallet, name: "钱包"}}
	c, err := s.Curation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	from := inherit(c, known, map[string]string{lift: wallet})
	if m := completed(c, known[0], from[wallet]); m.Name != "异响" || m.Owner != "老赵" || m.Muted {
		t.Errorf("taken over, it is %+v", m)
	}
	if _, err := s.IssueLineage(t.Context(), "i-never"); err == nil || !strings.Contains(err.Error(), transform.ErrNotFound.Error()) {
		t.Errorf("an id that never was answers %v", err)
	}
}
