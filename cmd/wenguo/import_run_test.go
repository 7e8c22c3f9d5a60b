package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

// shelf keeps what is produced, and fails when told to.
type shelf struct {
	messages []ingest.Message
	batches  int
	visible  int
	full     int
}

func (s *shelf) Produce(_ context.Context, messages []ingest.Message) error {
	if s.batches++; s.full > 0 && s.batches > s.full {
		return errors.New("no room")
	}
	s.messages = append(s.messages, messages...)
	return nil
}

func (s *shelf) Visible(context.Context) error {
	s.visible = len(s.messages)
	return nil
}

func importInto(t *testing.T, to *shelf, content, rejects string) (importSummary, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := tabular.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	i := newImporter(path, r, to, io.Discard)
	if rejects != "" {
		writer, done, err := rejectsFile(rejects)
		if err != nil {
			t.Fatal(err)
		}
		i.rejects = writer
		defer func() {
			if err := done(); err != nil {
				t.Error(err)
			}
		}()
	}
	err = i.run(t.Context())
	return i.summary, err
}

func TestImportSendsEveryAcceptedRowAndWaits(t *testing.T) {
	var table strings.Builder
	table.WriteString("id,time,text,reply_time\n")
	for n := range 5000 {
		at := "2026-01-01"
		if n%100 == 7 {
			at = "bad"
		}
		fmt.Fprintf(&table, "%d,%s,text,2026-01-02\n", n, at)
	}
	to := &shelf{}
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	s, err := importInto(t, to, table.String(), rejects)
	if err != nil {
		t.Fatal(err)
	}
	if s.Rows != 5000 || s.Accepted != 4950 || s.Rejected != 50 || s.Events != 4950*3 {
		t.Errorf("summary %+v", s)
	}
	if len(to.messages) != 4950*3 || to.visible != len(to.messages) || to.batches < 5 {
		t.Errorf("%d messages in %d batches, %d awaited", len(to.messages), to.batches, to.visible)
	}
	written, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(written), "\n") != 51 || !strings.Contains(string(written), "9,registered_at (time),invalid_value,is no date") {
		t.Errorf("rejects file:\n%.400s", written)
	}
	var out strings.Builder
	if err := s.print(&out, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"共 5000 行，接受 4950 行（14850 个事件），拒绝 50 行", "第 9 行  registered_at (time)：取值不合规", "另有 30 行被拒绝"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestImportSaysWhatWasSentWhenTheBusFails(t *testing.T) {
	table := "id,time,text\n"
	for n := range 4500 {
		table += fmt.Sprintf("%d,2026-01-01,text\n", n)
	}
	s, err := importInto(t, &shelf{full: 1}, table, "")
	if err == nil || !strings.Contains(err.Error(), "import stopped after 2000 events; import the file again") {
		t.Errorf("ended with %v", err)
	}
	if s.Events != 2000 {
		t.Errorf("%d events counted as sent", s.Events)
	}
}

func TestImportFailsWhenNothingIsAccepted(t *testing.T) {
	s, err := importInto(t, &shelf{}, "id,time,text\n1,bad,a\n", "")
	if err == nil || s.Rejected != 1 {
		t.Errorf("ended with %v, %+v", err, s)
	}
}

func TestADryRunShowsTheFirstEventsAndEveryRefusedRow(t *testing.T) {
	var table strings.Builder
	table.WriteString("工单编号,投诉时间,投诉内容,办结时间\n")
	for n := range 90 {
		at := "2024/3/5 8:01"
		if n%2 == 1 {
			at = "3/4/2024"
		}
		fmt.Fprintf(&table, "%d,%s,内容,\n", n, at)
	}
	path := filepath.Join(t.TempDir(), "台账.csv")
	if err := os.WriteFile(path, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(wantError bool, args ...string) string {
		cmd := newImport()
		var out strings.Builder
		cmd.SetOut(&out)
		cmd.SetErr(io.Discard)
		cmd.SetArgs(append([]string{path, "--dry-run", "--data", filepath.Join(t.TempDir(), "nothing-runs-here")}, args...))
		cmd.SilenceUsage, cmd.SilenceErrors = true, true
		if err := cmd.ExecuteContext(t.Context()); (err != nil) != wantError {
			t.Fatalf("%v ended with %v", args, err)
		}
		return out.String()
	}
	out := run(false)
	for _, want := range []string{
		`第 2 行  {"event_id":`, `"occurred_at":"2024-03-05T00:01:00Z"`, "……另有 25 个事件", "拒绝 第 3 行  registered_at (投诉时间)", "--dates", "拒绝 第 91 行  registered_at",
		"试运行，未发送任何内容。共 90 行，将接受 45 行（45 个事件），将拒绝 45 行",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if shown, rejected := strings.Count(out, `{"event_id":`), strings.Count(out, "拒绝 第"); shown != 20 || rejected != 45 {
		t.Errorf("%d events shown, %d refused rows listed", shown, rejected)
	}
	var summary struct {
		DryRun  bool `json:"dry_run"`
		Sample  []struct{ Event ingest.Event }
		Rejects []importReject
		Events  int
	}
	if err := json.Unmarshal([]byte(run(false, "--dates", "dmy", "--zone", "UTC", "--json")), &summary); err != nil {
		t.Fatal(err)
	}
	if !summary.DryRun || summary.Events != 90 || len(summary.Rejects) != 0 || len(summary.Sample) != 20 {
		t.Errorf("%+v", summary)
	}
	run(true, "--dates", "ymd")
	run(true, "--zone", "Mars/Base")
}
