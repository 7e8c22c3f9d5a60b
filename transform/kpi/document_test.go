package kpi_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"wenguo/transform/kpi"
)

var update = flag.Bool("update", false, "write docs/kpis.md anew")

const page = "../../docs/kpis.md"

var (
	unitWords = map[kpi.Unit]string{
		kpi.UnitRate: "比率 rate, 0–1", kpi.UnitDuration: "时长 duration, s", kpi.UnitCount: "件数 count",
	}
	directionWords = map[kpi.Direction]string{kpi.Higher: "越高越好 higher", kpi.Lower: "越低越好 lower"}
)

// The page is generated, so that it can't say anything else than the product: go test ./transform/kpi -update.
func TestThePageOfKeyFiguresIsTheCatalogue(t *testing.T) {
	want := document()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil { //nolint:gosec // a page of the documents
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == want {
		return
	}
	is, should := strings.Split(string(got), "\n"), strings.Split(want, "\n")
	for i := range max(len(is), len(should)) {
		if i >= len(is) || i >= len(should) || is[i] != should[i] {
			t.Fatalf("docs/kpis.md differs from the catalogue in line %d; go test ./transform/kpi -update writes it anew", i+1)
		}
	}
}

func document() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# 指标口径 Key figures\n")
	p("本页由指标目录（`transform/kpi`）生成，与页面提示、接口、报表和告警同源；改目录后运行 `go test ./transform/kpi -update`。\n")
	p("This page is generated from the catalogue that tooltips, API, reports and alerts read, too.\n")
	p("## 一览 Overview\n")
	p("| 编号 id | 名称 | English | 单位 unit | 目标 target |\n|---|---|---|---|---|")
	for _, e := range kpi.Catalogue {
		p("| [`%s`](#%s) | %s | %s | %s | %s |", e.ID, e.ID, e.Name, e.English, unitWords[e.Unit], e.Aim())
	}
	p("\n## 通用口径 Conventions\n")
	p("| | 口径 | English |\n|---|---|---|")
	for _, c := range kpi.General {
		p("| %s | %s | %s |", c.Name, c.Rule, c.English)
	}
	p("\n## 各项指标 The figures")
	for _, e := range kpi.Catalogue {
		entry(p, e)
	}
	p("\n## 导出的序列 Exported series\n")
	p("告警规则只使用这些序列；带标签的按标签值对应指标。Alert rules use these series only.\n")
	p("| 序列 series | 含义 | English | 对应指标 key figures |\n|---|---|---|---|")
	for _, m := range kpi.Metrics {
		var of []string
		for _, value := range slices.Sorted(maps.Keys(m.Of)) {
			switch id := m.Of[value]; {
			case id == "":
			case value == "":
				of = append(of, "`"+id+"`")
			default:
				of = append(of, fmt.Sprintf("`%s=%q` `%s`", m.Label, value, id))
			}
		}
		p("| `%s` | %s | %s | %s |", m.Name, m.Meaning, m.English, strings.Join(of, "<br>"))
	}
	return b.String()
}

func entry(p func(string, ...any), e kpi.Entry) {
	p("\n<a id=%q></a>\n\n### %s %s\n", e.ID, e.Name, e.English)
	p("| | |\n|---|---|")
	p("| 编号 id | `%s` |", e.ID)
	p("| 公式 | %s |", e.Formula)
	p("| formula | %s |", e.FormulaEnglish)
	p("| 单位 unit | %s |", unitWords[e.Unit])
	p("| 方向 direction | %s |", directionWords[e.Direction])
	p("| 目标 target | %s · %s |", e.Aim(), e.AimEnglish())
	minimum := "无，件数总是可用 · none, a count is always ok"
	if e.MinimumN > 0 {
		minimum = fmt.Sprintf("%d（策略可改） · %d unless the policy says otherwise", e.MinimumN, e.MinimumN)
	}
	p("| 最少样本 minimum n | %s |", minimum)
	for _, f := range e.Beside {
		p("| 旁列 `%s` | %s · %s |", f.Key, f.Name, f.English)
	}
	p("\n| 边界规则 | Edge rule |\n|---|---|")
	for i, edge := range e.Edges {
		p("| %s | %s |", edge, e.EdgesEnglish[i])
	}
}
