// Package papers makes every paper from the real store: its totals are those of the key figures, its bytes are the same each
// time, and what strangers wrote does nothing in it.
package papers

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"wenguo/dashboard"
	"wenguo/dashboard/report"
	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
	"wenguo/transform/sla"
	"wenguo/transform/text"
	"wenguo/warehouse"
	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

// hostile is what a stranger may write; a spreadsheet or a browser must not obey it.
const hostile = "=HYPERLINK(\"http://x\")\u202E<script>alert(1)</script>"

// desk is a store with a month of complaints.
type desk struct {
	*warehouse.Store

	rules transform.Rules
	zone  *time.Location
	next  int64
}

func open(t *testing.T) *desk {
	t.Helper()
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{zone: policy.Zone, rules: transform.Rules{
		Revision: 1, Mask: text.Mask, CustomerKey: func(s string) string { return s }, History: []transform.Applied{{Revision: 1, Policy: policy}},
	}}
	if d.Store, err = warehouse.Open(t.Context(), engines.DSN(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	d.UseRules(d.rules)
	var events []ingest.Stored
	for _, of := range histories.New(5, time.Date(2026, 3, 1, 0, 0, 0, 0, d.zone).UTC(), 28).Complaints(160) {
		events = append(events, of...)
	}
	slices.SortFunc(events, func(a, b ingest.Stored) int { return int(a.Offset - b.Offset) })
	for i := range events {
		if r, ok := events[i].Data.(*ingest.Registered); ok && i%20 == 0 {
			r.Title, r.Content = hostile, hostile
		}
	}
	d.add(t, events)
	return d
}

// add stores events and folds them.
func (d *desk) add(t *testing.T, events []ingest.Stored) {
	t.Helper()
	block := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion, Start: d.next, End: d.next}
	for _, e := range events {
		raw, err := ingest.Encode(e.Event)
		if err != nil {
			t.Fatal(err)
		}
		block.Add(ingest.Record{Offset: block.End, BusTime: e.BusTime, Backfill: e.Backfill, Value: raw})
		block.End++
	}
	d.next = block.End
	if err := d.InsertBlock(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	if _, err := warehouse.NewFolder(d.Store, d.rules, time.Second, slog.New(slog.DiscardHandler)).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) order(t *testing.T, paper string) report.Order {
	t.Helper()
	p, err := report.ParsePeriod("2026-03", d.zone)
	if err != nil {
		t.Fatal(err)
	}
	return report.Order{Paper: paper, Period: p}
}

// write makes a paper as a file.
func (d *desk) write(t *testing.T, paper string, f report.Format) []byte {
	t.Helper()
	maker := dashboard.PaperMaker(d.Store, d.zone)
	o, err := maker.Settle(t.Context(), d.order(t, paper))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := maker.Make(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	w, err := report.NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := w.Write(t.Context(), &out, doc, f, report.FindBrowser()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPapersSayWhatTheFiguresSayAndAreTheSameEachTime(t *testing.T) {
	d := open(t)
	for _, p := range report.Papers {
		for _, f := range map[string][]report.Format{ // each paper, and each format by a paper that is soon made
			"statistics": {report.XLSX}, "bulletin": {report.HTML}, "pack": {report.HTML}, "record": {report.CSV, report.XLSX},
			"departments": {report.PDF, report.XLSX}, "agents": {report.CSV}, "capa": {report.HTML},
		}[p.Name] {
			first := d.write(t, p.Name, f)
			if again := d.write(t, p.Name, f); !bytes.Equal(first, again) {
				t.Errorf("%s as %s differs from itself", p.Name, f)
			}
			said := string(first)
			if f == report.HTML && strings.Contains(said, "<script>alert") || f == report.CSV && (strings.Contains(said, ",=HYP") || strings.Contains(said, ",\"=HYP")) || f != report.PDF && strings.Contains(said, "\u202E") {
				t.Errorf("%s as %s lets through what a stranger wrote", p.Name, f)
			}
		}
	}
	maker := dashboard.PaperMaker(d.Store, d.zone)
	o, err := maker.Settle(t.Context(), d.order(t, "statistics"))
	if err != nil {
		t.Fatal(err)
	}
	q := kpi.Query{From: o.Period.From, To: o.Period.To, AsOf: o.AsOf}
	figures, err := d.KPIs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	strip, err := d.Strip(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	d.figuresAgree(t, figures, strip)
	d.rowsAgree(t, strip)
}

// figuresAgree holds the table of figures against the key figures themselves.
func (d *desk) figuresAgree(t *testing.T, figures kpi.Result, strip kpi.Strip) {
	t.Helper()
	rows := sheetOf(t, d.write(t, "statistics", report.XLSX), "指标")
	seen := 0
	for _, e := range kpi.Catalogue {
		v := figures.KPIs[e.ID]
		i := slices.IndexFunc(rows, func(r []string) bool { return r[0] == e.Name })
		if i < 0 {
			t.Errorf("the statistics lack %s", e.Name)
			continue
		}
		want := ""
		if v.Value != nil {
			scale := map[kpi.Unit]float64{kpi.UnitRate: 100, kpi.UnitDuration: 1. / 3600, kpi.UnitCount: 1}[e.Unit]
			want = strconv.FormatFloat(*v.Value*scale, 'f', -1, 64)
			seen++
		}
		if !near(rows[i][1], want) || rows[i][3] != strconv.FormatInt(v.N, 10) {
			t.Errorf("%s: the paper says %s with n=%s, the figure %s with n=%d", e.Name, rows[i][1], rows[i][3], want, v.N)
		}
	}
	if seen < 15 {
		t.Fatalf("%d figures with a value prove little", seen)
	}
	page := string(d.write(t, "bulletin", report.HTML))
	for name, n := range map[string]int64{"登记": strip.Registered, "办结": strip.Resolved, "期末": strip.Closing} {
		if !strings.Contains(page, fmt.Sprintf("<dt>%s</dt><dd>%d</dd>", name, n)) {
			t.Errorf("the bulletin does not say %s %d", name, n)
		}
	}
}

// rowsAgree adds up the tables of departments, agents and complaints.
func (d *desk) rowsAgree(t *testing.T, strip kpi.Strip) {
	t.Helper()
	for paper, name := range map[string]string{"departments": "部门处理情况表", "agents": "经办人处理情况表"} {
		rows := sheetOf(t, d.write(t, paper, report.XLSX), name)
		total := rows[len(rows)-3]
		if i := slices.IndexFunc(rows, func(r []string) bool { return r[0] == "合计" }); i >= 0 {
			total = rows[i]
		}
		sums := make([]int64, 4)
		for _, r := range rows {
			if len(r) < 4 || r[0] == "合计" {
				continue
			}
			for c := 1; c < 4; c++ {
				n, _ := strconv.ParseInt(r[c], 10, 64)
				sums[c] += n
			}
		}
		for c, want := range map[int]int64{1: strip.Registered, 2: strip.Resolved, 3: strip.Closing} {
			if total[c] != strconv.FormatInt(want, 10) || sums[c] != want {
				t.Errorf("%s: column %d adds up to %d under a total of %s, the strip says %d", paper, c, sums[c], total[c], want)
			}
		}
	}
	if lines := strings.Count(string(d.write(t, "record", report.CSV)), "\r\n"); int64(lines) != strip.Registered+1 {
		t.Errorf("the record has %d lines for %d complaints", lines, strip.Registered)
	}
}

func near(got, want string) bool {
	a, err := strconv.ParseFloat(got, 64)
	b, wrong := strconv.ParseFloat(want, 64)
	return got == want || err == nil && wrong == nil && a-b < 1e-9*max(1, b) && b-a < 1e-9*max(1, b)
}

// sheetOf are the rows of a sheet below its header, as they are stored.
func sheetOf(t *testing.T, file []byte, name string) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatalf("%v; there are %v", err, book.GetSheetList())
	}
	for i, r := range rows {
		if len(r) > 2 {
			return rows[i+1:]
		}
	}
	t.Fatalf("%s has no table", name)
	return nil
}

func TestAPublishedFigureIsRestatedWithTheComplaintThatMovedIt(t *testing.T) {
	d := open(t)
	o, err := dashboard.PaperMaker(d.Store, d.zone).Settle(t.Context(), d.order(t, "statistics"))
	if err != nil {
		t.Fatal(err)
	}
	q := kpi.Query{From: o.Period.From, To: o.Period.To, AsOf: o.AsOf}
	p := restate.Publication{From: "2026-03-01", To: "2026-04-01", AsOf: o.AsOf}
	if p.Offsets, p.Revision, err = d.Known(t.Context()); err != nil {
		t.Fatal(err)
	}
	figures, err := d.KPIs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	p.Figures.KPIs = figures.KPIs
	if changes, whole, err := d.Arrived(t.Context(), p); err != nil || len(changes) > 0 || !whole {
		t.Fatalf("nothing came, yet %v changed, %v", changes, err)
	}
	at := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	late := func(id string, kind ingest.Kind, hours int, data any) ingest.Stored {
		e := ingest.Event{EventID: fmt.Sprintf("%s-%s-%d", id, kind, hours), ComplaintID: id, Kind: kind, OccurredAt: at.Add(time.Duration(hours) * time.Hour), Data: data, Actor: ingest.Actor{Role: ingest.RoleAgent}}
		return ingest.Stored{Event: e, Position: ingest.Position{BusTime: o.AsOf.AddDate(0, 0, 9)}}
	}
	d.add(t, []ingest.Stored{
		late("LATE-1", ingest.KindRegistered, 0, &ingest.Registered{Channel: "web", Content: "迟到的一件", Category: "物流"}),
		late("LATE-1", ingest.KindAcknowledged, 1, &ingest.Acknowledged{}),
		// After the instant of the publication: it tells nothing about it.
		{Event: ingest.Event{EventID: "after", ComplaintID: "LATE-2", Kind: ingest.KindRegistered, OccurredAt: o.AsOf.AddDate(0, 0, 1), Data: &ingest.Registered{Channel: "web", Content: "之后的一件"}}, Position: ingest.Position{BusTime: o.AsOf.AddDate(0, 0, 9)}},
	})
	changes, _, err := d.Arrived(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(changes) != 1 || changes[0].ComplaintID != "LATE-1" || !slices.Equal(changes[0].Aspects, []restate.Aspect{restate.AspectRegistered}) {
		t.Fatalf("changes %+v", changes)
	}
	now, err := d.KPIs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	differences := restate.Differences(p, now.KPIs, changes, p.Revision)
	i := slices.IndexFunc(differences, func(x restate.Difference) bool { return x.KPI == "response_on_time" })
	if i < 0 || differences[i].Now.Denominator != differences[i].Published.Denominator+1 || !slices.Equal(differences[i].Causes, []restate.Share{{Cause: restate.Registered, Complaints: 1}, {Cause: restate.Late, Complaints: 1}}) {
		t.Errorf("differences %+v", differences)
	}
	for _, x := range differences {
		if slices.ContainsFunc(x.Causes, func(c restate.Share) bool { return c.Cause == restate.Unknown }) {
			t.Errorf("%s differs for no known cause", x.KPI)
		}
	}
}
