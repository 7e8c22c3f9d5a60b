package alerts

import (
	"fmt"

	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// document is an OpenSLO v1 object.
type document struct {
	Version  string `yaml:"apiVersion"`
	Kind     string `yaml:"kind"`
	Metadata named  `yaml:"metadata"`
	Spec     any    `yaml:"spec"`
}

type named struct {
	Name    string `yaml:"name"`
	Display string `yaml:"displayName,omitempty"`
}

type serviceSpec struct {
	Description string `yaml:"description"`
}

type sourceSpec struct {
	Type       string            `yaml:"type"`
	Connection map[string]string `yaml:"connectionDetails"`
}

type sloSpec struct {
	Description string      `yaml:"description"`
	Service     string      `yaml:"service"`
	Indicator   indicator   `yaml:"indicator"`
	Window      []window    `yaml:"timeWindow"`
	Method      string      `yaml:"budgetingMethod"`
	Objectives  []objective `yaml:"objectives"`
}

type indicator struct {
	Metadata named         `yaml:"metadata"`
	Spec     indicatorSpec `yaml:"spec"`
}

type indicatorSpec struct {
	Ratio ratio `yaml:"ratioMetric"`
}

type ratio struct {
	Counter bool   `yaml:"counter"`
	Bad     metric `yaml:"bad"`
	Total   metric `yaml:"total"`
}

type metric struct {
	Source metricSource `yaml:"metricSource"`
}

type metricSource struct {
	Ref  string            `yaml:"metricSourceRef"`
	Type string            `yaml:"type"`
	Spec map[string]string `yaml:"spec"`
}

type window struct {
	Duration string `yaml:"duration"`
	Rolling  bool   `yaml:"isRolling"`
}

type objective struct {
	Display string  `yaml:"displayName"`
	Target  float64 `yaml:"target"`
}

const openSLOVersion = "openslo/v1"

// openSLO says the promises themselves: of each stage's clocks whose deadline lay in the last 28 days, how many were to
// be met.
func openSLO(p *sla.Policy) []any {
	list := []any{
		document{openSLOVersion, "Service", named{Name: "complaint-handling", Display: "投诉处理"}, serviceSpec{"投诉从登记到回访的各环节时限"}},
		document{openSLOVersion, "DataSource", named{Name: "prometheus"}, sourceSpec{"Prometheus", map[string]string{"url": "http://127.0.0.1:9090"}}},
	}
	for _, n := range stageNames {
		budget, known := kpi.Budget(n[0])
		if !known || len(p.Targets(sla.Stage(n[0]))) == 0 {
			continue
		}
		query := func(more string) metric {
			expr := fmt.Sprintf(`sum(%s)`, one(fmt.Sprintf(`complaint_sla_window_timers{stage=%q, window="28d"%s}`, n[0], more)))
			return metric{metricSource{"prometheus", "Prometheus", map[string]string{"query": expr}}}
		}
		name := n[0] + "-on-time"
		list = append(list, document{openSLOVersion, "SLO", named{Name: name, Display: n[1] + "按时率"}, sloSpec{
			Description: "期限到达时已完成的「" + n[1] + "」时钟所占的比例",
			Service:     "complaint-handling",
			Indicator: indicator{named{Name: name + "-ratio"}, indicatorSpec{ratio{
				Bad: query(`, outcome="breached"`), Total: query(""),
			}}},
			Window: []window{{"28d", true}}, Method: "Occurrences",
			Objectives: []objective{{"按时", 1 - budget}},
		}})
	}
	return list
}
