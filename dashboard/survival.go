package dashboard

import (
	"math"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// survivalChart is the share of complaints without a human reply over the time since registration.
type survivalChart struct {
	N, Replied, Waiting          string
	NURL, RepliedURL, WaitingURL string
	// Words are the quantiles in words; a quantile that so few were answered never reaches is "未达到".
	Words []fact
	Rows  []waitRow
	Table []waitLine
	Names []string
	// Graph is what the chart is drawn from.
	Graph survivalGraph
	Delta delta
}

// waitRow is one priority against its target.
type waitRow struct {
	Name, N, URL, Target, Median, P90 string
	// Left is the share still waiting when the target runs out; Tone colours it where n is enough.
	Left, Tone, Hint string
	Weak             bool
}

// waitLine is one time of the table, with the share still waiting on each curve.
type waitLine struct {
	Label  string
	Shares []string
}

// survivalGraph holds steps as pairs of seconds and percent.
type survivalGraph struct {
	Rows    []survivalLine `json:"rows"`
	Targets []targetMark   `json:"targets"`
	Ticks   []timeTick     `json:"ticks"`
	Max     float64        `json:"max"`
	Min     float64        `json:"min"`
}

type survivalLine struct {
	Name  string       `json:"name"`
	Steps [][2]float64 `json:"steps"`
}

type targetMark struct {
	Label string  `json:"label"`
	At    float64 `json:"at"`
}

type timeTick struct {
	At    float64 `json:"at"`
	Label string  `json:"label"`
}

// ladder are the times of the table and the ticks of the chart.
var ladder = []time.Duration{ //nolint:gochecknoglobals // a constant list
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
	24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour,
}

// firstTick is where the chart begins: what was answered sooner is drawn there.
const firstTick = 30 * time.Second

// kept is the change of a curve, in percent, below which a step is not drawn.
const kept = 0.2

func newSurvivalChart(v view, w kpi.Waits, first kpi.Value, b *before) survivalChart {
	d := define(kpiFirstResponse)
	c := survivalChart{N: grouped(w.All.N), Replied: grouped(w.All.Replied), Waiting: grouped(w.All.Waiting)}
	c.NURL = behind(v, kpiFirstResponse, transform.PartDenominator)
	c.RepliedURL, c.WaitingURL = behind(v, kpiFirstResponse, transform.PartNumerator), behind(v, kpiFirstResponse, transform.PartPending)
	for _, q := range []struct {
		name    string
		percent int
		value   *float64
	}{{"一半", 50, first.P50}, {"九成", 90, first.P90}, {"九成半", 95, first.P95}} {
		c.Words = append(c.Words, fact{q.name + "在此之内得到答复", quantileText(q.value, first.N)})
	}
	for _, x := range b.deltas(d, first) {
		if !x.None && c.Delta.Text == "" {
			c.Delta = x
		}
	}
	longest := longestShown(w)
	c.Graph = survivalGraph{Min: firstTick.Seconds(), Max: longest.Seconds(), Rows: []survivalLine{newSurvivalLine("全部", w.All, longest)}}
	c.Names = []string{"全部"}
	curves := []kpi.WaitingCurve{w.All}
	for _, p := range w.ByPriority {
		c.Rows = append(c.Rows, newWaitRow(v, p, d.MinimumN))
		if p.N >= d.MinimumN && len(w.ByPriority) > 1 {
			c.Names, curves = append(c.Names, priorityNames[p.Priority]), append(curves, p)
			c.Graph.Rows = append(c.Graph.Rows, newSurvivalLine(priorityNames[p.Priority], p, longest))
		}
	}
	c.Graph.Targets = targetMarks(w.ByPriority)
	for _, t := range ladder {
		if t > longest {
			break
		}
		c.Graph.Ticks = append(c.Graph.Ticks, timeTick{t.Seconds(), promiseText(t)})
		line := waitLine{Label: promiseText(t)}
		for _, curve := range curves {
			line.Shares = append(line.Shares, percent(curve.At(t))+"%")
		}
		c.Table = append(c.Table, line)
	}
	return c
}

func quantileText(v *float64, n int64) string {
	switch {
	case n == 0:
		return dash
	case v == nil:
		return "未达到"
	}
	return spanText(*v)
}

// longestShown is the end of the time axis: the last reply or twice the longest target, whichever is later, but no more
// than the longest time of the ladder.
func longestShown(w kpi.Waits) time.Duration {
	longest := time.Hour
	for _, p := range w.ByPriority {
		longest = max(longest, 2*p.Target)
	}
	if n := len(w.All.Steps); n > 0 {
		longest = max(longest, time.Duration(w.All.Steps[n-1].Time)*time.Millisecond)
	}
	return min(longest, ladder[len(ladder)-1])
}

// newSurvivalLine keeps the steps that can be seen.
func newSurvivalLine(name string, c kpi.WaitingCurve, longest time.Duration) survivalLine {
	line := survivalLine{Name: name, Steps: [][2]float64{{firstTick.Seconds(), 100}}}
	for i, s := range c.Steps {
		at, share := float64(s.Time)/1000, s.Share*100
		if at > longest.Seconds() {
			break
		}
		last := &line.Steps[len(line.Steps)-1]
		if at <= last[0] {
			last[1] = share
		} else if last[1]-share >= kept || i == len(c.Steps)-1 {
			line.Steps = append(line.Steps, [2]float64{at, share})
		}
	}
	for i := range line.Steps {
		line.Steps[i][1] = math.Round(line.Steps[i][1]*100) / 100
	}
	return line
}

func newWaitRow(v view, c kpi.WaitingCurve, minimum int64) waitRow {
	left := c.At(c.Target)
	row := waitRow{
		Name: priorityNames[c.Priority], N: grouped(c.N), Target: promiseText(c.Target), Left: percent(left) + "%", Weak: c.N < minimum,
	}
	if c.N > 0 {
		row.URL = withValue(v, kpi.Priority, c.Priority, kpiFirstResponse)
	}
	reached := func(percent int) string {
		if t, ok := kpi.Reached(c.Steps, percent); ok {
			return spanText(float64(t) / 1000)
		}
		return "未达到"
	}
	row.Median, row.P90 = reached(50), reached(90)
	allowed, known := kpi.Budget("acknowledge")
	switch {
	case row.Weak:
		row.Hint = "样本少于 " + grouped(minimum) + "，不作判断"
	case known && left > allowed:
		row.Tone, row.Hint = "bad", "目标容许 "+percent(allowed)+"%"
	case known:
		row.Tone, row.Hint = "good", "目标容许 "+percent(allowed)+"%"
	}
	return row
}

// targetMarks are the distinct targets with the priorities that they are promised to.
func targetMarks(curves []kpi.WaitingCurve) []targetMark {
	var marks []targetMark
	at := map[time.Duration]int{}
	for _, c := range curves {
		i, known := at[c.Target]
		if !known {
			at[c.Target] = len(marks)
			marks = append(marks, targetMark{Label: priorityNames[c.Priority], At: c.Target.Seconds()})
			continue
		}
		marks[i].Label += "、" + priorityNames[c.Priority]
	}
	for i := range marks {
		marks[i].Label += "目标 " + promiseText(time.Duration(marks[i].At)*time.Second)
	}
	return marks
}
