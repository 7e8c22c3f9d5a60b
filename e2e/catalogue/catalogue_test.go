package catalogue

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"

	"wenguo/dashboard"
	"wenguo/dashboard/metrics"
	"wenguo/transform/kpi"
	"wenguo/warehouse"
)

func TestCatalogueAndStoreAgree(t *testing.T) {
	store, _ := filled(t)
	q := kpi.Query{From: begin, To: begin.AddDate(0, 2, 0), AsOf: now}
	t.Run("the store answers every figure", func(t *testing.T) { answered(t, store, q) })
	t.Run("the pages show every figure and no other", func(t *testing.T) { shown(t, store, q) })
	t.Run("the exported series are those of the catalogue", func(t *testing.T) { exported(t, store) })
}

func answered(t *testing.T, store *warehouse.Store, q kpi.Query) {
	all, err := store.KPIs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range kpi.Catalogue {
		v, ok := all.KPIs[e.ID]
		switch {
		case !ok:
			t.Errorf("the store does not answer %s", e.ID)
			continue
		case v.N == 0 && e.ID != "rectification": // nobody decides anything here
			t.Errorf("%s counts nothing: the query does not find what the catalogue means", e.ID)
		case v.N > 0 && (v.Interval != nil) != (e.Unit == kpi.UnitRate):
			t.Errorf("%s is a %s with the interval %v", e.ID, e.Unit, v.Interval)
		}
		one, err := store.KPIs(t.Context(), q, e.ID)
		if err != nil || len(one.KPIs) != 1 || one.KPIs[e.ID].N != v.N {
			t.Errorf("%s alone: %v, %v", e.ID, one.KPIs, err)
		}
	}
	for id := range all.KPIs {
		if _, ok := kpi.Lookup(id); !ok {
			t.Errorf("the store answers %s, which is not in the catalogue", id)
		}
	}
}

func get(t *testing.T, h http.Handler, address string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+address, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

func shown(t *testing.T, store *warehouse.Store, q kpi.Query) {
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{
		Reader: store, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	period := "?from=" + q.From.Format(time.DateOnly) + "&to=" + q.To.Format(time.DateOnly)
	var api struct {
		KPIs map[string]json.RawMessage `json:"kpis"`
	}
	if err := json.Unmarshal([]byte(get(t, server.Handler(), "/api/v1/kpis"+period)), &api); err != nil {
		t.Fatal(err)
	}
	page := html.UnescapeString(get(t, server.Handler(), "/kpis"+period))
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`id="kpi-([a-z_]+)"`).FindAllStringSubmatch(page, -1) {
		ids[m[1]] = true
		if _, ok := kpi.Lookup(m[1]); !ok {
			t.Errorf("the page shows %s, which is not in the catalogue", m[1])
		}
	}
	for _, e := range kpi.Catalogue {
		if _, ok := api.KPIs[e.ID]; !ok {
			t.Errorf("the API does not answer %s", e.ID)
		}
		if !ids[e.ID] || !strings.Contains(page, e.Name) || !strings.Contains(page, e.Formula) {
			t.Errorf("the page does not show %s with its name and formula", e.ID)
		}
		for _, edge := range e.Edges {
			if !strings.Contains(page, edge) {
				t.Errorf("the page of %s lacks the rule %q", e.ID, edge)
			}
		}
	}
}

// Constants of the pages whose name begins with kpi are ids of figures.
func TestTheFiguresThatPagesNameExist(t *testing.T) {
	files, err := filepath.Glob("../../dashboard/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) == 0 {
				return true
			}
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || !strings.HasPrefix(spec.Names[0].Name, "kpi") || literal.Kind != token.STRING {
				return true
			}
			found++
			id, _ := strconv.Unquote(literal.Value)
			if _, known := kpi.Lookup(id); !known {
				t.Errorf("%s calls a figure %q, which is not in the catalogue", filepath.Base(file), id)
			}
			return true
		})
	}
	if found < 5 {
		t.Errorf("only %d constants of the pages name a figure", found)
	}
}

func exported(t *testing.T, store *warehouse.Store) {
	exporter := metrics.New(metrics.Config{}, store, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(exporter)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- exporter.Run(ctx) }()
	names, stages := map[string]bool{}, map[string]bool{}
	for until := time.Now().Add(time.Minute); len(names) < 2 && time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			names[f.GetName()] = true
			m, ok := kpi.LookupMetric(f.GetName())
			for _, one := range f.GetMetric() {
				for _, l := range one.GetLabel() {
					if l.GetName() == m.Label && m.Label != "" {
						stages[l.GetValue()] = true
						if _, known := m.Of[l.GetValue()]; ok && !known {
							t.Errorf("%s is exported with %s=%q, of which the catalogue knows nothing", m.Name, m.Label, l.GetValue())
						}
					}
				}
			}
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	descriptions := make(chan *prometheus.Desc, 100)
	exporter.Describe(descriptions)
	close(descriptions)
	described := map[string]bool{}
	for d := range descriptions {
		name := regexp.MustCompile(`fqName: "([^"]+)"`).FindStringSubmatch(d.String())[1]
		described[name] = true
		if _, ok := kpi.LookupMetric(name); !ok {
			t.Errorf("%s is exported and not documented", name)
		}
	}
	for _, m := range kpi.Metrics {
		if !described[m.Name] {
			t.Errorf("%s is documented and not exported", m.Name)
		}
	}
	for _, e := range kpi.Catalogue {
		if e.Query == "on_time" && e.Stage != "assist" && !stages[e.Stage] {
			t.Errorf("no series of the stage %s is exported, so that %s can't be watched", e.Stage, e.ID)
		}
	}
}

type ruleFile struct {
	Groups []struct {
		Rules []struct {
			Alert       string            `yaml:"alert"`
			Record      string            `yaml:"record"`
			Expr        string            `yaml:"expr"`
			Labels      map[string]string `yaml:"labels"`
			Annotations map[string]string `yaml:"annotations"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

// Every series of a rule is documented, and where it selects by the label that names a figure the value names one.
func TestAlertRulesSpeakOfTheCatalogue(t *testing.T) {
	files, err := filepath.Glob("../../deploy/prometheus/*.rules.yml")
	if err != nil || len(files) == 0 {
		t.Fatal("no rules", err)
	}
	series := regexp.MustCompile(`\b((?:complaint|wenguo)_[a-z_]+)\b(?:\{([^}]*)\})?`)
	selector := regexp.MustCompile(`([a-z_]+)\s*(?:=~|=)\s*"([^"]*)"`)
	page := regexp.MustCompile(`[?&]id=([a-z_]+)|#kpi-([a-z_]+)`)
	used := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rules ruleFile
		if err := yaml.Unmarshal(raw, &rules); err != nil {
			t.Fatal(err)
		}
		for _, g := range rules.Groups {
			for _, r := range g.Rules {
				name := r.Alert + r.Record
				text := r.Expr + "\n" + strings.Join(slices.Collect(maps.Values(r.Annotations)), "\n")
				for _, m := range series.FindAllStringSubmatch(text, -1) {
					if strings.HasPrefix(m[1], "wenguo_ingest_") { // the consumer's own, which count messages and no complaints
						continue
					}
					used++
					metric, ok := kpi.LookupMetric(m[1])
					if !ok {
						t.Errorf("%s uses %s, which the catalogue does not document", name, m[1])
						continue
					}
					for _, s := range selector.FindAllStringSubmatch(m[2], -1) {
						for value := range strings.SplitSeq(s[2], "|") {
							if _, known := metric.Of[value]; s[1] == metric.Label && !known {
								t.Errorf("%s selects %s of %s, of which the catalogue knows nothing", name, s[0], m[1])
							}
						}
					}
				}
				ids := []string{r.Labels["kpi"]}
				for _, m := range page.FindAllStringSubmatch(text, -1) {
					ids = append(ids, m[1]+m[2])
				}
				for _, id := range ids {
					if _, known := kpi.Lookup(id); id != "" && !known {
						t.Errorf("%s names the figure %q, which is not in the catalogue", name, id)
					}
				}
			}
		}
	}
	if used < 5 {
		t.Errorf("the rules use %d series", used)
	}
}

func TestDocumentsSpeakOfTheCatalogue(t *testing.T) {
	read := func(name string) string {
		raw, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	page, glossary := read("kpis.md"), strings.Split(read("glossary.md"), "\n")
	for _, m := range regexp.MustCompile(`<a id="([a-z_]+)">`).FindAllStringSubmatch(page, -1) {
		if _, ok := kpi.Lookup(m[1]); !ok {
			t.Errorf("kpis.md describes %s, which is not in the catalogue", m[1])
		}
	}
	for _, e := range kpi.Catalogue {
		wanted := slices.Concat([]string{"### " + e.Name + " " + e.English, "| `" + e.ID + "` |", e.Formula, e.FormulaEnglish, e.Aim()}, e.Edges, e.EdgesEnglish)
		for _, part := range wanted {
			if !strings.Contains(page, part) {
				t.Errorf("kpis.md lacks of %s: %s", e.ID, part)
			}
		}
		if !slices.ContainsFunc(glossary, func(line string) bool {
			return strings.Contains(line, "`"+e.ID+"`") && strings.Contains(line, e.Name)
		}) {
			t.Errorf("glossary.md does not call %s %s", e.ID, e.Name)
		}
	}
	for _, m := range kpi.Metrics {
		if !strings.Contains(page, "| `"+m.Name+"` |") {
			t.Errorf("kpis.md lacks the series %s", m.Name)
		}
	}
}
