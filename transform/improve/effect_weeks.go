package improve

import (
	"slices"
	"time"
)

// windows are the indices of the weeks on each side.
type windows struct {
	before, after []int
	// past are the weeks up to the action that tell how much the issue varies by itself, those that led to its choice among
	// them: a year at most, and none before a change of level.
	past  []int
	roles []Role
	flags []Flag
	// close says that another action took effect in the weeks around this one.
	close bool
	// done is the index of the week in which the measure took effect.
	done int
}

// indexOf is the index of the week that holds an instant, -1 before all and the last one after all.
func indexOf(weeks []Week, at time.Time) int {
	i, _ := slices.BinarySearchFunc(weeks, at, func(w Week, at time.Time) int {
		if w.Start.After(at) {
			return 1
		}
		return -1
	})
	return i - 1
}

func end(w Week) time.Time { return w.Start.AddDate(0, 0, 7) }

// split says what each week counts as.
func (r Rules) split(e Evidence) windows {
	done := indexOf(e.Weeks, e.DoneAt)
	chosen := min(done, indexOf(e.Weeks, e.OpenedAt))
	w := windows{roles: make([]Role, len(e.Weeks)), done: done}
	from, to := w.bounds(e, done, r.Settling)
	for i := range e.Weeks {
		switch {
		case i >= done-r.Settling && i <= done+r.Settling:
			w.roles[i] = RoleSettling
		case i > done && i < to && i <= done+r.Settling+r.Horizon:
			if end(e.Weeks[i]).Add(e.Delay).After(e.AsOf) {
				w.roles[i] = RoleYoung
				continue
			}
			w.roles[i] = RoleAfter
			w.after = append(w.after, i)
		case i < done && i > chosen-r.Selecting && i <= chosen:
			w.roles[i] = RoleChosen
		}
	}
	if slices.Contains(w.roles, RoleYoung) {
		w.flags = append(w.flags, Immature)
	}
	w.choose(e, r, from, chosen)
	for _, i := range w.before {
		w.roles[i] = RoleBefore
	}
	return w
}

// bounds are the first week that may count as before and the first that may no longer count as after: an issue is not
// there before its first complaint, and other actions against it limit what is compared.
func (w *windows) bounds(e Evidence, done, settling int) (from, to int) {
	from = 1 + slices.IndexFunc(e.Weeks, func(w Week) bool { return w.Complaints > 0 })
	to = len(e.Weeks)
	for _, at := range e.Others {
		switch o := indexOf(e.Weeks, at); {
		case o < done-settling:
			if o+settling+1 > from {
				from = o + settling + 1
				w.flags = append(w.flags, Cut)
			}
		case o <= done+settling:
			w.close = true
		case o-settling < to:
			to = o - settling
			w.flags = append(w.flags, Cut)
		}
	}
	slices.Sort(w.flags)
	w.flags = slices.Compact(w.flags)
	return from, to
}

// recent is how many weeks tell a level.
const recent = 8

// choose takes as before the weeks since the choice and those ahead of the weeks that led to it, from the newest back for
// as long as they show one level.
func (w *windows) choose(e Evidence, r Rules, from, chosen int) {
	var since, older, old []int
	for i := max(from, chosen+1); i < w.done-r.Settling; i++ {
		since = append(since, i)
	}
	ahead := min(chosen-r.Selecting, w.done-r.Settling-1)
	for i := max(from, ahead-r.Before+1); i <= ahead; i++ {
		if i > ahead-recent {
			older = append(older, i)
		} else {
			old = append(old, i)
		}
	}
	since = since[max(0, len(since)-r.Before):]
	w.before = since
	for _, more := range [][]int{older, old} {
		if len(w.before) >= r.Fewest && len(more) >= r.Fewest && differ(e.Weeks, more, w.before) {
			w.flags = append(w.flags, LevelChanged)
			break
		}
		w.before = slices.Concat(more, w.before)
	}
	w.before = w.before[max(0, len(w.before)-r.Before):]
	if slices.Contains(w.flags, LevelChanged) && len(w.before) > 0 {
		from = w.before[0]
	}
	for i := max(from, w.done-r.Settling-year); i < w.done-r.Settling; i++ {
		w.past = append(w.past, i)
	}
}

// differ tells whether two stretches show different levels, with a chance of 1 % to say so of one level.
func differ(weeks []Week, a, b []int) bool {
	const tail = 0.005
	dispersion, correlation, freedom := spreadOf(weeks, [][]int{a, b}, byExposure)
	c := ratio(sum(weeks, a, byExposure), sum(weeks, b, byExposure), tail, widened(dispersion, correlation, freedom, tail))
	return c.Low > 1 || c.High != nil && *c.High < 1
}

func byExposure(w Week) float64 { return w.Exposure }

func byWeek(Week) float64 { return 1 }
