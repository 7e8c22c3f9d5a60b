package improve

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// side is the complaints and the exposure of one side of a comparison.
type side struct{ complaints, exposure float64 }

// ratio compares two sides: given both counts together, those after are binomial with the odds of the exposures times the
// rate ratio, whose exact interval (Clopper and Pearson, Biometrika 26, 1934; for rates Przyborowski and Wilenski,
// Biometrika 31, 1940) leaves out tail on each side. Where the variance is dispersion times that of chance, the counts are
// worth that many times less (quasi-likelihood: McCullagh and Nelder, Generalized Linear Models, 1989, chapter 9).
func ratio(before, after side, tail, dispersion float64) Comparison {
	c := Comparison{Dispersion: dispersion}
	if before.exposure <= 0 || after.exposure <= 0 {
		return c
	}
	scale := before.exposure / after.exposure
	if before.complaints > 0 {
		c.Ratio = new(after.complaints / before.complaints * scale)
	}
	x, y := after.complaints/dispersion, before.complaints/dispersion
	if x > 0 {
		p := mathext.InvRegIncBeta(x, y+1, tail)
		c.Low = p / (1 - p) * scale
	}
	if y > 0 {
		p := mathext.InvRegIncBeta(x+1, y, 1-tail)
		c.High = new(p / (1 - p) * scale)
	}
	return c
}

// spreadOf is how complaints vary between weeks: dispersion is Pearson's, the variance around each side's own rate by that
// of chance (not below it), correlation that of neighbouring weeks, not below none, mended for its bias (Kendall 1954).
func spreadOf(weeks []Week, sides [][]int, exposure func(Week) float64) (dispersion, correlation float64, freedom int) {
	var squares, products, neighbours float64
	for _, side := range sides {
		total := sum(weeks, side, exposure)
		if total.complaints == 0 {
			continue
		}
		rate := total.complaints / total.exposure
		last, before := -2, 0.0
		for _, i := range side {
			expected := rate * exposure(weeks[i])
			if expected <= 0 {
				continue
			}
			residual := (float64(weeks[i].Complaints) - expected) / math.Sqrt(expected)
			squares += residual * residual
			freedom++
			if last == i-1 {
				products += before * residual
				neighbours++
			}
			last, before = i, residual
		}
		freedom--
	}
	if freedom <= 0 || neighbours == 0 || squares == 0 {
		return 1, 0, max(freedom, 1)
	}
	n := float64(freedom + len(sides))
	correlation = products / neighbours / (squares / n)
	correlation = min(0.9, max(0, correlation+(1+3*correlation)/n))
	return max(1, squares/float64(freedom)), correlation, freedom
}

func sum(weeks []Week, indices []int, exposure func(Week) float64) side {
	var s side
	for _, i := range indices {
		s.complaints += float64(weeks[i].Complaints)
		s.exposure += exposure(weeks[i])
	}
	return s
}

// widened is the dispersion by which an interval is honest: neighbours that move together count less, and a dispersion
// known from few weeks asks for Student's quantile instead of the normal one.
func widened(dispersion, correlation float64, freedom int, tail float64) float64 {
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(freedom)}
	share := student.Quantile(1-tail) / distuv.UnitNormal.Quantile(1-tail)
	return lasting(dispersion, correlation, freedom) * share * share
}

// lasting is the dispersion of the mean of many weeks: that of an autoregression of the counts; or, where weeks vary more
// than by chance beyond doubt, of a level that remembers itself underneath the chance of each week, which is what a
// correlation thinned by that chance comes from. The greater counts.
func lasting(dispersion, correlation float64, freedom int) float64 {
	counts := dispersion * (1 + correlation) / (1 - correlation)
	beyond := distuv.ChiSquared{K: float64(freedom)}.Survival(dispersion*float64(freedom)) < 0.05
	if !beyond || correlation == 0 {
		return counts
	}
	level := min(0.9, correlation*dispersion/(dispersion-1))
	return max(counts, 1+(dispersion-1)*(1+level)/(1-level))
}
