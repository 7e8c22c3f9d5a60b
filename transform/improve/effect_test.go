package improve_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"wenguo/transform/improve"
)

// weeks makes a history from counts against a steady exposure.
func weeks(counts ...int64) []improve.Week {
	out := make([]improve.Week, len(counts))
	for i, n := range counts {
		out[i] = improve.Week{Start: week(i), Complaints: n, Exposure: 400}
	}
	return out
}

// story is an issue of ten a week for 40 weeks, chosen in week 40, mended in week 44, of five a week after.
func story() improve.Evidence {
	counts := slices.Concat(around(10, 44), around(5, 30))
	return improve.Evidence{
		Weeks: weeks(counts...), Exposure: improve.ByComplaints,
		OpenedAt: week(40).Add(50 * time.Hour), DoneAt: week(44).Add(20 * time.Hour), AsOf: week(74),
	}
}

// around alternates about a mean as chance would.
func around(mean int64, n int) []int64 {
	out := make([]int64, n)
	turn := []int64{0, 3, -2, 1, -3, 2, -1}
	for i := range out {
		out[i] = max(0, mean+turn[i%len(turn)])
	}
	return out
}

func judge(e improve.Evidence) improve.Effect {
	return improve.NewJudge(improve.DefaultRules()).Effect(e)
}

func TestVerdicts(t *testing.T) {
	for name, tt := range map[string]struct {
		change  func(*improve.Evidence)
		verdict improve.Verdict
		reason  improve.Reason
		flags   []improve.Flag
	}{
		"a halving is effective": {func(*improve.Evidence) {}, improve.Effective, improve.Fell, []improve.Flag{improve.SeasonUnknown}},
		"nothing changed": {
			func(e *improve.Evidence) { set(e, 44, around(10, 30)) },
			improve.NotEffective, improve.NoWorthwhile,
			[]improve.Flag{improve.SeasonUnknown},
		},
		"it became worse": {
			func(e *improve.Evidence) { set(e, 44, around(20, 30)) },
			improve.NotEffective, improve.Rose,
			[]improve.Flag{improve.SeasonUnknown},
		},
		"three weeks are too few": {func(e *improve.Evidence) { e.Weeks = e.Weeks[:49] }, improve.Unclear, improve.TooFewAfter, nil},
		"weeks about which complaints are still to come do not count": {
			func(e *improve.Evidence) { e.AsOf, e.Delay = week(50), 15*24*time.Hour; e.Weeks = e.Weeks[:50] },
			improve.Unclear, improve.TooFewAfter,
			[]improve.Flag{improve.Immature},
		},
		"a small fall is not told from chance yet": {
			func(e *improve.Evidence) { set(e, 44, around(8, 30)); e.Weeks = e.Weeks[:52] },
			improve.Unclear, improve.WideInterval,
			[]improve.Flag{improve.SeasonUnknown},
		},
		"it was effective and came back": {
			func(e *improve.Evidence) { set(e, 56, around(16, 18)) },
			improve.Unclear, improve.Faded,
			[]improve.Flag{improve.Dispersed, improve.SeasonUnknown},
		},
		"without the measure there is nothing to judge": {func(e *improve.Evidence) { e.DoneAt = time.Time{} }, improve.Unclear, improve.NotDone, nil},
		"an issue that appeared in the weeks that led to the choice has no before": {
			func(e *improve.Evidence) { set(e, 0, make([]int64, 38)); e.DoneAt = week(42) },
			improve.Unclear, improve.TooFewBefore, nil,
		},
		"the weeks since the choice are a before, too": {
			func(e *improve.Evidence) {
				set(e, 0, make([]int64, 38))
				e.DoneAt = week(50)
				set(e, 38, around(10, 12))
			},
			improve.Effective, improve.Fell,
			[]improve.Flag{improve.SeasonUnknown},
		},
		"two measures in one week cannot be told apart": {func(e *improve.Evidence) { e.Others = []time.Time{week(45)} }, improve.Unclear, improve.OtherAction, nil},
		"a later measure ends the weeks that count": {
			func(e *improve.Evidence) { e.Others = []time.Time{week(50)} },
			improve.Unclear, improve.TooFewAfter,
			[]improve.Flag{improve.Cut},
		},
		"other complaints doubled and the issue did not fall": {func(e *improve.Evidence) {
			set(e, 44, around(10, 30))
			for i := 44; i < len(e.Weeks); i++ {
				e.Weeks[i].Exposure *= 2
			}
		}, improve.Unclear, improve.ExposureRose, []improve.Flag{improve.ExposureMoved, improve.SeasonUnknown}},
		"orders doubled and the issue did not rise": {func(e *improve.Evidence) {
			set(e, 44, around(10, 30))
			e.Exposure = improve.ByVolume
			for i := 44; i < len(e.Weeks); i++ {
				e.Weeks[i].Exposure *= 2
			}
		}, improve.Effective, improve.Fell, []improve.Flag{improve.ExposureMoved, improve.SeasonUnknown}},
		"it falls at this time of every year": {func(e *improve.Evidence) {
			e.Weeks = weeks(slices.Concat(around(10, 44), around(5, 30), around(10, 22), around(5, 30))...)
			e.OpenedAt, e.DoneAt, e.AsOf = week(92), week(96), week(126)
		}, improve.Unclear, improve.SeasonExplains, []improve.Flag{improve.LevelChanged, improve.SeasonUsed}},
		"the hotline by which it came was closed": {func(e *improve.Evidence) {
			for i := range e.Weeks {
				n := float64(e.Weeks[i].Complaints)
				if e.Weeks[i].Channels = map[string]improve.Part{"phone": {n, 200}, "web": {0, 200}}; i >= 44 {
					e.Weeks[i].Channels = map[string]improve.Part{"phone": {n, 100}, "web": {0, 300}}
				}
			}
		}, improve.Unclear, improve.ChannelsExplain, []improve.Flag{improve.ChannelsChanged, improve.SeasonUnknown}},
		"a merge and fewer texts are told": {func(e *improve.Evidence) {
			e.Moved = []time.Time{week(46)}
			for i := range e.Weeks {
				if e.Weeks[i].Registered, e.Weeks[i].Texts = 410, 400; i >= 44 {
					e.Weeks[i].Texts = 300
				}
			}
		}, improve.Effective, improve.Fell, []improve.Flag{improve.MembersChanged, improve.SeasonUnknown, improve.TextChanged}},
	} {
		t.Run(name, func(t *testing.T) {
			e := story()
			tt.change(&e)
			got := judge(e)
			slices.Sort(got.Flags)
			slices.Sort(tt.flags)
			if got.Verdict != tt.verdict || got.Reason != tt.reason || !slices.Equal(got.Flags, tt.flags) {
				t.Errorf("%s because %s with %q, want %s because %s with %q\n%+v", got.Verdict, got.Reason, got.Flags, tt.verdict, tt.reason, tt.flags, got.Comparisons)
				for _, c := range got.Comparisons {
					t.Log(c.Basis, show(c.Ratio), c.Low, show(c.High), c.Dispersion)
				}
			}
		})
	}
}

func set(e *improve.Evidence, from int, counts []int64) {
	for i, n := range counts {
		e.Weeks[from+i].Complaints = n
	}
}

func TestTheWeeksOfAStory(t *testing.T) {
	got := judge(story())
	if got.Before.From != week(9) || got.Before.To != week(43) || got.Before.Weeks != 26 {
		t.Errorf("before is %+v", got.Before)
	}
	if got.After.From != week(46) || got.After.Weeks != 26 || got.After.To != week(72) {
		t.Errorf("after is %+v", got.After)
	}
	for i, role := range got.Roles {
		want := improve.RoleUnused
		switch {
		case i >= 33 && i <= 40:
			want = improve.RoleChosen
		case i >= 43 && i <= 45:
			want = improve.RoleSettling
		case i >= 46 && i < 72:
			want = improve.RoleAfter
		case i >= 9 && i < 43:
			want = improve.RoleBefore
		}
		if role != want {
			t.Errorf("week %d is %q, want %q", i, role, want)
		}
	}
	if got.First.After(week(55)) || got.First.Before(week(50)) || got.Since != got.First || got.Earliest.Before(week(50)) || got.Earliest.After(week(58)) {
		t.Errorf("known since %v, first %v, to be known by %v", got.Since, got.First, got.Earliest)
	}
}

// However often somebody looks, a series without change passes a boundary with the chance that was spent: measured on
// the score itself, which the boundaries' integration does not use.
func TestBoundariesSpendWhatTheyMay(t *testing.T) {
	const alpha, series = 0.05, 40000
	list := improve.Boundaries(26, 4, 26, alpha)
	information := func(k int) float64 { return 26 * float64(k) / float64(26+k) }
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test follows from its seed
	passed := 0
	for range series {
		score := 0.0
		for k := 4; k <= 26; k++ {
			step := information(k)
			if k > 4 {
				step -= information(k - 1)
			}
			score += rng.NormFloat64() * math.Sqrt(step)
			if score/math.Sqrt(information(k)) >= list[k-4] {
				passed++
				break
			}
		}
	}
	if got := float64(passed) / series; math.Abs(got-alpha) > 4*math.Sqrt(alpha*(1-alpha)/series) {
		t.Errorf("%.4f of the series pass a boundary, want %.4f", got, alpha)
	}
	// Of equal steps and five looks Lan and DeMets 1983 print the boundaries of the same spending.
	for k, want := range []float64{2.58, 2.49, 2.41, 2.34, 2.28} {
		if got := improve.Boundaries(1e9, 1, 5, .025)[k]; math.Abs(got-want) > .006 {
			t.Errorf("boundary %d is %.3f, printed %.2f", k+1, got, want)
		}
	}
}
