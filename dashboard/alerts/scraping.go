package alerts

import "github.com/prometheus/common/model"

// prometheusFile and what follows are Prometheus' own format.
type prometheusFile struct {
	Global  scrapeTimes `yaml:"global"`
	Rules   []string    `yaml:"rule_files,flow"`
	Alerts  alerting    `yaml:"alerting"`
	Scrapes []scrape    `yaml:"scrape_configs"`
}

type scrapeTimes struct {
	Scrape   string `yaml:"scrape_interval"`
	Evaluate string `yaml:"evaluation_interval"`
}

type alerting struct {
	Managers []targets `yaml:"alertmanagers"`
}

type targets struct {
	Static []static `yaml:"static_configs"`
}

type static struct {
	Targets []string `yaml:"targets,flow"`
}

type scrape struct {
	Name     string    `yaml:"job_name"`
	Interval string    `yaml:"scrape_interval,omitempty"`
	Static   []static  `yaml:"static_configs"`
	Relabel  []relabel `yaml:"metric_relabel_configs"`
}

type relabel struct {
	Sources []string `yaml:"source_labels,flow"`
	Match   string   `yaml:"regex"`
	Action  string   `yaml:"action"`
}

// scraping asks twice: series of an outage rule every five seconds, everything else every fifteen, none of them twice.
func scraping(o Options) prometheusFile {
	site := []static{{[]string{o.Site}}}
	return prometheusFile{
		Global: scrapeTimes{o.every(shippedEvery), o.every(shippedEvery)}, Rules: []string{RulesFile},
		Alerts: alerting{[]targets{{[]static{{[]string{o.Alertmanager}}}}}},
		Scrapes: []scrape{
			{Name: "wenguo", Static: site, Relabel: []relabel{{[]string{"rule"}, "outage", "drop"}}},
			{Name: "wenguo-outage", Interval: model.Duration(min(o.Every, outageEvery)).String(), Static: site, Relabel: []relabel{{[]string{"rule"}, "outage", "keep"}}},
		},
	}
}
