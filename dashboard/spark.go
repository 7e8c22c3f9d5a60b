package dashboard

import (
	"fmt"
	"math"
	"strings"

	"wenguo/transform/kpi"
)

// Size of a sparkline's own coordinates; the page stretches it, its strokes keep their width.
const (
	sparkWidth  = 120.0
	sparkHeight = 32.0
	sparkPad    = 3.0
)

// spark is a line small enough to stand beside a number, drawn on the server: it needs no script and prints.
type spark struct {
	// Line, Area and Dots are SVG paths; Area closes Line to the bottom, Dots are points without a neighbour.
	Line, Area, Dots string
	// EndX and EndY place the last point; TargetY the target's line where HasTarget.
	EndX, EndY, TargetY float64
	HasTarget           bool
	// Worse and Better are the points that make a signal of a control chart.
	Worse, Better string
	// at are the places of the points, nil where there is none.
	at []*[2]float64
}

// Empty says that there is nothing to draw.
func (s spark) Empty() bool { return s.Line == "" && s.Dots == "" }

// scale maps values to the height, with the target inside and room above and below; counts start at zero.
type scale struct{ low, high float64 }

func (s scale) y(v float64) float64 {
	if s.high == s.low {
		return sparkHeight / 2
	}
	return sparkHeight - sparkPad - (v-s.low)/(s.high-s.low)*(sparkHeight-2*sparkPad)
}

// newSpark draws values, nil where there is none: a gap stays a gap.
func newSpark(values []*float64, target *float64, fromZero bool) spark {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v != nil {
			low, high = min(low, *v), max(high, *v)
		}
	}
	if math.IsInf(low, 1) {
		return spark{}
	}
	if target != nil {
		low, high = min(low, *target), max(high, *target)
	}
	if fromZero {
		low = min(low, 0)
	}
	sc := scale{low, high}
	s := spark{at: make([]*[2]float64, len(values))}
	if target != nil {
		s.HasTarget, s.TargetY = true, round1(sc.y(*target))
	}
	x := func(i int) float64 {
		if len(values) == 1 {
			return sparkWidth / 2
		}
		return round1(sparkPad + float64(i)*(sparkWidth-2*sparkPad)/float64(len(values)-1))
	}
	var line, area, dots strings.Builder
	for i := 0; i < len(values); {
		if values[i] == nil {
			i++
			continue
		}
		j := i
		for j < len(values) && values[j] != nil {
			command := "L"
			if j == i {
				command = "M"
			}
			s.EndX, s.EndY = x(j), round1(sc.y(*values[j]))
			s.at[j] = &[2]float64{s.EndX, s.EndY}
			fmt.Fprintf(&line, "%s%g %g", command, s.EndX, s.EndY)
			j++
		}
		if j-i == 1 {
			fmt.Fprintf(&dots, "M%g %gh0", s.EndX, s.EndY)
		}
		fmt.Fprintf(&area, "M%g %g", x(i), sparkHeight)
		for k := i; k < j; k++ {
			fmt.Fprintf(&area, "L%g %g", x(k), round1(sc.y(*values[k])))
		}
		fmt.Fprintf(&area, "L%g %gZ", x(j-1), sparkHeight)
		i = j
	}
	s.Line, s.Area, s.Dots = line.String(), area.String(), dots.String()
	return s
}

// mark shows points that make a signal, for the worse or the better.
func (s *spark) mark(points []int, worse bool) {
	to := &s.Better
	if worse {
		to = &s.Worse
	}
	for _, i := range points {
		if i < len(s.at) && s.at[i] != nil {
			*to += fmt.Sprintf("M%g %gh0", s.at[i][0], s.at[i][1])
		}
	}
}

func round1(f float64) float64 { return math.Round(f*10) / 10 }

// seriesValues keeps points that may be believed at all: n above zero. Single steps are small, so the minimum n is not
// asked of them; the number beside the line is.
func seriesValues(points []kpi.Point) []*float64 {
	out := make([]*float64, len(points))
	for i, p := range points {
		if p.N > 0 {
			out[i] = p.Value
		}
	}
	return out
}

// countSpark draws counts, such as an issue's complaints per step.
func countSpark(counts []int64) spark {
	values := make([]*float64, len(counts))
	for i, n := range counts {
		f := float64(n)
		values[i] = &f
	}
	return newSpark(values, nil, true)
}
