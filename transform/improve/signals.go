package improve

import "math"

// rounding is how much figures that are equal by their formula may differ, in relation to their size.
const rounding = 1e-9

// signals looks for the four rules among the judged points of one phase.
func (c Chart) signals(judged []int) []Signal {
	var out []Signal
	for _, side := range []Side{High, Low} {
		up := 1.0
		if side == Low {
			up = -1
		}
		above := func(i int) float64 {
			value, centre := *c.Points[i].Value, *c.Points[i].Centre
			if math.Abs(value-centre) <= rounding*math.Abs(centre) {
				return 0
			}
			return up * (value - centre)
		}
		// Without any spread nothing is far from the centre: sigma says nothing then.
		far := func(sigmas float64) func(int) bool {
			return func(k int) bool {
				s := c.Points[judged[k]].sigma
				return s > 0 && above(judged[k]) > sigmas*s*(1+rounding)
			}
		}
		for k, i := range judged {
			if far(3)(k) {
				out = append(out, Signal{Beyond, side, []int{i}})
			}
		}
		out = append(out, runs(judged, Shift, side, run, func(k int) bool { return above(judged[k]) > 0 })...)
		// A trend of seven points has six steps; each step is counted at its end and the point before the first joins.
		steps := runs(judged, Trend, side, run-1, func(k int) bool {
			return k > 0 && up*(*c.Points[judged[k]].Value-*c.Points[judged[k-1]].Value) > 0
		})
		for _, s := range steps {
			s.Points = append([]int{before(judged, s.Points[0])}, s.Points...)
			out = append(out, s)
		}
		out = append(out, nearLimit(judged, side, far(2))...)
	}
	return out
}

func before(judged []int, i int) int {
	for k, j := range judged {
		if j == i {
			return judged[k-1]
		}
	}
	return i
}

// runs finds stretches of at least so many points in a row for which it holds.
func runs(judged []int, rule Rule, side Side, least int, holds func(k int) bool) []Signal {
	var out []Signal
	start := 0
	for k := 0; k <= len(judged); k++ {
		if k < len(judged) && holds(k) {
			continue
		}
		if k-start >= least {
			out = append(out, Signal{rule, side, append([]int(nil), judged[start:k]...)})
		}
		start = k + 1
	}
	return out
}

// nearLimit finds pairs of far points with at most one other between them; pairs that share a point are one signal.
func nearLimit(judged []int, side Side, far func(k int) bool) []Signal {
	var out []Signal
	last := -3 // the far point before
	joined := false
	for k, i := range judged {
		if !far(k) {
			continue
		}
		switch {
		case k-last > 2:
			joined = false
		case joined:
			s := &out[len(out)-1]
			s.Points = append(s.Points, i)
		default:
			out = append(out, Signal{NearLimit, side, []int{judged[last], i}})
			joined = true
		}
		last = k
	}
	return out
}
