package improve

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// cells is into how many steps the density of the score is cut.
const cells = 240

// Boundaries are the normal quantiles that each look must pass so that all looks together err with at most alpha on one
// side: element k is the look after first+k weeks. Looks are weekly until horizon; before is how many weeks stand against
// them. The chance is spent evenly over the weeks (Lan and DeMets, Biometrika 70, 1983 and 76, 1989); the boundaries follow
// by recursive integration (Armitage, McPherson and Rowe, JRSS A 132, 1969). The score has independent increments in the
// information before·k/(before+k), which no rate enters.
func Boundaries(before, first, horizon int, alpha float64) []float64 {
	normal := distuv.UnitNormal
	information := func(k int) float64 { return float64(before) * float64(k) / float64(before+k) }
	var out []float64
	var at, density []float64 // of the score of the series that have passed no boundary
	width, spent := 0.0, 0.0
	for k := first; k <= horizon; k++ {
		target := alpha*float64(k)/float64(horizon) - spent
		spent += target
		total := math.Sqrt(information(k))
		step := total
		if k > first {
			step = math.Sqrt(information(k) - information(k-1))
		}
		above := func(c float64) float64 {
			if density == nil {
				return normal.Survival(c / step)
			}
			sum := 0.0
			for i, u := range at {
				sum += density[i] * normal.Survival((c-u)/step)
			}
			return sum * width
		}
		low, high := 0.0, 9*total
		for range 50 {
			if middle := (low + high) / 2; above(middle) > target {
				low = middle
			} else {
				high = middle
			}
		}
		boundary := (low + high) / 2
		out = append(out, boundary/total)
		at, density, width = carry(at, density, width, step, -8*total, boundary)
	}
	return out
}

// carry is the density after one more step, on the midpoints of cells between low and high.
func carry(at, density []float64, width, step, low, high float64) (next, carried []float64, cell float64) {
	cell = (high - low) / cells
	next, carried = make([]float64, cells), make([]float64, cells)
	for j := range next {
		next[j] = low + (float64(j)+0.5)*cell
		if density == nil {
			carried[j] = distuv.UnitNormal.Prob(next[j]/step) / step
			continue
		}
		for i, u := range at {
			if d := (next[j] - u) / step; math.Abs(d) < 8 {
				carried[j] += density[i] * math.Exp(-d*d/2)
			}
		}
		carried[j] *= width / (step * math.Sqrt(2*math.Pi))
	}
	return next, carried, cell
}
