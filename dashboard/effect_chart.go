package dashboard

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"wenguo/transform/improve"
)

// Size of the chart's own coordinates, and the room inside it.
const (
	effectWidth  = 720.0
	effectHeight = 220.0
	effectLeft   = 40.0
	effectRight  = 8.0
	effectTop    = 12.0
	effectBottom = 24.0
)

// shownWeeks is how many weeks before the measure the chart shows; the table has all.
const shownWeeks = 52

// effectChart is the weekly rate with the limits of each phase, drawn on the server: it needs no script and prints.
type effectChart struct {
	Line, Centre, Limits string
	Points               []effectPoint
	Marks                []effectMark
	Labels               []effectMark
	Ticks                []effectTick
}

type effectPoint struct {
	X, Y        float64
	Role, Words string
	// Signal is the side to which the point makes a signal of the chart, empty for none.
	Signal improve.Side
}

// effectMark is a vertical place with words.
type effectMark struct {
	X     float64
	Words string
}

type effectTick struct {
	Y     float64
	Words string
}

// Empty says that there is nothing to draw.
func (c effectChart) Empty() bool { return len(c.Points) == 0 }

func newEffectChart(p proof, now time.Time) effectChart {
	first, most := firstShown(p), 0.0
	points := p.Chart.Points[min(first, len(p.Chart.Points)):]
	for _, point := range points {
		for _, v := range []*float64{point.Value, point.Upper} {
			if v != nil {
				most = max(most, *v)
			}
		}
	}
	if len(points) == 0 || most == 0 {
		return effectChart{}
	}
	x := func(i float64) float64 {
		return round1(effectLeft + (i+.5)*(effectWidth-effectLeft-effectRight)/float64(len(points)))
	}
	y := func(v float64) float64 {
		return round1(effectHeight - effectBottom - v/most*(effectHeight-effectTop-effectBottom))
	}
	var c effectChart
	var line, centre, limits strings.Builder
	gap, phase := true, -1
	for i, point := range points {
		at := x(float64(i))
		if point.Value == nil {
			gap = true
			continue
		}
		role := improve.RoleUnused
		if first+i < len(p.Effect.Roles) {
			role = p.Effect.Roles[first+i]
		}
		c.Points = append(c.Points, effectPoint{
			X: at, Y: y(*point.Value), Role: string(role), Signal: side(p.Chart, first+i),
			Words: day(point.At, now) + " · " + grouped(point.N) + " · " + perHundred(*point.Value),
		})
		fmt.Fprintf(&line, "%s%g %g", moveOrLine(gap), at, y(*point.Value))
		gap = false
		begins := point.Phase != phase
		phase = point.Phase
		if point.Upper != nil {
			fmt.Fprintf(&limits, "%s%g %g", moveOrLine(begins), at, y(*point.Upper))
		}
	}
	for _, w := range []improve.Window{p.Effect.Before, p.Effect.After} {
		rate := w.Rate()
		if rate == nil {
			continue
		}
		from, to := w.From.Sub(points[0].At).Hours()/weekHours, w.To.Sub(points[0].At).Hours()/weekHours-1
		fmt.Fprintf(&centre, "M%g %gL%g %g", x(max(from, 0)), y(*rate), x(to), y(*rate))
	}
	c.Line, c.Centre, c.Limits = line.String(), centre.String(), limits.String()
	c.place(p, points, x, now)
	for _, share := range []float64{0, .5, 1} {
		c.Ticks = append(c.Ticks, effectTick{y(most * share), perHundred(most * share)})
	}
	return c
}

// place marks when measures took effect, and names some weeks.
func (c *effectChart) place(p proof, points []improve.Point, x func(float64) float64, now time.Time) {
	mark := func(at time.Time, words string) {
		weeks := at.Sub(points[0].At).Hours() / weekHours
		if weeks >= 0 && weeks <= float64(len(points)) {
			c.Marks = append(c.Marks, effectMark{x(weeks - .5), words})
		}
	}
	if !p.Evidence.DoneAt.IsZero() {
		mark(p.Evidence.DoneAt, "措施完成")
	}
	for _, at := range p.Evidence.Others {
		mark(at, "另一项措施")
	}
	every := max(1, int(math.Ceil(float64(len(points))/8)))
	for i := 0; i < len(points); i += every {
		c.Labels = append(c.Labels, effectMark{x(float64(i)), points[i].At.In(now.Location()).Format("01-02")})
	}
}

// weekHours are the hours of a week, of which one in a year is an hour longer or shorter.
const weekHours = 7 * 24.0

// side is where a point's signal points to, empty without one.
func side(c improve.Chart, i int) improve.Side {
	for _, s := range c.Signals {
		if slices.Contains(s.Points, i) {
			return s.Side
		}
	}
	return ""
}

func firstShown(p proof) int {
	at := p.Evidence.DoneAt
	if at.IsZero() {
		at = p.Evidence.AsOf
	}
	for i, w := range p.Evidence.Weeks {
		if at.Sub(w.Start) < shownWeeks*7*24*time.Hour {
			return i
		}
	}
	return len(p.Evidence.Weeks)
}

func moveOrLine(move bool) string {
	if move {
		return "M"
	}
	return "L"
}
