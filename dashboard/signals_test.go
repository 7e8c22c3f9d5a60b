package dashboard_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLineSaysWhatItsControlChartSays(t *testing.T) {
	even := func(n int, a, b float64) []float64 {
		var out []float64
		for i := range n {
			out = append(out, []float64{a, b}[i%2])
		}
		return out
	}
	fall := slices.Concat(even(20, .955, .945), even(8, .925, .935))
	rise := slices.Concat(even(20, .945, .955), []float64{.951, .952, .953, .954, .955, .956, .957, .958})
	for sentence, c := range map[string]struct {
		line              []float64
		words, tone, hint string
		marked            bool
	}{
		"eight points below the centre are worse of a rate that should be high": {fall, "连续 8 点低于中心线", "bad", "不是正常波动", true},
		"points that rise one after the other are better":                       {rise, "连续 7 点高于中心线", "good", "不是正常波动", true},
		"one point far below the limits is dated":                               {append(even(20, .95, .955), .8), "11-11 低于控制下限", "bad", "不是正常波动", true},
		"ordinary ups and downs are no signal":                                  {even(26, .94, .96), "", "", "起伏都在正常波动之内", false},
		"a fall and a return are marked but said to be past":                    {slices.Concat(fall, even(6, .956, .957)[:2]), "", "", "处较早的信号已在线上标出", true},
		"five points are too few to tell":                                       {even(5, .5, .99), "", "", "样本足够的点有 5 个，满 12 个才判断是否异常", false},
	} {
		t.Run(sentence, func(t *testing.T) {
			body := get(t, open(t, &sample{line: c.line}), "/?from=2026-10-22&to=2026-11-22").Body.String()
			article := regexp.MustCompile(`(?s)<article class="card kpi"[^>]* id="kpi-response_on_time">.*?</article>`).FindString(body)
			said := regexp.MustCompile(`<p class="signal" data-tone="([a-z]+)" title="[^"]*">([^<]+)</p>`).FindStringSubmatch(article)
			if c.words == "" && said != nil || c.words != "" && (said == nil || said[1] != c.tone || !strings.Contains(said[2], c.words)) {
				t.Errorf("the card says %v", said)
			}
			if !strings.Contains(article, c.hint) {
				t.Errorf("the explanation lacks %q: %s", c.hint, regexp.MustCompile(`<i>走势</i><i>[^<]*</i>`).FindString(article))
			}
			if strings.Contains(article, "spark-signal") != c.marked {
				t.Errorf("points are marked: %v", !c.marked)
			}
		})
	}
}

func TestLowerIsBetterTurnsTheSignalRound(t *testing.T) {
	line := []float64{}
	for i := range 28 {
		v := 100000.0 + 900*float64(i%3)
		if i >= 20 {
			v -= 9000
		}
		line = append(line, v)
	}
	s := &sample{line: line, noRepeat: true}
	body := get(t, open(t, s), "/?from=2026-10-22&to=2026-11-22").Body.String()
	article := regexp.MustCompile(`(?s)<article class="card kpi"[^>]* id="kpi-handling_time">.*?</article>`).FindString(body)
	if !strings.Contains(article, `class="signal" data-tone="good"`) {
		t.Errorf("shorter handling is not better: %s", article)
	}
}
