package catalogue

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wenguo/transform/kpi"
)

// command is the built program on a store that is running already.
func command(t *testing.T, dsn string) func(args ...string) string {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "wenguo")
	if out, err := exec.Command("go", "build", "-o", program, "wenguo/cmd/wenguo").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return func(args ...string) string {
		t.Helper()
		args = append([]string{"kpi", "--data", dir, "--clickhouse", dsn, "--as-of", "2026-05-01"}, args...)
		out, err := exec.Command(program, args...).Output()
		if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // of a command it is that or nothing
			t.Fatalf("%v: %s", args, exit.Stderr)
		} else if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
}

type printed struct {
	KPIs map[string]kpi.Compared         `json:"kpis"`
	By   map[string]map[string]kpi.Value `json:"by"`
}

func TestTheCommandComparesAndTellsApart(t *testing.T) {
	store, dsn := filled(t)
	run := command(t, dsn)
	ask := func(args ...string) (p printed, raw string) {
		t.Helper()
		raw = run(append(args, "--json")...)
		if err := json.Unmarshal([]byte(raw), &p); err != nil {
			t.Fatal(err)
		}
		return p, raw
	}
	asked := []string{"--from", "2026-03-15", "--to", "2026-04-05"}
	q := kpi.Query{From: begin.AddDate(0, 0, 14), To: begin.AddDate(0, 1, 4), AsOf: begin.AddDate(0, 2, 0)}

	plain, raw := ask(asked...)
	if strings.Contains(raw, `"compare"`) || strings.Contains(raw, `"by"`) || len(plain.KPIs) != len(kpi.Catalogue) {
		t.Errorf("not asked for, and there: %s", raw)
	}
	got, _ := ask(append(asked, "--compare", "--by", "department", "--slice", "channel=phone", "--slice", "channel=web")...)
	q.Slice = kpi.Slice{kpi.Channel: {"phone", "web"}}
	for reference, of := range map[kpi.Reference]func(kpi.Comparison) *kpi.Against{
		kpi.Previous: func(c kpi.Comparison) *kpi.Against { return c.Previous },
		kpi.LastYear: func(c kpi.Comparison) *kpi.Against { return c.LastYear },
	} {
		period := q.Period().References(kpi.Period{}, zone)[reference]
		want, err := store.KPIs(t.Context(), q.In(period))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range kpi.Catalogue {
			a := of(got.KPIs[e.ID].Compare)
			if a == nil || !a.From.Equal(period.From) || !a.To.Equal(period.To) || a.N != want.KPIs[e.ID].N || a.State != want.KPIs[e.ID].State {
				t.Errorf("%s %s is %+v, want %+v of %s", reference, e.ID, a, want.KPIs[e.ID], period)
			}
		}
	}
	if c := got.KPIs["escalation"].Compare; c.Baseline != nil || c.Target == nil || *c.Target != .02 || c.Previous.Change == nil {
		t.Errorf("escalation compares with %+v", c)
	}
	var sum, whole int64
	for _, values := range got.By {
		sum += values["escalation"].Denominator
	}
	if whole = got.KPIs["escalation"].Denominator; sum != whole || whole == 0 || len(got.By) < 3 {
		t.Errorf("departments add up to %d of %d: %v", sum, whole, got.By)
	}

	table := run(append(asked, "--compare", "--by", "department", "escalation")...)
	for _, part := range []string{"previous", "last year", "baseline", "≤ 2%", "pp, ", "\n物流部\n", "升级率"} {
		if !strings.Contains(table, part) {
			t.Errorf("the table lacks %q:\n%s", part, table)
		}
	}
}
