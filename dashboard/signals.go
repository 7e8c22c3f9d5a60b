package dashboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

// signalNote is what a control chart says about the line of a card.
type signalNote struct {
	// Words name the signal that the latest points make; empty without one. Tone is good or bad.
	Words, Tone string
	// Quiet is said where there is no signal.
	Quiet string
	// Hint explains it, or says why nothing is judged.
	Hint string
}

// withSignals draws a series as a line whose signalling points are marked, and says what the latest of them mean.
func withSignals(d definition, line spark, s kpi.Series, until time.Time) (spark, signalNote) {
	chart := improve.Of(d.Entry, s, until)
	for _, signal := range chart.Signals {
		line.mark(signal.Points, (signal.Side == improve.High) == d.LowerBetter)
	}
	note := signalNote{Quiet: "没有异常信号", Hint: "控制图没有信号：起伏都在正常波动之内"}
	switch chart.Variation(d.Direction) {
	case improve.Unknown:
		judged := 0
		if n := len(chart.Phases); n > 0 {
			judged = chart.Phases[n-1].Judged
		}
		note.Quiet = "点还太少，不判断异常"
		note.Hint = fmt.Sprintf("样本足够的点有 %d 个，满 %d 个才判断是否异常", judged, improve.Enough)
		return line, note
	case improve.Common:
		if n := len(chart.Signals); n > 0 {
			note.Hint = "控制图近期没有信号；" + strconv.Itoa(n) + " 处较早的信号已在线上标出"
		}
		return line, note
	case improve.Improving:
		note.Tone = "good"
	case improve.Concerning:
		note.Tone = "bad"
	}
	latest, last := chart.Signals, -1
	for i, p := range chart.Points {
		if p.Judged {
			last = i
		}
	}
	latest = slices.DeleteFunc(slices.Clone(latest), func(s improve.Signal) bool {
		better := (s.Side == improve.High) != d.LowerBetter
		return s.Points[len(s.Points)-1] != last || better != (note.Tone == "good")
	})
	var words []string
	for _, s := range latest {
		word := signalWords(s)
		if s.Rule == improve.Beyond { // the latest judged point need not be the latest one
			word = day(chart.Points[last].At, until) + " " + word
		}
		words = append(words, word)
	}
	if len(words) > 0 {
		note.Words, note.Hint = words[0], "控制图："+strings.Join(words, "；")+"，不是正常波动"
	}
	return line, note
}

// signalWords says a signal as a person would.
func signalWords(s improve.Signal) string {
	n := strconv.Itoa(len(s.Points))
	high := s.Side == improve.High
	switch s.Rule {
	case improve.Beyond:
		return map[bool]string{true: "高于控制上限", false: "低于控制下限"}[high]
	case improve.Shift:
		return "连续 " + n + map[bool]string{true: " 点高于中心线", false: " 点低于中心线"}[high]
	case improve.Trend:
		return "连续 " + n + map[bool]string{true: " 点上升", false: " 点下降"}[high]
	case improve.NearLimit:
		return map[bool]string{true: "三点中有两点接近控制上限", false: "三点中有两点接近控制下限"}[high]
	}
	return string(s.Rule)
}
