package tabular_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

func TestAMappingGivesColumnsZoneAndWords(t *testing.T) {
	m, err := tabular.ParseMapping([]byte(`
source: crm
zone: UTC
prefix: CRM-
channel: app
role: agent
columns:
  complaint_id: no
  registered_at: came
  title: what
  category: [top, sub]
  priority: how
  customer.id: who
  resolved_at: done
values:
  priority: {A: urgent}
`))
	if err != nil {
		t.Fatal(err)
	}
	events, rejects := read(t, file(t, "a.csv", "no,came,what,top,sub,how,who,done\n1,2026-01-01 08:00,t,x,y,A,u,2026-01-02\n"), m)
	same(t, rejects, nil)
	same(t, told(events), []string{"CRM-1 registered 2026-01-01T08:00:00Z", "CRM-1 resolved 2026-01-02T00:00:00Z"})
	want := &ingest.Registered{Channel: "app", Title: "t", Category: "x/y", Priority: "urgent", Customer: ingest.Customer{ID: "u"}}
	if !reflect.DeepEqual(events[0].Data, want) || events[0].Source != "crm" || events[1].Actor.Role != ingest.RoleAgent {
		t.Errorf("%+v, %+v from %q", events[0].Data, events[1].Actor, events[0].Source)
	}
}

func TestAMappingsMistakesAreNamedWithTheirLine(t *testing.T) {
	for name, c := range map[string]struct{ yaml, want string }{
		"an unknown key":         {"source: x\ncolour: red\ncolumns: {title: t}\n", "2:1"},
		"an unknown field":       {"columns:\n  title: t\n  colour: red\n", "line 3: unknown field \"colour\""},
		"a field without column": {"columns:\n  title:\n    x: y\n", "line 3: give a column's name"},
		"columns in a list":      {"columns: [a]\n", "line 1: columns must map fields"},
		"no columns":             {"source: x\n", "columns are missing"},
		"an unknown zone":        {"zone: Mars/Base\ncolumns: {title: t}\n", "zone \"Mars/Base\" is unknown"},
		"an unknown order":       {"dates: ymd\ncolumns: {title: t}\n", "dates \"ymd\": known are dmy (day first)"},
		"an unknown encoding":    {"encoding: ebcdic\ncolumns: {title: t}\n", "encoding \"ebcdic\""},
		"words of no field":      {"columns: {title: t}\nvalues: {colour: {a: b}}\n", "values: unknown field \"colour\""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tabular.ParseMapping([]byte(c.yaml))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	m := &tabular.Mapping{Columns: tabular.Columns{"registered_at": {"when"}, "title": {"t"}}}
	_, err := tabular.Open(file(t, "a.csv", "time,t\n2026-01-01,x\n"), m)
	if err == nil || !strings.Contains(err.Error(), `column "when" of registered_at is not in the file: it has time, t`) {
		t.Errorf("got %v", err)
	}
}

func TestAGuessedMappingCanBeSavedAndUsed(t *testing.T) {
	path := file(t, "台账.csv", ledger)
	r, err := tabular.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !r.Guessed() || r.Format() != tabular.FormatCSV {
		t.Errorf("guessed %v, format %s", r.Guessed(), r.Format())
	}
	same(t, r.Unused(), []string{"备注"})
	saved, err := tabular.LoadMapping(file(t, "mapping.yaml", r.Mapping().YAML()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, r.Mapping().YAML())
	}
	if !reflect.DeepEqual(saved, r.Mapping()) {
		t.Errorf("saved %+v, guessed %+v", saved, r.Mapping())
	}
	one, _ := read(t, path, nil)
	two, _ := read(t, path, saved)
	if !reflect.DeepEqual(one, two) {
		t.Error("the saved mapping gives other events")
	}
}

func TestHeadersOfOtherSystemsAreGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		want   tabular.Columns
	}{
		"English, with signs": {
			[]string{"Complaint ID", "Date received", "Product", "Issue", "Sub-issue", "Consumer complaint narrative", "Submitted via", "State"},
			tabular.Columns{
				"complaint_id": {"Complaint ID"}, "registered_at": {"Date received"}, "product": {"Product"}, "category": {"Issue", "Sub-issue"},
				"content": {"Consumer complaint narrative"}, "channel": {"Submitted via"}, "customer.region": {"State"},
			},
		},
		"受理时间 is the registration when there is no other": {
			[]string{"工单号", "受理时间", "诉求内容", "办结时间"},
			tabular.Columns{"complaint_id": {"工单号"}, "registered_at": {"受理时间"}, "content": {"诉求内容"}, "resolved_at": {"办结时间"}},
		},
		"受理时间 is the answer when there is another": {
			[]string{"工单号", "登记时间", "受理时间", "诉求内容"},
			tabular.Columns{"complaint_id": {"工单号"}, "registered_at": {"登记时间"}, "acknowledged_at": {"受理时间"}, "content": {"诉求内容"}},
		},
		"short fields of a list": {
			[]string{"id", "car_model", "type", "text", "labels", "date"},
			tabular.Columns{"complaint_id": {"id"}, "product": {"car_model"}, "content": {"text"}, "category": {"labels"}, "registered_at": {"date"}},
		},
		"a hotline's export": {
			[]string{"受理编号", "来电时间", "诉求人", "来电号码", "诉求类型", "反映内容", "承办单位", "派单时间", "办结时间", "办理结果", "回访时间", "满意度评价", "备注"},
			tabular.Columns{
				"complaint_id": {"受理编号"}, "registered_at": {"来电时间"}, "customer.name": {"诉求人"}, "customer.phone": {"来电号码"},
				"category": {"诉求类型"}, "content": {"反映内容"}, "department": {"承办单位"}, "dispatched_at": {"派单时间"},
				"resolved_at": {"办结时间"}, "outcome": {"办理结果"}, "surveyed_at": {"回访时间"}, "score": {"满意度评价"},
			},
		},
		"a company's ledger": {
			[]string{"工单编号", "投诉时间", "投诉渠道", "投诉内容", "责任部门", "处理人", "受理时间", "办结时间", "满意度", "关闭时间"},
			tabular.Columns{
				"complaint_id": {"工单编号"}, "registered_at": {"投诉时间"}, "channel": {"投诉渠道"}, "content": {"投诉内容"}, "department": {"责任部门"},
				"owner": {"处理人"}, "acknowledged_at": {"受理时间"}, "resolved_at": {"办结时间"}, "score": {"满意度"}, "closed_at": {"关闭时间"},
			},
		},
		"a ticket system's": {
			[]string{"Ticket Number", "Created On", "Subject", "Description", "Case Type", "Assignee", "First Response Time", "Resolution Date", "CSAT", "Closed On"},
			tabular.Columns{
				"complaint_id": {"Ticket Number"}, "registered_at": {"Created On"}, "title": {"Subject"}, "content": {"Description"}, "category": {"Case Type"},
				"owner": {"Assignee"}, "acknowledged_at": {"First Response Time"}, "resolved_at": {"Resolution Date"}, "score": {"CSAT"}, "closed_at": {"Closed On"},
			},
		},
		"a header that means nothing": {[]string{"a", "b"}, tabular.Columns{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tabular.Guess(c.header); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestInstantsInEveryCommonForm(t *testing.T) {
	want := time.Date(2019, 1, 2, 7, 4, 5, 0, time.UTC).Format(time.RFC3339)
	for text, want := range map[string]string{
		"2019-01-02 15:04:05": want, "2019/1/2 15:04:05": want, "2019.1.2 15:04:05": want, "2019年1月2日 15时04分05秒": want,
		"2019年1月2日15:04:05": want, "20190102150405": want, "2019-01-02T15:04:05": want, "2019-01-02T07:04:05Z": want,
		"2019-01-02 15:04:05 +0800": want, "2019-01-02T15:04:05.9999+08:00": "2019-01-02T07:04:05.999Z",
		"2019-01-02 15:04:05.25": "2019-01-02T07:04:05.25Z", "1546412645": want, "1546412645000": want,
		"2019/1/2 下午3:04:05": want, "2019年1月2日 下午3时04分05秒": want, "2019-1-2 3:04:05 PM": want,
		"2019-01-02 15:04": "2019-01-02T07:04:00Z", "2019/1/2 上午3:04": "2019-01-01T19:04:00Z", "2019年1月2日15时": "2019-01-02T07:00:00Z",
		"2019-01-02": "2019-01-01T16:00:00Z", "2019年1月2日": "2019-01-01T16:00:00Z", "20190102": "2019-01-01T16:00:00Z",
		"1/2/2019": "", "2019": "", "2019-13-01": "", "25:00": "", "明天": "", "2019-01-02 25:00:00": "", "12345": "",
	} {
		t.Run(text, func(t *testing.T) {
			events, rejects := read(t, file(t, "a.csv", "id,time,text\n1,"+text+",a\n"), nil)
			if want == "" {
				same(t, rejects, []string{"2 registered_at (time) invalid_value"})
				return
			}
			if len(events) != 1 || events[0].OccurredAt.Format(time.RFC3339Nano) != want {
				t.Errorf("read %v %v, want %s", told(events), rejects, want)
			}
		})
	}
}
