package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Sizes of a chart in its own units, which are printed at about 0.75 pt.
const (
	plotWidth, plotHeight           = 680.0, 190.0
	plotLeft, plotRight             = 44.0, 10.0
	plotTop, plotBottom             = 8.0, 22.0
	barRow, barLeft, barText        = 20.0, 230.0, 60.0
	mostMarks, mostRunes, gridLines = 8, 20, 4
)

// shownChart is a chart with its geometry.
type shownChart struct {
	Title, Unit string
	Lines       []Line
	Marks       []string
	Plot        plot
}

// plot is what the SVG draws; every number is written with one decimal.
type plot struct {
	Width, Height string
	Grid          []stroke
	Boxes         []box
	Paths         []path
	Words         []word
}

type (
	stroke struct{ Class, X1, Y1, X2, Y2 string }
	box    struct{ X, Y, W, H string }
	path   struct{ Class, D string }
	word   struct{ X, Y, Anchor, Class, Text string }
)

func at(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

func (c *Chart) shown() *shownChart {
	out := &shownChart{Title: c.Title, Unit: c.Unit, Lines: c.Lines, Marks: []string{"━━", "╍╍", "┈┈"}}
	if floor, _, _ := axis(c); floor > 0 {
		out.Unit += "，纵轴从 " + at(floor) + " 起"
	}
	if len(c.Bars) > 0 {
		out.Plot = bars(c.Bars)
	} else {
		out.Plot = lines(c)
	}
	return out
}

// bars draws lying bars from zero.
func bars(all []Bar) plot {
	most := 1e-9
	for _, b := range all {
		most = max(most, b.Value)
	}
	height := barRow*float64(len(all)) + 4
	p := plot{Width: at(plotWidth), Height: at(height)}
	p.Grid = append(p.Grid, stroke{"axis", at(barLeft), "0", at(barLeft), at(height)})
	for i, b := range all {
		y := barRow*float64(i) + 3
		width := max(b.Value/most*(plotWidth-barLeft-barText), 0.5)
		p.Boxes = append(p.Boxes, box{at(barLeft), at(y), at(width), at(barRow - 6)})
		p.Words = append(p.Words,
			word{at(barLeft - 6), at(y + 11), "end", "name", short(plain(b.Name))},
			word{at(barLeft + width + 5), at(y + 11), "start", "", b.Text})
	}
	return p
}

// short cuts a name to what the margin holds: wide characters count two.
func short(s string) string {
	room := 2 * mostRunes
	for i, r := range s {
		room--
		if r > unicode.MaxLatin1 {
			room--
		}
		if room < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// lines draws series over their labels, from zero.
func lines(c *Chart) plot {
	floor, step, top := axis(c)
	wide, high := plotWidth-plotLeft-plotRight, plotHeight-plotTop-plotBottom
	x := func(i int) float64 {
		return plotLeft + wide*(float64(i)+0.5)/float64(max(len(c.Labels), 1))
	}
	y := func(v float64) float64 { return plotTop + high*(1-(v-floor)/(top-floor)) }
	p := plot{Width: at(plotWidth), Height: at(plotHeight)}
	for v := floor; v <= top+step/1000; v += step {
		class := "grid"
		if v == floor {
			class = "axis"
		}
		p.Grid = append(p.Grid, stroke{class, at(plotLeft), at(y(v)), at(plotWidth - plotRight), at(y(v))})
		p.Words = append(p.Words, word{at(plotLeft - 6), at(y(v) + 3), "end", "", strconv.FormatFloat(v, 'f', -1, 64)})
	}
	every := (len(c.Labels) + mostMarks - 1) / mostMarks
	for i, label := range c.Labels {
		if i%max(every, 1) == 0 {
			p.Words = append(p.Words, word{at(x(i)), at(plotHeight - 6), "middle", "", label})
		}
	}
	for i, l := range c.Lines {
		p.Paths = append(p.Paths, path{"l" + strconv.Itoa(i%3), drawn(l.Values, x, y)})
	}
	slices.Reverse(p.Paths) // the first line lies on top
	if c.Marked {
		p.Grid = append(p.Grid, stroke{"mark", at(x(c.Mark)), at(plotTop), at(x(c.Mark)), at(plotHeight - plotBottom)})
		p.Words = append(p.Words, word{at(x(c.Mark) + 4), at(plotTop + 9), "start", "name", c.MarkName})
	}
	return p
}

// axis is where the vertical axis begins, its step, and where it ends.
func axis(c *Chart) (floor, step, top float64) {
	least, most := math.Inf(1), 0.0
	for _, l := range c.Lines {
		for _, v := range l.Values {
			if v != nil {
				least, most = min(least, *v), max(most, *v)
			}
		}
	}
	if c.Cut && least > most/2 && !math.IsInf(least, 1) {
		step = nice((most - least) / 2)
		floor = step * math.Floor(least/step-1e-9)
		return floor, step, max(step*math.Ceil(most/step-1e-9), floor+step)
	}
	step = nice(most / gridLines)
	return 0, step, step * math.Max(1, math.Ceil(most/step-1e-9))
}

// drawn is the way through the values; a gap begins anew, a value alone is a dot.
func drawn(values []*float64, x func(int) float64, y func(float64) float64) string {
	var b strings.Builder
	for i, v := range values {
		if v == nil {
			continue
		}
		move := "L"
		if i == 0 || values[i-1] == nil {
			move = "M"
		}
		b.WriteString(move + at(x(i)) + " " + at(y(*v)))
		if move == "M" && (i+1 == len(values) || values[i+1] == nil) {
			b.WriteString("h0.1")
		}
	}
	return b.String()
}

// nice is the smallest of 1, 2, 2.5, 5 × a power of ten that is not less, at least 1.
func nice(f float64) float64 {
	if f <= 1 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(f)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if s := m * power; s >= f && s == math.Trunc(s) {
			return s
		}
	}
	return 10 * power
}
