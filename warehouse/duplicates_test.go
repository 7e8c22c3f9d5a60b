package warehouse

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/duplicate"
	"wenguo/transform/issue"
	masking "wenguo/transform/text"
)

func TestComplaintsOfTheSameTextAreProposedForMerging(t *testing.T) {
	h := openHistory(t, 120)
	at := h.end.AddDate(0, 0, 60)
	var open, merged []transform.Complaint
	for _, c := range h.facts(at) {
		switch {
		case c.RegisteredAt.IsZero():
		case c.State == transform.Merged:
			merged = append(merged, c)
		default:
			open = append(open, c)
		}
	}
	slices.SortFunc(open, func(a, b transform.Complaint) int {
		return cmp.Or(a.RegisteredAt.Compare(b.RegisteredAt), cmp.Compare(a.ID, b.ID))
	})
	if len(open) < 40 || len(merged) == 0 {
		t.Fatalf("%d complaints and %d merged ones are too few", len(open), len(merged))
	}
	const long = "东城花园三期电梯每天晚上停运两个小时老人上不了楼"
	first, second, third, other := open[0], open[1], open[2], open[3]
	messages := []issue.Message{
		{ID: first.ID, Text: long, Time: first.RegisteredAt},
		{ID: second.ID, Text: long, Time: second.RegisteredAt},
		{ID: third.ID, Title: long + "！", Time: third.RegisteredAt},
		{ID: merged[0].ID, Text: long, Time: merged[0].RegisteredAt},
		{ID: other.ID, Text: "路灯不亮", Time: other.RegisteredAt},
	}
	// The run before said something else; it is gone with the next but one.
	before := []issue.Message{{ID: first.ID, Text: "路灯不亮"}, {ID: other.ID, Text: "路灯不亮"}}
	for _, run := range [][]issue.Message{before, messages, messages} {
		if err := h.saveDuplicates(t.Context(), run, at); err != nil {
			t.Fatal(err)
		}
	}
	shown := func(id string, asOf time.Time) []string {
		detail, err := h.Complaint(t.Context(), id, asOf)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, d := range detail.Duplicates {
			if !d.Merged {
				out = append(out, fmt.Sprintf("%s %.4f", d.ComplaintID, d.Similarity))
			}
		}
		return out
	}
	for sentence, c := range map[string]struct {
		id   string
		asOf time.Time
		want []string
	}{
		"the most similar first, and none that is merged": {first.ID, at, []string{second.ID + " 1.0000", third.ID + " 0.9545"}},
		"of equal ones the earlier first":                 {third.ID, at, []string{first.ID + " 0.9545", second.ID + " 0.9545"}},
		"none for another text":                           {other.ID, at, nil},
		"none for what is merged already":                 {merged[0].ID, at, nil},
		"none that had not come in yet":                   {first.ID, second.RegisteredAt.Add(-time.Millisecond), nil},
	} {
		if c.asOf.Before(first.RegisteredAt) {
			continue
		}
		t.Run(sentence, func(t *testing.T) {
			if got := shown(c.id, c.asOf); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestADiscoveryFindsDuplicatesToo(t *testing.T) {
	h := openHistory(t, 60)
	segmenter, err := masking.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer segmenter.Close()
	at := h.end.AddDate(0, 0, 60)
	job := NewDiscovery(h.Store, segmenter, issue.Options{}, time.Hour, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	if err := job.Discover(t.Context()); err != nil {
		t.Fatal(err)
	}
	proposed := 0
	for _, c := range h.facts(at) {
		detail, err := h.Complaint(t.Context(), c.ID, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range detail.Duplicates {
			if d.Merged {
				continue
			}
			proposed++
			if d.Similarity < duplicate.Threshold || d.ComplaintID == c.ID {
				t.Errorf("%s is proposed for %s with %.2f", d.ComplaintID, c.ID, d.Similarity)
			}
		}
	}
	if proposed == 0 {
		t.Error("nothing is proposed, though the texts differ in a number alone")
	}
}

func TestOfVeryManyDuplicatesTheNearestAreKept(t *testing.T) {
	const long = "东城花园三期电梯每天晚上停运两个小时老人上不了楼"
	var messages []issue.Message
	for i := range 200 {
		messages = append(messages, issue.Message{ID: fmt.Sprintf("c%03d", i), Text: long, Time: historyStart.Add(time.Duration(i) * time.Hour)})
	}
	messages[100].Text = long + "！"
	complaints, others, similarities, err := nearDuplicates(t.Context(), messages)
	if err != nil {
		t.Fatal(err)
	}
	if len(complaints) != len(messages)*keptDuplicates || len(others) != len(complaints) || len(similarities) != len(complaints) {
		t.Fatalf("%d pairs", len(complaints))
	}
	if complaints[0] != "c000" || others[0] != "c199" || similarities[0] != 1 || slices.Contains(others[:keptDuplicates], "c100") {
		t.Errorf("the nearest of c000 are %v", others[:keptDuplicates])
	}
}
