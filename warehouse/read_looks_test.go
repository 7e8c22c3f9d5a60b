package warehouse

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// toldEvent is one event of a hand-made history, so many hours after Monday, 2 March 2026, 09:00 in Shanghai.
type toldEvent struct {
	hours            float64
	kind, role, data string
}

// toldHistory writes histories by hand: each complaint is registered at 0, and acknowledged soon by a person unless it says
// something else.
func toldHistory(t *testing.T, stories map[string][]toldEvent) map[string][]ingest.Stored {
	t.Helper()
	zero := time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	out := map[string][]ingest.Stored{}
	offset := int64(0)
	for id, events := range stories {
		all := append([]toldEvent{{0, "registered", "agent", `{"channel":"web","content":"坏了","category":"商品/质量"}`}}, events...)
		if !slices.ContainsFunc(events, func(e toldEvent) bool { return e.kind == "acknowledged" }) {
			all = append(all, toldEvent{0.2, "acknowledged", "agent", `{}`})
		}
		for i, e := range all {
			at := zero.Add(time.Duration(e.hours * float64(time.Hour)))
			raw := fmt.Sprintf(`{"event_id":"%s-%d","complaint_id":%q,"kind":%q,"occurred_at":%q,"actor":{"role":%q},"data":%s}`, id, i, id, e.kind, at.Format(time.RFC3339Nano), e.role, e.data)
			event, err := ingest.DecodeOwned([]byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			out[id] = append(out[id], ingest.Stored{Event: event, Position: ingest.Position{Topic: ingest.TopicEvents, Offset: offset, BusTime: at.UTC()}})
			offset++
		}
	}
	return out
}

func say(hours float64, kind, data string) toldEvent { return toldEvent{hours, kind, "agent", data} }

// asked is the survey that stories have which are about something else.
func askedAt(hours float64) toldEvent { return say(hours, "surveyed", `{"answered":false}`) }

func TestSecondLooksFindWhatTheyAskFor(t *testing.T) {
	stories := map[string][]toldEvent{
		"ended before due and reopened":     {say(70, "resolved", `{}`), askedAt(71), say(80, "reopened", `{}`), say(90, "resolved", `{}`), askedAt(91)},
		"ended early and reopened":          {say(10, "resolved", `{}`), askedAt(11), say(20, "reopened", `{}`), say(30, "resolved", `{}`), askedAt(31)},
		"ended before due for good":         {say(71, "resolved", `{}`), askedAt(72)},
		"ended before due, reopened late":   {say(70, "resolved", `{}`), askedAt(71), say(150, "reopened", `{}`), say(160, "resolved", `{}`), askedAt(161)},
		"paused before due":                 {say(70, "paused", `{}`), say(90, "resumed", `{}`), say(91, "resolved", `{}`), askedAt(92)},
		"paused a day before due":           {say(50, "paused", `{}`), say(70, "resumed", `{}`), say(75, "resolved", `{}`), askedAt(76)},
		"paused early":                      {say(5, "paused", `{}`), say(6, "resumed", `{}`), say(8, "resolved", `{}`), askedAt(9)},
		"paused twice, last before due":     {say(10, "paused", `{}`), say(34, "resumed", `{}`), say(94, "paused", `{}`), say(99, "resumed", `{}`), say(99.5, "resolved", `{}`), askedAt(100)},
		"paused where due would have been":  {say(10, "paused", `{}`), say(34, "resumed", `{}`), say(70, "paused", `{}`), say(71, "resumed", `{}`), say(72, "resolved", `{}`), askedAt(73)},
		"paused again while paused":         {say(50, "paused", `{}`), say(71, "paused", `{}`), say(73, "resumed", `{}`), say(75, "resolved", `{}`), askedAt(76)},
		"acknowledged by a bot alone":       {{0.1, "acknowledged", "bot", `{}`}, say(30, "contacted", `{"direction":"out"}`), say(31, "resolved", `{}`), askedAt(32)},
		"acknowledged by a bot and a human": {{0.1, "acknowledged", "bot", `{}`}, say(1, "contacted", `{"direction":"out"}`), say(3, "resolved", `{}`), askedAt(4)},
		"nobody in time, no bot":            {say(30, "acknowledged", `{}`), say(31, "resolved", `{}`), askedAt(32)},
		"late and never asked":              {say(80, "resolved", `{}`), say(81, "closed", `{}`)},
		"late and asked":                    {say(80, "resolved", `{}`), askedAt(81), say(82, "closed", `{}`)},
		"in time and never asked":           {say(20, "resolved", `{}`), say(21, "closed", `{}`)},
		"asked before it was reopened":      {say(5, "resolved", `{}`), askedAt(6), say(30, "reopened", `{}`), say(40, "resolved", `{}`)},
	}
	sent := func(department string) toldEvent {
		return say(0.3, "dispatched", fmt.Sprintf(`{"department":%q}`, department))
	}
	for i := range 5 { // 30 March 10:00, and the same on 9 March
		stories[fmt.Sprintf("mass %d", i)] = []toldEvent{sent("甲部"), say(673+float64(i)/60, "resolved", `{}`), askedAt(674)}
		stories[fmt.Sprintf("mass in between %d", i)] = []toldEvent{sent("乙部"), say(169+float64(i)/60, "resolved", `{}`), askedAt(170)}
	}
	for i := range 4 {
		stories[fmt.Sprintf("four are no mass %d", i)] = []toldEvent{sent("丙部"), say(673+float64(i)/60, "resolved", `{}`), askedAt(674)}
	}
	h := openEvents(t, toldHistory(t, stories))
	zone := h.zone()
	q := kpi.Query{From: time.Date(2026, 3, 1, 0, 0, 0, 0, zone), To: time.Date(2026, 4, 1, 0, 0, 0, 0, zone), AsOf: time.Date(2026, 5, 1, 0, 0, 0, 0, zone)}
	want := map[kpi.LookID][]string{
		kpi.LookReopen: {"ended before due and reopened"},
		kpi.LookPause:  {"paused before due", "paused twice, last before due"},
		kpi.LookBot:    {"acknowledged by a bot alone"},
		kpi.LookSurvey: {"asked before it was reopened", "late and never asked"},
		kpi.LookMass:   {"mass 0", "mass 1", "mass 2", "mass 3", "mass 4"},
	}
	// Others that show the pattern where nobody asks about it: the base.
	base := map[kpi.LookID]int64{kpi.LookReopen: 2, kpi.LookPause: 3, kpi.LookBot: 1, kpi.LookSurvey: 1, kpi.LookMass: 5}
	looks, err := h.Looks(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range looks {
		t.Run(string(l.ID), func(t *testing.T) {
			if l.Cases != int64(len(want[l.ID])) || l.OtherFound != base[l.ID] {
				t.Errorf("%+v, want %d cases and %d others", l, len(want[l.ID]), base[l.ID])
			}
			page, err := h.Complaints(t.Context(), transform.ComplaintFilter{Query: q, Scope: transform.ScopeLook, Look: l.ID})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range page.Rows {
				got = append(got, r.ComplaintID)
			}
			if slices.Sort(got); !slices.Equal(got, want[l.ID]) || page.Total != int64(len(got)) {
				t.Errorf("cases %q (%d), want %q", got, page.Total, want[l.ID])
			}
		})
	}
	var listed []string
	err = h.EachListed(t.Context(), transform.ComplaintFilter{Query: q, Scope: transform.ScopeLook, Look: kpi.LookPause}, func(r transform.ComplaintRow) error {
		listed = append(listed, r.ComplaintID)
		return nil
	})
	if slices.Sort(listed); err != nil || !slices.Equal(listed, want[kpi.LookPause]) {
		t.Errorf("a file lists %q, %v", listed, err)
	}
}
