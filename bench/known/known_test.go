// Package known measures how quickly, and how well, the front line is told what a customer's words are about.
package known

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/ingest"
	"wenguo/ingest/simulate"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/text"
)

// book answers from a real discovery over simulated complaints; of the rest of the store nothing is asked.
type book struct {
	dashboard.Reader

	found issue.Result
	seg   issue.Segmenter
	ids   []string
	names map[string]issue.Named
}

// Likely implements dashboard.KnownReader.
func (b *book) Likely(words string, most int) ([]issue.Candidate, error) {
	found, evidence := b.found.Likely("", words, b.seg, most)
	var out []issue.Candidate
	for i, k := range found {
		out = append(out, issue.Candidate{Issue: b.ids[k], Evidence: evidence[i]})
	}
	return out, nil
}

// IssueNames implements dashboard.CurationReader.
func (b *book) IssueNames(context.Context) (map[string]issue.Named, error) { return b.names, nil }

// Curation implements dashboard.CurationReader.
func (b *book) Curation(context.Context) (issue.Curation, error) { return issue.Curate(nil), nil }

// Freshness implements dashboard.FrameReader.
func (b *book) Freshness(context.Context) (kpi.Freshness, error) { return kpi.Freshness{}, nil }

// asked is a text with the name of the issue that it is about, empty for none.
type asked struct{ title, body, truth string }

// prepare discovers the issues of two months of complaints and keeps every tenth complaint aside.
func prepare(tb testing.TB) (*book, []asked) {
	tb.Helper()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	world, err := simulate.New(simulate.Config{Seed: 11, Start: start, PerDay: func(int) float64 { return 150 }})
	if err != nil {
		tb.Fatal(err)
	}
	var messages []issue.Message
	var aside []asked
	truths := map[string]string{}
	n := 0
	for record := range world.Records(start, start.AddDate(0, 0, 60)) {
		event, err := ingest.Decode(record.Value)
		if err != nil || event.Kind != ingest.KindRegistered {
			continue
		}
		data, ok := event.Data.(*ingest.Registered)
		if !ok || data.Content == "" {
			continue
		}
		truth := world.Truth(event.ComplaintID)
		if n++; n%10 == 0 {
			aside = append(aside, asked{data.Title, data.Content, truth})
			continue
		}
		truths[event.ComplaintID] = truth
		messages = append(messages, issue.Message{ID: event.ComplaintID, User: data.Customer.ID, Title: data.Title, Text: data.Content, Time: event.OccurredAt})
	}
	seg, err := text.Open(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	found, err := issue.Discover(tb.Context(), messages, seg, issue.Options{MinCustomers: 3})
	if err != nil {
		tb.Fatal(err)
	}
	b := &book{found: found, seg: seg, names: map[string]issue.Named{}}
	for i, is := range found.Issues {
		count := map[string]int{}
		for _, m := range is.Members {
			count[truths[messages[m].ID]]++
		}
		best := ""
		for name, n := range count {
			if n > count[best] || n == count[best] && name < best {
				best = name
			}
		}
		id := fmt.Sprintf("i-%d", i)
		b.ids = append(b.ids, id)
		b.names[id] = issue.Named{ID: id, Name: best, Leads: id, Marks: issue.Marks{Answer: "请按口径答复"}}
	}
	tb.Logf("%d complaints, %d issues, %d kept aside", len(messages), len(found.Issues), len(aside))
	return b, aside
}

// BenchmarkKnown asks over HTTP, each text once in its turn, and tells the 95th percentile.
func BenchmarkKnown(b *testing.B) {
	reader, aside := prepare(b)
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{Reader: reader, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	for _, form := range []string{"texts", "titles"} {
		b.Run(form, func(b *testing.B) {
			var times []time.Duration
			for i := 0; b.Loop(); i++ {
				words := aside[i%len(aside)].body
				if form == "titles" {
					words = aside[i%len(aside)].title
				}
				if words == "" {
					continue
				}
				r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "http://127.0.0.1:8420/api/v1/known", strings.NewReader(fmt.Sprintf(`{"text":%q}`, words)))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				started := time.Now()
				server.Handler().ServeHTTP(w, r)
				times = append(times, time.Since(started))
				if w.Code != http.StatusOK {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1e3, "ms-p95")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1e3, "ms-p99")
		})
	}
}

// tally counts texts by what the first issue named is to them.
type tally struct{ Right, Wrong int }

// BenchmarkKnownIsRight tells, of the texts about an issue of the simulation, how often the first issue named is that one,
// another one, or none, by confidence; and how often a text about none of them is put into one.
func BenchmarkKnownIsRight(b *testing.B) {
	reader, aside := prepare(b)
	for b.Loop() {
		for _, form := range []string{"texts", "titles"} {
			var probable, possible tally
			silent, strays, none := 0, 0, 0
			for _, a := range aside {
				words := a.body
				if form == "titles" {
					words = a.title
				}
				if words == "" {
					continue
				}
				found, err := reader.Likely(words, 3)
				if err != nil {
					b.Fatal(err)
				}
				if a.truth == "" {
					none++
					if len(found) > 0 && reader.names[found[0].Issue].Name != "" {
						strays++
					}
					continue
				}
				if len(found) == 0 {
					silent++
					continue
				}
				of := &probable
				if found[0].Evidence < 0 {
					of = &possible
				}
				if reader.names[found[0].Issue].Name == a.truth {
					of.Right++
				} else {
					of.Wrong++
				}
			}
			b.Logf("%s about an issue: probable %d right, %d wrong; possible %d right, %d wrong; %d not named. About none: %d, of which %d named one",
				form, probable.Right, probable.Wrong, possible.Right, possible.Wrong, silent, none, strays)
		}
	}
}
