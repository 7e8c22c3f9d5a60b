package dashboard_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wenguo/dashboard"
	"wenguo/transform/quality"
)

// postbox holds one refused message and remembers what was replayed.
type postbox struct{ asked []quality.Reason }

func (p *postbox) Letters(context.Context) ([]quality.Letter, error) {
	return []quality.Letter{{Reason: quality.Reason{Class: "missing_field", Field: "event_id", Reason: "is missing: <b>send</b> one"}, Text: `{"kind":"<script>"}`}}, nil
}

func (p *postbox) Replay(_ context.Context, r quality.Reason) (quality.Replayed, error) {
	p.asked = append(p.asked, r)
	return quality.Replayed{Sent: 1200, Cut: 1}, nil
}

// looked is a verifier that has looked.
type looked quality.Verification

func (l looked) Last() (quality.Verification, bool) { return quality.Verification(l), true }

func openQuality(t *testing.T, box dashboard.Mailbox, v dashboard.Verifier) http.Handler {
	t.Helper()
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{
		Reader: &sample{}, Now: sampleNow, Log: slog.New(slog.DiscardHandler), Mailbox: box, Verifier: v,
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler()
}

func TestDataQualitySaysWhatIsKnown(t *testing.T) {
	fine := quality.Partition{Partition: 2, To: 900, Blocks: 3, Stored: 893, Refused: 7}
	gap := fine
	gap.Unaccounted, gap.Faults = 5, []string{"nothing is stored of [4, 9)"}
	for sentence, c := range map[string]struct {
		verifier dashboard.Verifier
		want     []string
	}{
		"nobody looked yet":      {nil, []string{"还没有核对过", "办结的完成早于开始", "缺少字段", "25.0%", "/complaints?product=", "2 分钟", "{&#34;kind&#34;:&#34;&lt;script&gt;&#34;}"}},
		"all is there once":      {looked{Partitions: []quality.Partition{fine}}, []string{"一条不少，一条不重", "事件 · 2", "893"}},
		"facts are being made":   {looked{Partitions: []quality.Partition{fine}, Facts: quality.Facts{Complaints: 9, Facts: 7}}, []string{"有 2 件投诉的最新事件还在计入"}},
		"something is not there": {looked{Partitions: []quality.Partition{gap}}, []string{"对不上", "nothing is stored of [4, 9)"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			w := get(t, openQuality(t, &postbox{}, c.verifier), "/quality")
			if w.Code != http.StatusOK {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			for _, words := range c.want {
				if !strings.Contains(w.Body.String(), words) {
					t.Errorf("the page lacks %q", words)
				}
			}
			if strings.Contains(w.Body.String(), "<b>send</b>") {
				t.Error("a reason is run as markup")
			}
		})
	}
}

func TestARefusedMessageIsReplayedByThePagesAlone(t *testing.T) {
	box := &postbox{}
	h := openQuality(t, box, nil)
	v := visit(t, h)
	v.get("/quality")
	form := url.Values{"class": {"missing_field"}, "field": {"event_id"}, "reason": {"is missing"}}
	if w := visit(t, h).post("/quality/replay", form); w.Code != http.StatusForbidden || len(box.asked) > 0 {
		t.Errorf("a form without a session answers %d and replays %v", w.Code, box.asked)
	}
	if w := v.post("/quality/replay", url.Values{}); w.Code != http.StatusBadRequest || len(box.asked) > 0 {
		t.Errorf("a form without a reason answers %d and replays %v", w.Code, box.asked)
	}
	w := v.post("/quality/replay", form)
	if w.Code != http.StatusSeeOther || len(box.asked) != 1 || box.asked[0] != (quality.Reason{Class: "missing_field", Field: "event_id", Reason: "is missing"}) {
		t.Fatalf("answers %d and replays %v", w.Code, box.asked)
	}
	if page := get(t, h, w.Header().Get("Location")).Body.String(); !strings.Contains(page, "已把 1,200 条消息重新送上总线") || !strings.Contains(page, "1 条过大") {
		t.Error("the page does not say what was done")
	}
}
