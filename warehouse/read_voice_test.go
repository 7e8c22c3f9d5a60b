package warehouse

import (
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// traits are what happened to a complaint before its last rating, by plain Go.
func traits(c transform.Complaint, at time.Time) map[kpi.Factor]string {
	rated := c.Ratings[len(c.Ratings)-1].At
	out := map[kpi.Factor]string{kpi.FactorReply: "none", kpi.FactorReopened: "no", kpi.FactorHandling: "none"}
	for _, clock := range c.Clocks {
		if clock.Stage != sla.Acknowledge {
			continue
		}
		switch clock.StateAt(at, nil) {
		case sla.Met:
			out[kpi.FactorReply] = "met"
		case sla.Breached:
			out[kpi.FactorReply] = "late"
		case sla.Running, sla.Paused, sla.Cancelled, sla.NoVerdict:
		}
	}
	for _, r := range c.Rounds {
		if r.Number > 1 && !r.StartedAt.After(rated) {
			out[kpi.FactorReopened] = "yes"
		}
		if r.EndedAs == transform.Resolved && !r.EndedAt.After(rated) {
			days := []string{"1", "3", "7", "15"}
			out[kpi.FactorHandling] = "more"
			for _, d := range slices.Backward(days) {
				n, _ := strconv.Atoi(d)
				if r.EndedAt.Sub(c.RegisteredAt) <= time.Duration(n)*24*time.Hour {
					out[kpi.FactorHandling] = d
				}
			}
		}
	}
	n := 0
	for _, t := range c.Transfers {
		if !t.At.After(rated) {
			n++
		}
	}
	out[kpi.FactorTransfers] = strconv.Itoa(min(n, 2))
	return out
}

// heard is what the ratings of a period say, by plain Go.
func (h *history) heard(q kpi.Query, p kpi.Period) kpi.Heard {
	out := kpi.Heard{By: map[kpi.Factor]map[string]kpi.Scores{}}
	for _, c := range h.facts(q.AsOf) {
		if len(c.Ratings) == 0 || !sliced(c, q.Slice) {
			continue
		}
		last := c.Ratings[len(c.Ratings)-1]
		if last.At.Before(p.From) || !last.At.Before(p.To) {
			continue
		}
		out.All[last.Score-1]++
		values := traits(c, q.AsOf)
		for _, d := range []kpi.Dimension{kpi.Category, kpi.Priority, kpi.Channel, kpi.Department, kpi.Region, kpi.Tier, kpi.Product, kpi.Level, kpi.CauseGroup} {
			values[kpi.Factor(d)] = dimension(c, d, nil)
		}
		for f, value := range values {
			if out.By[f] == nil {
				out.By[f] = map[string]kpi.Scores{}
			}
			s := out.By[f][value]
			s[last.Score-1]++
			out.By[f][value] = s
		}
	}
	return out
}

// voiceQuestions are periods, instants and slices that the reading of voice and flow is tried on.
func voiceQuestions(h *history) map[string]kpi.Query {
	at := historyStart.AddDate(0, 0, 12).Add(7 * time.Hour)
	all := kpi.Query{From: historyStart, To: h.end, AsOf: h.end.AddDate(0, 6, 0)}
	slice, past := all, all
	slice.Slice = kpi.Slice{kpi.Channel: {"web", "phone", "other"}, kpi.Priority: {"normal", "", "high"}}
	past.From, past.To, past.AsOf = historyStart.AddDate(0, 0, 6), historyStart.AddDate(0, 0, 20), at
	return map[string]kpi.Query{"all": all, "a slice": slice, "in the past": past}
}

func TestVoiceIsWhatTheRatingsSay(t *testing.T) {
	h := openHistory(t, 500)
	for sentence, q := range voiceQuestions(h) {
		t.Run(sentence, func(t *testing.T) {
			before := kpi.Period{From: q.From.AddDate(0, 0, -5), To: q.From}
			got, err := h.Voice(t.Context(), q, before)
			if err != nil {
				t.Fatal(err)
			}
			want := h.heard(q, kpi.Period{From: q.From, To: q.To})
			if want.All.N() < 5 {
				t.Fatalf("%d ratings prove little", want.All.N())
			}
			compareHeard(t, got.Now, want)
			compareHeard(t, *got.Before, h.heard(q, before))
			if sentence != "all" {
				h.listedByTrait(t, q, want)
			}
		})
	}
}

func compareHeard(t *testing.T, got, want kpi.Heard) {
	t.Helper()
	if got.All != want.All {
		t.Errorf("scores %v, want %v", got.All, want.All)
	}
	for f, values := range want.By {
		if !maps.Equal(got.By[f], values) {
			t.Errorf("%s: %v\nwant %v", f, got.By[f], values)
		}
	}
}

// listedByTrait follows each number to its list.
func (h *history) listedByTrait(t *testing.T, q kpi.Query, want kpi.Heard) {
	t.Helper()
	for f, values := range kpi.FactorValues {
		for _, value := range values {
			page, err := h.Complaints(t.Context(), transform.ComplaintFilter{
				Query: q, Scope: transform.ScopeRated, Traits: []transform.Trait{{Factor: f, Value: value}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if n := want.By[f][value].N(); page.Total != n {
				t.Errorf("%s %s: %d complaints listed, %d counted", f, value, page.Total, n)
			}
		}
	}
}

func TestLowScoresWaitUntilTheyAreTakenUpAgain(t *testing.T) {
	h := openHistory(t, 500)
	for sentence, q := range voiceQuestions(h) {
		t.Run(sentence, func(t *testing.T) {
			got, err := h.LowScores(t.Context(), q, 1000)
			if err != nil {
				t.Fatal(err)
			}
			r, err := h.KPIs(t.Context(), q, "dissatisfied_redo")
			if err != nil {
				t.Fatal(err)
			}
			v := r.KPIs["dissatisfied_redo"]
			if want := v.Denominator - v.Numerator; int64(len(got)) != want {
				t.Errorf("%d wait, the key figure says %d", len(got), want)
			}
			waiting := map[string]time.Time{}
			for _, c := range h.facts(q.AsOf) {
				i := slices.IndexFunc(c.Ratings, func(r transform.Rating) bool { return r.Score <= 3 && within(r.At, q) })
				if i >= 0 && !c.Ratings[i].ReopenedAfter && sliced(c, q.Slice) {
					waiting[c.ID] = c.Ratings[i].At
				}
			}
			for i, l := range got {
				if !l.RatedAt.Equal(waiting[l.ComplaintID]) || l.Score < 1 || l.Score > 3 {
					t.Errorf("%s waits since %s with %d, want since %s", l.ComplaintID, l.RatedAt, l.Score, waiting[l.ComplaintID])
				}
				if i > 0 && l.RatedAt.Before(got[i-1].RatedAt) {
					t.Errorf("%s stands behind a younger one", l.ComplaintID)
				}
			}
			if first, err := h.LowScores(t.Context(), q, 1); err != nil || len(first) > 1 || len(got) > 0 && first[0] != got[0] {
				t.Errorf("the first alone is %v, %v", first, err)
			}
		})
	}
}
