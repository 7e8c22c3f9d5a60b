package tabular_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read gives the events of all accepted rows, and one line per refused row.
func read(t *testing.T, path string, mapping *tabular.Mapping) (events []ingest.Event, rejects []string) {
	t.Helper()
	r, err := tabular.Open(path, mapping)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for row := range r.Rows() {
		if row.Reject != nil {
			rejects = append(rejects, fmt.Sprintf("%d %s %s", row.Number, row.Reject.Field, row.Reject.Class))
			continue
		}
		for _, m := range row.Messages {
			e, err := ingest.Decode(m.Value)
			if err != nil {
				t.Fatal(err)
			}
			if m.Key != e.ComplaintID || !m.Time.Equal(e.OccurredAt) || !m.Backfill {
				t.Fatalf("message %+v does not fit its event %+v", m, e)
			}
			events = append(events, e)
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	if r.Offset() != r.Size() {
		t.Fatalf("read %d of %d bytes", r.Offset(), r.Size())
	}
	return events, rejects
}

// told writes events as "complaint kind time", in the file's order.
func told(events []ingest.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, fmt.Sprintf("%s %s %s", e.ComplaintID, e.Kind, e.OccurredAt.Format("2006-01-02T15:04:05Z")))
	}
	return out
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAReplyBothAnswersAndSettles(t *testing.T) {
	events, rejects := read(t, file(t, "留言.jsonl",
		`{"id": 7, "user": "U1", "title": "路灯不亮", "time": "2018-12-31 22:21:59", "text": "一个月了", "likes": 1, "reply": "已修", "reply_time": "2019-01-29 10:53:00"}
{"id": "8", "user": "U2", "title": "噪音", "time": "2019-01-01 00:00:00", "text": "夜里施工", "reply": "", "reply_time": null}
`), nil)
	same(t, rejects, nil)
	same(t, told(events), []string{
		"7 registered 2018-12-31T14:21:59Z", "7 acknowledged 2019-01-29T02:53:00Z", "7 resolved 2019-01-29T02:53:00Z",
		"8 registered 2018-12-31T16:00:00Z",
	})
	want := &ingest.Registered{Channel: "web", Customer: ingest.Customer{ID: "U1"}, Title: "路灯不亮", Content: "一个月了"}
	if !reflect.DeepEqual(events[0].Data, want) || events[0].Source != "留言" {
		t.Errorf("registered %+v from %q", events[0].Data, events[0].Source)
	}
	if r := events[2]; r.Actor.Role != ingest.RoleDepartment || r.Data.(*ingest.Resolved).Outcome != "已修" {
		t.Errorf("resolved %+v by %+v", r.Data, r.Actor)
	}
	if events[1].EventID >= events[2].EventID {
		t.Error("of one instant, the answer must come before the settlement")
	}
}

const ledger = `工单编号,投诉时间,渠道,标题,内容,一级分类,二级分类,优先级,级别,客户编号,联系电话,城市,责任部门,处理人,派单时间,确认时间,办结时间,处理结果,满意度,回访时间,归档时间,备注
G-1,2026/3/1 9:05,电话,登录失败,收不到验证码,技术支持,登录,紧急,二级,u1,13800000000,长沙,技术部,张三,2026/3/1 9:10,2026-03-01 09:30:00,2026年3月2日 10时00分,已修复,不满意,2026/3/3 8:00,2026/3/4,x
G-2,2026/3/1 10:00,鸽子,,只有内容,,,,,,,,,,,,,,,,,
`

func TestALedgerWithChineseHeadersIsUnderstood(t *testing.T) {
	events, rejects := read(t, file(t, "台账.csv", ledger), nil)
	same(t, rejects, nil)
	same(t, told(events), []string{
		"G-1 registered 2026-03-01T01:05:00Z", "G-1 classified 2026-03-01T01:05:00Z", "G-1 dispatched 2026-03-01T01:10:00Z",
		"G-1 confirmed 2026-03-01T01:30:00Z", "G-1 resolved 2026-03-02T02:00:00Z", "G-1 surveyed 2026-03-03T00:00:00Z",
		"G-1 closed 2026-03-03T16:00:00Z", "G-2 registered 2026-03-01T02:00:00Z",
	})
	wants := []any{
		&ingest.Registered{
			Channel: "phone", Title: "登录失败", Content: "收不到验证码", Category: "技术支持/登录", Priority: "urgent",
			Customer: ingest.Customer{ID: "u1", Phone: "13800000000", Region: "长沙"},
		},
		&ingest.Classified{Level: 2}, &ingest.Assigned{Department: "技术部", Owner: "张三"}, &ingest.Assigned{Department: "技术部", Owner: "张三"},
		&ingest.Resolved{Outcome: "已修复"}, &ingest.Surveyed{Answered: true, Score: new(2.0)}, &ingest.Reasoned{},
		&ingest.Registered{Channel: "鸽子", Content: "只有内容"},
	}
	for i, want := range wants {
		if !reflect.DeepEqual(events[i].Data, want) {
			t.Errorf("%s: %+v, want %+v", events[i].Kind, events[i].Data, want)
		}
	}
}

func TestEventsOfOneInstantKeepTheOrderOfALife(t *testing.T) {
	events, _ := read(t, file(t, "a.csv", "id,time,text,办结时间,归档时间,派单时间,部门\n1,2026-01-01,a,2026-01-02,2026-01-02,2026-01-01,d\n"), nil)
	slices.SortFunc(events, func(a, b ingest.Event) int { return strings.Compare(a.EventID, b.EventID) })
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, string(e.Kind))
	}
	same(t, kinds, []string{"registered", "dispatched", "resolved", "closed"})
}

func TestEveryEncodingAndFormGivesTheSameEvents(t *testing.T) {
	want, _ := read(t, file(t, "台账.csv", ledger), nil)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(ledger)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(ledger, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"GBK": gbk, "UTF-16 with tabs": wide, "UTF-8 with a byte order mark": "\ufeff" + ledger,
		"lines that end like on Windows": strings.ReplaceAll(ledger, "\n", "\r\n"), "semicolons": strings.ReplaceAll(ledger, ",", ";"),
		"no line end after the last row": strings.TrimSuffix(ledger, "\n"),
		"every cell in quotes":           quoted(ledger),
	} {
		t.Run(name, func(t *testing.T) {
			got, rejects := read(t, file(t, "台账.csv", content), nil)
			same(t, rejects, nil)
			if !reflect.DeepEqual(got, want) {
				same(t, told(got), told(want))
				t.Error("the events differ")
			}
		})
	}
}

func quoted(table string) string {
	var out []string
	for line := range strings.Lines(table) {
		out = append(out, `"`+strings.ReplaceAll(strings.TrimSpace(line), ",", `","`)+`"`)
	}
	return strings.Join(out, "\n") + "\n"
}

func TestTheSameFileAgainGivesTheSameMessages(t *testing.T) {
	for name, content := range map[string]string{
		"台账.csv":     ledger,
		"no id.csv":  "time,text\n2026-01-01,a\n2026-01-01,a\n2026-01-02,b\n",
		"list.json":  `[{"id":1,"time":"2026-01-01","text":"a"},{"id":2,"time":"2026-01-01","text":"b"}]`,
		"more.jsonl": "{\"id\":1,\"time\":\"2026-01-01\",\"text\":\"a\"}\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t, name, content)
			one, rejects := read(t, path, nil)
			two, _ := read(t, path, nil)
			if !reflect.DeepEqual(one, two) || len(one) == 0 || rejects != nil {
				t.Fatalf("first %v, then %v; refused %v", told(one), told(two), rejects)
			}
			seen := map[string]bool{}
			for _, e := range one {
				if seen[e.EventID] {
					t.Errorf("event %s is there twice", e.EventID)
				}
				seen[e.EventID] = true
			}
		})
	}
}

func TestRowsWithoutIDGetOneFromTheirContent(t *testing.T) {
	one, _ := read(t, file(t, "a.csv", "time,text\n2026-01-01,a\n2026-01-01,a\n2026-01-02,b\n"), nil)
	two, _ := read(t, file(t, "a.csv", "time,text\n2026-01-02,b\n2026-01-01,a\n2026-01-01,a\n"), nil)
	ids := map[string]bool{}
	for _, e := range one {
		ids[e.ComplaintID] = true
	}
	for _, e := range two {
		if !ids[e.ComplaintID] {
			t.Errorf("%s depends on the order of rows", e.ComplaintID)
		}
	}
	if len(ids) != 3 {
		t.Errorf("%d complaints, want 3", len(ids))
	}
}

func TestAFaultyRowCostsNoOther(t *testing.T) {
	const header = "id,time,text,score,resolved_at\n"
	const good = "9,2026-01-02 03:04:05,好,,\n"
	cases := map[string]struct{ row, want string }{
		"a date that is none":               {"1,昨天,a,,\n", "2 registered_at (time) invalid_value"},
		"no date":                           {"1,,a,,\n", "2 registered_at (time) missing_field"},
		"a date before 2000":                {"1,1999-01-01,a,,\n", "2 registered_at (time) time_out_of_range"},
		"no id":                             {",2026-01-01,a,,\n", "2 complaint_id (id) missing_field"},
		"an id that is too long":            {strings.Repeat("x", 129) + ",2026-01-01,a,,\n", "2 complaint_id (id) invalid_value"},
		"no text":                           {"1,2026-01-01,,,\n", "2 content (text) missing_field"},
		"a score that is none":              {"1,2026-01-01,a,好,2026-01-02\n", "2 score invalid_value"},
		"a score without a time":            {"1,2026-01-01,a,5,\n", "2 surveyed_at missing_field"},
		"a column too many":                 {"1,2026-01-01,a,,,,\n", "2 row invalid_value"},
		"a column too few":                  {"1,2026-01-01,a\n", "2 row invalid_value"},
		"broken bytes":                      {"1,2026-01-01,好好好好好好\xff,,\n", "2 row invalid_utf8"},
		"a quote that never closes":         {"1,2026-01-01,\"a,,\n", "2 row invalid_value"},
		"a quote that closes rows later":    {"1,2026-01-01,\"a,,\n9,2026-01-01,\"b,,\n", "2 row invalid_value"},
		"the id of an earlier row":          {"8,2026-01-01,a,,\n8,2026-01-01,b,,\n", "3 complaint_id (id) invalid_value"},
		"a text beyond 1 MiB":               {"1,2026-01-01," + strings.Repeat("x", 1<<20) + ",,\n", "2 message oversized"},
		"a line beyond 4 MiB":               {"1,2026-01-01," + strings.Repeat("x", 5<<20) + ",,\n", "2 row oversized"},
		"a resolution in no known calendar": {"1,2026-01-01,a,,2026-02-30\n", "2 resolved_at invalid_value"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			events, rejects := read(t, file(t, "a.csv", header+c.row+good), nil)
			if len(rejects) == 0 || rejects[0] != c.want {
				t.Errorf("refused %v, want %s", rejects, c.want)
			}
			if len(events) == 0 || events[len(events)-1].ComplaintID != "9" {
				t.Errorf("the good row is lost: %v", told(events))
			}
		})
	}
}

func TestQuotesThatOnlyLookBrokenAreRead(t *testing.T) {
	for name, row := range map[string]string{
		"a line end inside quotes":   "1,2026-01-01,\"a\nb\"\n",
		"a doubled quote":            "1,2026-01-01,\"a \"\"b\"\"\"\n",
		"an inch sign":               "1,2026-01-01,屏幕 15\" 坏了\n",
		"quotes in the middle":       "1,2026-01-01,他说\"马上\"来\n",
		"a separator inside quotes":  "1,2026-01-01,\"a,b\"\n",
		"an empty line before it":    "\n1,2026-01-01,a\n",
		"blanks around the id":       " 1 ,2026-01-01,a\n",
		"a text over 3 lines":        "1,2026-01-01,\"a\n\nb\"\n",
		"a zone of its own":          "1,2026-01-01T00:00:00+09:00,a\n",
		"a number of milliseconds":   "1,1767196800000,a\n",
		"the word NULL for no score": "1,2026-01-01,a\n",
	} {
		t.Run(name, func(t *testing.T) {
			events, rejects := read(t, file(t, "a.csv", "id,time,text\n"+row+"2,2026-01-01,z\n"), nil)
			if rejects != nil || len(events) != 2 || events[0].ComplaintID != "1" || events[1].ComplaintID != "2" {
				t.Errorf("read %v, refused %v", told(events), rejects)
			}
		})
	}
}

func TestAFileThatIsNoTableIsNamed(t *testing.T) {
	for name, c := range map[string]struct{ file, content, want string }{
		"nothing":              {"a.csv", "", "a.csv: is empty"},
		"a workbook":           {"a.xlsx", "PK\x03\x04xxxx", "save the sheet as CSV"},
		"no time":              {"a.csv", "label,text\n1,b\n", "no column gives registered_at: name it in a mapping file; the columns are label, text"},
		"no text":              {"a.csv", "id,time\n1,2026-01-01\n", "no column gives title or content"},
		"text that is no JSON": {"a.json", "[1,2", "no column gives registered_at"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tabular.Open(file(t, c.file, c.content), nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := tabular.Open(t.TempDir(), nil); err == nil {
		t.Error("a folder was opened")
	}
}

func TestAnArrayThatIsCutShortKeepsWhatCameBefore(t *testing.T) {
	r, err := tabular.Open(file(t, "a.json", `[{"id":1,"time":"2026-01-01","text":"a"},{"id":2,"ti`), nil)
	if err == nil {
		defer r.Close()
		rows := 0
		for range r.Rows() {
			rows++
		}
		if rows != 1 || r.Err() == nil {
			t.Fatalf("%d rows, %v", rows, r.Err())
		}
		return
	}
	t.Fatal(err)
}

func TestRowsInTheFutureAreRefusedWhenThereIsALimit(t *testing.T) {
	r, err := tabular.Open(file(t, "a.csv", "id,time,text\n1,2026-01-01,a\n2,2109-01-01,b\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.NotAfter = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	var got []string
	for row := range r.Rows() {
		got = append(got, fmt.Sprint(row.Number, row.Reject != nil))
	}
	same(t, got, []string{"2 false", "3 true"})
}
