package dashboard

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/transform/kpi"
	"wenguo/transform/quality"
)

// QualityReader is what the page of data quality asks of the store.
type QualityReader interface {
	// Quality says what is known of the data, whatever the query's slice.
	Quality(ctx context.Context, q kpi.Query) (quality.Report, error)
}

// Mailbox holds the messages that were refused.
type Mailbox interface {
	// Letters are the newest refused messages, masked and cut.
	Letters(ctx context.Context) ([]quality.Letter, error)
	// Replay puts the messages of one reason on the bus again, each once.
	Replay(ctx context.Context, reason quality.Reason) (quality.Replayed, error)
}

// Verifier knows the newest verification; false before there is one.
type Verifier interface {
	Last() (quality.Verification, bool)
}

// qualityPage is what templates/quality.html shows.
type qualityPage struct {
	frame

	Verified verifiedView
	Report   part[reportView]
	// Done says what a replay did; empty without one.
	Done string
}

// verifiedView is the verifier's newest word.
type verifiedView struct {
	Known, Exact, Complete bool
	Ago, Took              string
	Topics                 []verifiedTopic
	Facts, Behind, Months  string
}

type verifiedTopic struct {
	Name       string
	Partitions []quality.Partition
}

// reportView is the report in the reader's words.
type reportView struct {
	Registered string
	Counts     []countRow
	Missing    []countRow
	Orphans    countRow
	Channels   []channelRow
	Refused    []refusedRow
	// Letters tells that refused messages can be shown and replayed.
	Letters bool
}

type countRow struct{ Name, Hint, Count, Share, URL string }

type channelRow struct{ Name, Last, Arrived, P50, P95, Tone string }

type refusedRow struct {
	quality.Refused

	ClassName, Remedy, Count, Ago, Sample string
}

func (s *Server) quality(c *gin.Context) {
	f, err := s.begin(c, "数据质量", "/quality", "replayed", "cut")
	if err != nil {
		s.fail(c, err)
		return
	}
	p := qualityPage{frame: f, Done: doneWords(f.View.Own)}
	var wg sync.WaitGroup
	var report part[quality.Report]
	var letters part[[]quality.Letter]
	ask(s, &wg, "data quality", &report, func() (quality.Report, error) {
		return s.deps.Reader.Quality(c.Request.Context(), f.View.query())
	})
	if s.deps.Mailbox != nil {
		ask(s, &wg, "dead letters", &letters, func() ([]quality.Letter, error) {
			return s.deps.Mailbox.Letters(c.Request.Context())
		})
	}
	wg.Wait()
	p.Report = convert(report, func(r quality.Report) reportView {
		return newReport(f.View, r, letters.V, s.deps.Mailbox != nil && s.may(c, account.Replay))
	})
	p.Verified = s.verified(f.View)
	s.render(c, http.StatusOK, "quality", p)
}

// doneWords tell what a replay did, from the address it led to.
func doneWords(q url.Values) string {
	sent, err := strconv.ParseInt(q.Get("replayed"), 10, 64)
	if err != nil || sent < 0 {
		return ""
	}
	words := "没有可以重放的消息：它们都已重放过，或者死信已过保留期。"
	if sent > 0 {
		words = "已把 " + grouped(sent) + " 条消息重新送上总线，几秒后计入；仍读不懂的会再次被拒收。"
	}
	if cut, err := strconv.ParseInt(q.Get("cut"), 10, 64); err == nil && cut > 0 {
		words += grouped(cut) + " 条过大的消息只留下了开头，需要从来源系统重新发送。"
	}
	return words
}

func (s *Server) verified(v view) verifiedView {
	if s.deps.Verifier == nil {
		return verifiedView{}
	}
	last, known := s.deps.Verifier.Last()
	if !known {
		return verifiedView{}
	}
	return verifiedView{
		Known: true, Exact: last.Exact(), Complete: last.Complete(), Ago: ago(last.At, s.deps.Now().In(v.AsOf.Location())),
		Took:   strconv.FormatFloat(last.Took.Seconds(), 'f', 1, 64) + " 秒",
		Topics: []verifiedTopic{{"事件", last.Partitions}, {"决定", last.Decisions}},
		Facts:  grouped(last.Facts.Facts), Behind: grouped(last.Facts.Behind + last.Facts.Complaints - last.Facts.Facts), Months: grouped(last.Sums.Months),
	}
}

func newReport(v view, r quality.Report, letters []quality.Letter, mailbox bool) reportView {
	out := reportView{Registered: grouped(r.Registered), Letters: mailbox}
	share := func(n int64) string {
		if r.Registered == 0 {
			return dash
		}
		return percent(float64(n)/float64(r.Registered)) + "%"
	}
	out.Counts = []countRow{
		{Name: "先后顺序不可能", Hint: "保留原样并标记，不计入时长统计", Count: grouped(r.Anomalous), Share: share(r.Anomalous)},
		{Name: "同一事件编号两种内容", Hint: "以先到者为准", Count: grouped(r.Conflicting), Share: share(r.Conflicting)},
		{Name: "跨入没有节假日数据的年份", Hint: "按周一至周五推算，时钟标为暂定", Count: grouped(r.Provisional), Share: share(r.Provisional)},
	}
	for _, a := range r.Anomalies {
		out.Counts = append(out.Counts, countRow{Name: "其中：" + anomalyName(a.Name), Count: grouped(a.Complaints), Share: share(a.Complaints)})
	}
	for _, m := range r.Missing {
		q := v.shared()
		maps.DeleteFunc(q, func(key string, _ []string) bool { return key == string(m.Dimension) })
		q[string(m.Dimension)] = []string{""}
		row := countRow{Name: dimensionNames[m.Dimension], Count: grouped(m.Complaints), Share: share(m.Complaints)}
		if m.Complaints > 0 {
			row.URL = address("/complaints", q)
		}
		out.Missing = append(out.Missing, row)
	}
	out.Orphans = countRow{Count: grouped(r.Orphans.Complaints), Hint: ago(r.Orphans.OldestAt, v.AsOf)}
	for _, c := range r.Channels {
		row := channelRow{Name: valueName(kpi.Channel, c.Channel), Last: ago(c.LastAt, v.AsOf), Arrived: grouped(c.Arrived), P50: dash, P95: dash}
		if c.Arrived > 0 {
			row.P50, row.P95 = durationText(c.P50), durationText(c.P95)
		}
		out.Channels = append(out.Channels, row)
	}
	samples := map[quality.Reason]string{}
	for _, l := range letters {
		samples[l.Reason] = l.Text
	}
	for _, ref := range r.Refused {
		out.Refused = append(out.Refused, refusedRow{
			Refused: ref, ClassName: name(refusalNames, ref.Class), Remedy: refusalRemedies[ref.Class], Count: grouped(ref.Messages), Ago: ago(ref.LastAt, v.AsOf), Sample: samples[ref.Reason],
		})
	}
	return out
}

// replay puts refused messages on the bus again and leads back to the page.
func (s *Server) replay(c *gin.Context) {
	reason := quality.Reason{Class: c.PostForm("class"), Field: c.PostForm("field"), Reason: c.PostForm("reason")}
	if reason.Class == "" {
		s.fail(c, badField("class", "缺少要重放的拒收原因"))
		return
	}
	done, err := s.deps.Mailbox.Replay(c.Request.Context(), reason)
	if err != nil {
		s.fail(c, err)
		return
	}
	if err := s.note(c.Request.Context(), noteReplay, reason.Class, strconv.FormatInt(done.Sent, 10)); err != nil {
		s.fail(c, err)
		return
	}
	s.live.moments.forget()
	s.log.Info("refused messages put on the bus again", slog.String("class", reason.Class), slog.Int64("sent", done.Sent), slog.Int64("cut", done.Cut))
	q := url.Values{"replayed": {strconv.FormatInt(done.Sent, 10)}, "cut": {strconv.FormatInt(done.Cut, 10)}}
	c.Redirect(http.StatusSeeOther, address("/quality", q))
}

// qualityAnswer is what /api/v1/quality says.
type qualityAnswer struct {
	question
	quality.Report

	// Channels are the delays of the last hour.
	Channels []channelAnswer `json:"channels"`

	Verification *quality.Verification `json:"verification,omitempty"`
}

// channelAnswer says how events of a channel reach the bus.
type channelAnswer struct {
	Channel string    `json:"channel"`
	LastAt  time.Time `json:"last_at"`
	// Arrived counts the events of the last hour that have a delay; its quantiles are missing without any.
	Arrived int64    `json:"arrived"`
	P50     *float64 `json:"p50_seconds,omitempty"`
	P95     *float64 `json:"p95_seconds,omitempty"`
}

func newChannelAnswers(channels []kpi.ChannelSync) []channelAnswer {
	out := []channelAnswer{}
	for _, c := range channels {
		a := channelAnswer{Channel: c.Channel, LastAt: c.LastAt, Arrived: c.Arrived}
		if c.Arrived > 0 {
			a.P50, a.P95 = new(c.P50.Seconds()), new(c.P95.Seconds())
		}
		out = append(out, a)
	}
	return out
}

func (s *Server) apiQuality(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (qualityAnswer, error) {
		report, err := s.deps.Reader.Quality(ctx, v.query())
		a := qualityAnswer{question: v.question(), Report: report, Channels: newChannelAnswers(report.Channels)}
		a.Anomalies, a.Missing, a.Refused = list(report.Anomalies), list(report.Missing), list(report.Refused)
		if s.deps.Verifier != nil {
			if last, known := s.deps.Verifier.Last(); known {
				last.Partitions, last.Decisions = list(last.Partitions), list(last.Decisions)
				a.Verification = &last
			}
		}
		return a, err
	})
}
