package sla_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"wenguo/transform/sla"
)

// ics wraps events, one property a line, into a calendar.
func ics(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

// worked is how much of each day of the week from Monday 2027-02-01 is worked under weekday hours 09:00–18:00 and the
// holidays of a file, in hours.
func worked(t *testing.T, from string, p *sla.Pack) (hours [7]float64) {
	t.Helper()
	zone := zone(t, "Asia/Shanghai")
	cal := sla.Working(sla.Week{
		Name: "c", Zone: zone, Days: []time.Weekday{1, 2, 3, 4, 5}, Hours: []sla.Hours{{From: 540, To: 1080}}, Holidays: p,
	})
	day, err := time.ParseInLocation(time.DateOnly, from, zone)
	if err != nil {
		t.Fatal(err)
	}
	for i := range hours {
		hours[i] = cal.Between(day.AddDate(0, 0, i), day.AddDate(0, 0, i+1)).Hours()
	}
	return hours
}

func TestICalendarDays(t *testing.T) {
	plain := [7]float64{9, 9, 9, 9, 9, 0, 0}
	for name, tt := range map[string]struct {
		events []string
		from   string // a Monday
		want   [7]float64
	}{
		"an event of one date is a day of rest":           {[]string{"DTSTART;VALUE=DATE:20270202"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"the end of an event is the day after its last":   {[]string{"DTSTART;VALUE=DATE:20270202\nDTEND;VALUE=DATE:20270205"}, "2027-02-01", [7]float64{9, 0, 0, 0, 9, 0, 0}},
		"an end on the first day is taken as that day":    {[]string{"DTSTART;VALUE=DATE:20270202\nDTEND;VALUE=DATE:20270202"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"a duration is as good as an end":                 {[]string{"DTSTART;VALUE=DATE:20270202\nDURATION:P2D"}, "2027-02-01", [7]float64{9, 0, 0, 9, 9, 0, 0}},
		"a date without VALUE is a date":                  {[]string{"DTSTART:20270202"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"a make-up day of the title":                      {[]string{"SUMMARY:春节（班）\nDTSTART;VALUE=DATE:20270206"}, "2027-02-01", [7]float64{9, 9, 9, 9, 9, 9, 0}},
		"a make-up day in words":                          {[]string{"SUMMARY:春节补班\nDTSTART;VALUE=DATE:20270206"}, "2027-02-01", [7]float64{9, 9, 9, 9, 9, 9, 0}},
		"a make-up day of a category":                     {[]string{"SUMMARY:x\nCATEGORIES:公司,班\nDTSTART;VALUE=DATE:20270206"}, "2027-02-01", [7]float64{9, 9, 9, 9, 9, 9, 0}},
		"a make-up day as Apple marks it":                 {[]string{"SUMMARY:春节\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY\nDTSTART;VALUE=DATE:20270207"}, "2027-02-01", [7]float64{9, 9, 9, 9, 9, 0, 9}},
		"to be on duty is not to work":                    {[]string{"SUMMARY:春节值班\nDTSTART;VALUE=DATE:20270202"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"beside marked holidays the unmarked are none":    {[]string{"SUMMARY:春节（休）\nDTSTART;VALUE=DATE:20270202", "SUMMARY:立春\nDTSTART;VALUE=DATE:20270204"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"beside marked make-up days they are":             {[]string{"SUMMARY:春节（班）\nDTSTART;VALUE=DATE:20270206", "SUMMARY:春节\nDTSTART;VALUE=DATE:20270204"}, "2027-02-01", [7]float64{9, 9, 9, 0, 9, 9, 0}},
		"a make-up day inside a holiday is worked":        {[]string{"SUMMARY:补班\nDTSTART;VALUE=DATE:20270203", "DTSTART;VALUE=DATE:20270202\nDTEND;VALUE=DATE:20270205"}, "2027-02-01", [7]float64{9, 0, 9, 0, 9, 0, 0}},
		"a cancelled event is none":                       {[]string{"STATUS:CANCELLED\nDTSTART;VALUE=DATE:20270202"}, "2027-02-01", plain},
		"a holiday that returns every year":               {[]string{"DTSTART;VALUE=DATE:20200202\nRRULE:FREQ=YEARLY"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"one that has ended does not":                     {[]string{"DTSTART;VALUE=DATE:20200202\nRRULE:FREQ=YEARLY;UNTIL=20260301"}, "2027-02-01", plain},
		"the first Monday of February":                    {[]string{"DTSTART;VALUE=DATE:20200203\nRRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=1MO"}, "2027-02-01", [7]float64{0, 9, 9, 9, 9, 0, 0}},
		"a year left out":                                 {[]string{"DTSTART;VALUE=DATE:20200202\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20260202,20270202"}, "2027-02-01", plain},
		"further dates":                                   {[]string{"DTSTART;VALUE=DATE:20260202\nRDATE;VALUE=DATE:20270202,20270203"}, "2027-02-01", [7]float64{9, 0, 0, 9, 9, 0, 0}},
		"an occurrence that was moved":                    {[]string{"UID:u\nDTSTART;VALUE=DATE:20200202\nRRULE:FREQ=YEARLY", "UID:u\nRECURRENCE-ID;VALUE=DATE:20270202\nDTSTART;VALUE=DATE:20270205"}, "2027-02-01", [7]float64{9, 9, 9, 9, 0, 0, 0}},
		"an event with times closes that part of the day": {[]string{"DTSTART;TZID=Asia/Shanghai:20270202T140000\nDTEND;TZID=Asia/Shanghai:20270202T180000"}, "2027-02-01", [7]float64{9, 5, 9, 9, 9, 0, 0}},
		"its zone counts: 06:00 in UTC is 14:00":          {[]string{"DTSTART:20270202T060000Z\nDTEND:20270202T230000Z"}, "2027-02-01", [7]float64{9, 5, 9, 9, 9, 0, 0}},
		"from noon to noon closes two half days":          {[]string{"DTSTART:20270202T120000\nDTEND:20270203T120000"}, "2027-02-01", [7]float64{9, 3, 6, 9, 9, 0, 0}},
		"from midnight to midnight closes the day":        {[]string{"DTSTART:20270202T000000\nDTEND:20270203T000000"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
		"a marked event with times opens that part":       {[]string{"SUMMARY:补班\nDTSTART:20270206T090000\nDTEND:20270206T120000"}, "2027-02-01", [7]float64{9, 9, 9, 9, 9, 3, 0}},
		"a line goes on with a blank":                     {[]string{"SUMMARY:春\n 节（\n 班）\nDTSTART;VALUE=DATE:20270206"}, "2027-02-01", [7]float64{9, 9, 9, 9, 9, 9, 0}},
		"alarms within an event are left alone":           {[]string{"DTSTART;VALUE=DATE:20270202\nBEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nDESCRIPTION:x\nEND:VALARM"}, "2027-02-01", [7]float64{9, 0, 9, 9, 9, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := sla.ReadICal(ics(tt.events...), zone(t, "Asia/Shanghai"))
			if err != nil {
				t.Fatal(err)
			}
			if got := worked(t, tt.from, p); got != tt.want {
				t.Errorf("worked %v, want %v", got, tt.want)
			}
		})
	}
}

func TestICalendarKnowsItsYears(t *testing.T) {
	for name, tt := range map[string]struct {
		events      []string
		knows, lack []int
	}{
		"those of its dates":                          {[]string{"DTSTART;VALUE=DATE:20260101", "DTSTART;VALUE=DATE:20270101"}, []int{2026, 2027}, []int{2025, 2028}},
		"all when everything returns":                 {[]string{"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY"}, []int{2026, 2090}, nil},
		"beside dates, what returns tells of no year": {[]string{"DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY", "DTSTART;VALUE=DATE:20270405"}, []int{2027}, []int{2026, 2028}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := sla.ReadICal(ics(tt.events...), time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			for _, y := range tt.knows {
				if !p.Knows(y) {
					t.Errorf("%d is not known", y)
				}
			}
			for _, y := range tt.lack {
				if p.Knows(y) {
					t.Errorf("%d is known", y)
				}
			}
		})
	}
}

func TestMalformedICalendarNamesLineAndRemedy(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"no calendar at all":           {"", "no calendar at line 1; an iCalendar file begins with BEGIN:VCALENDAR"},
		"a page instead of a calendar": {"<html>\n", "line that is no property at line 1"},
		"an event outside a calendar":  {"BEGIN:VEVENT\nEND:VEVENT\n", "BEGIN:VEVENT outside a calendar at line 1"},
		"text after the calendar":      {"BEGIN:VCALENDAR\nEND:VCALENDAR\nX:1\n", "text outside a calendar at line 3"},
		"a file cut short":             {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\n", "BEGIN:VEVENT without an end at line 2; the file is cut short"},
		"an end of something else":     {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VTODO\n", "END:VTODO where END:VEVENT is due at line 3"},
		"a line that breaks off":       {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE\nEND:VEVENT\nEND:VCALENDAR\n", "line that is no property at line 3"},
		"an event without a start":     {"BEGIN:VCALENDAR\n\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n", "event without DTSTART at line 3; add one like DTSTART;VALUE=DATE:20261001"},
		"a date that is none":          {string(ics("SUMMARY:x\nDTSTART;VALUE=DATE:20271301")), `"20271301" is no date at line 6`},
		"a date in another form":       {string(ics("DTSTART;VALUE=DATE:2027-01-01")), `"2027-01-01" is no date at line 5; write it like 20261001`},
		"a zone of another system":     {string(ics("DTSTART;TZID=China Standard Time:20270101T000000")), `unknown zone "China Standard Time" at line 5; write a name of the IANA list such as TZID=Asia/Shanghai`},
		"an end before the start":      {string(ics("DTSTART;VALUE=DATE:20270102\nDTEND;VALUE=DATE:20270101")), "ends before it begins or lasts longer than a year at line 6"},
		"a date and a time":            {string(ics("DTSTART;VALUE=DATE:20270102\nDTEND:20270103T000000")), "one of DTSTART and DTEND has a time"},
		"a broken rule":                {string(ics("DTSTART;VALUE=DATE:20270102\nRRULE:FREQ=SOMETIMES")), "broken rule at line 6; write one like RRULE:FREQ=YEARLY"},
		"a rule by the second":         {string(ics("DTSTART:20270102T000000\nRRULE:FREQ=SECONDLY")), "event that returns within a day at line 6"},
		"a broken duration":            {string(ics("DTSTART;VALUE=DATE:20270102\nDURATION:3 days")), "broken duration at line 6"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sla.ReadICal([]byte(tt.text), time.UTC)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v does not say %s", err, tt.want)
			}
		})
	}
}

// FuzzICalendar holds that whatever is in a file, it is read or refused, and that a refusal names a line.
func FuzzICalendar(f *testing.F) {
	f.Add(ics("SUMMARY:春节（班）\nDTSTART;VALUE=DATE:20270206"))
	f.Add(ics("DTSTART;VALUE=DATE:20200203\nRRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=1MO\nEXDATE;VALUE=DATE:20260202,20270202"))
	f.Add(ics("DTSTART;TZID=Asia/Shanghai:20270202T140000\nDTEND;TZID=Asia/Shanghai:20270202T180000"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;X=\"\":\nDURATION:P\nEND:VEVENT\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := sla.ReadICal(text, time.UTC)
		if err == nil {
			return
		}
		if m, ok := errors.AsType[sla.Mistake](err); !ok || m.Line < 1 {
			t.Errorf("%T without a line: %v", err, err)
		}
	})
}

func TestSourcesLieOverEachOther(t *testing.T) {
	policy := func(holidays string) []byte {
		return []byte("calendars:\n  c:\n    kind: working\n    days: [mon, tue, wed, thu, fri]\n    hours: [\"09:00-18:00\"]\n    holidays: " + holidays +
			"\nrules: [{stage: resolve, target: 1h, calendar: c}]\n")
	}
	read := func(string) ([]byte, error) {
		return ics("SUMMARY:公司年会\nDTSTART;VALUE=DATE:20261010", "SUMMARY:补班\nDTSTART;VALUE=DATE:20261001", "DTSTART;VALUE=DATE:20270101"), nil
	}
	for name, tt := range map[string]struct {
		holidays string
		rest     []string // of these days
		until    string
	}{
		"a pack alone":                       {"cn", []string{"2026-10-01", "2026-10-02"}, "2027-01-01T00:00:00+08:00"},
		"a file alone knows its years":       {"{ical: x.ics}", []string{"2026-10-10", "2027-01-01"}, "2028-01-01T00:00:00+08:00"},
		"a file over a pack adds days only":  {"[cn, {ical: x.ics}]", []string{"2026-10-02", "2026-10-10", "2027-01-01"}, "2027-01-01T00:00:00+08:00"},
		"and years where the policy says so": {"[{pack: cn}, {ical: x.ics, years: 2027}]", []string{"2026-10-02", "2026-10-10", "2027-01-01"}, "2028-01-01T00:00:00+08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := sla.Embed(policy(tt.holidays), read)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := sla.Embed(text, nil); err != nil || string(again) != string(text) {
				t.Errorf("what is embedded is embedded again: %v", err)
			}
			p, err := sla.ParsePolicy(text)
			if err != nil {
				t.Fatal(err)
			}
			target, _ := p.Target(sla.Resolve, sla.Values{})
			var rest []string
			for _, day := range []string{"2026-10-01", "2026-10-02", "2026-10-10", "2026-10-12", "2027-01-01"} {
				from := instant(t, day+"T00:00:00+08:00")
				if target.Calendar.Between(from, from.AddDate(0, 0, 1)) == 0 {
					rest = append(rest, day)
				}
			}
			if strings.Join(rest, " ") != strings.Join(tt.rest, " ") {
				t.Errorf("rest on %v, want %v", rest, tt.rest)
			}
			if until := target.Calendar.ValidUntil(); !until.Equal(instant(t, tt.until)) {
				t.Errorf("valid until %s, want %s", until, tt.until)
			}
		})
	}
}

func TestAChangedFileIsAChangedPolicy(t *testing.T) {
	text := []byte("calendars: {c: {kind: working, days: [mon], hours: [\"09:00-18:00\"], holidays: {ical: x.ics}}}")
	embed := func(content []byte) string {
		out, err := sla.Embed(text, func(name string) ([]byte, error) { return content, nil })
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if embed(ics("DTSTART;VALUE=DATE:20270101")) == embed(ics("DTSTART;VALUE=DATE:20270102")) {
		t.Error("the policy is the same")
	}
	_, err := sla.Embed(text, func(string) ([]byte, error) { return []byte("BEGIN:VCALENDAR\nEND:VEVENT\n"), nil })
	if err == nil || !strings.Contains(err.Error(), "iCalendar file x.ics: END:VEVENT where END:VCALENDAR is due at line 2") {
		t.Errorf("a broken file: %v", err)
	}
}
