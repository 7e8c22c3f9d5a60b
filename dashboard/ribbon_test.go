package dashboard_test

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
)

// office counts 09:00–12:00 and 13:30–18:00 from Monday to Friday.
func office() *sla.Calendar {
	return sla.Working(sla.Week{
		Name: "working-hours", Zone: zone, Days: []time.Weekday{1, 2, 3, 4, 5}, Hours: []sla.Hours{{From: 540, To: 720}, {From: 810, To: 1080}},
	})
}

// clockPage shows one clock, read on Friday 2026-11-20 at an hour, on the page of a complaint.
func clockPage(t *testing.T, clock sla.Clock, cal *sla.Calendar, pauses []transform.Pause, now time.Time) string {
	t.Helper()
	fact := transform.Complaint{ID: "C-1", RegisteredAt: clock.Started, State: transform.Open, Rounds: []transform.Round{{Number: 1}}, Pauses: pauses}
	d := &transform.ComplaintDetail{Fact: fact, AsOf: now, Clocks: []transform.ClockReading{fact.ReadClock(clock, cal, now)}}
	body := get(t, open(t, &sample{detail: d}), "/complaints/C-1?as_of="+strings.ReplaceAll(now.Format(time.RFC3339), "+", "%2B")).Body.String()
	item := regexp.MustCompile(`(?s)<li class="clock".*?</li>`).FindString(body)
	if item == "" {
		t.Fatal("the page shows no clock")
	}
	return html.UnescapeString(item)
}

func friday(hour, minute int) time.Time { return time.Date(2026, 11, 20, hour, minute, 0, 0, zone) }

func TestRibbonShowsWhatTheDeadlineIsMadeOf(t *testing.T) {
	run := func(cal *sla.Calendar, target time.Duration, start, finish, end time.Time, pauses ...sla.Interval) sla.Clock {
		return sla.Run{
			Target: sla.Target{Stage: sla.Resolve, Calendar: cal, Duration: target, WarnAfter: target * 3 / 4, Pauses: true, Rule: sla.RuleDefault},
			Round:  1, Started: start, Finish: finish, End: end, Pauses: pauses,
		}.Clock()
	}
	none := time.Time{}
	day := sla.Natural("natural-days")
	second := run(office(), 4*time.Hour, friday(9, 0), friday(11, 0), none)
	second.Stage, second.Round = sla.Redo, 2
	guess := run(office(), 4*time.Hour, friday(9, 0), none, none)
	guess.Provisional = true
	for sentence, c := range map[string]struct {
		clock  sla.Clock
		cal    *sla.Calendar
		pauses []transform.Pause
		now    time.Time
		// kinds are the stretches from left to right.
		kinds []string
		// due and end are where the marks stand, in percent.
		due, end string
		words    []string
	}{
		"finished after lunch, before the deadline": {
			run(office(), 2*time.Hour, friday(11, 0), friday(14, 0), none), office(), nil, friday(15, 0),
			[]string{"counting", "off_hours", "counting", "counting-left"},
			"100.000", "85.714",
			[]string{"按时", "用时 1.5 小时", "11-20 14:30 到期", "11-20 14:00 完成", "时限 2 小时（工作时间）", "非工作时间", "期限怎么算出来的"},
		},
		"running, and the deadline lies behind a weekend": {
			run(office(), 2*time.Hour, friday(17, 0), none, none), office(), nil, friday(17, 30),
			[]string{"counting", "counting-left", "off_hours-left", "counting-left"},
			"100.000", "0.769",
			[]string{"计时中", "11-23 10:00 到期", "剩 2.7 天"},
		},
		"started outside working hours": {
			run(office(), time.Hour, friday(7, 0), none, none), office(), nil, friday(8, 0),
			[]string{"off_hours", "off_hours-left", "counting-left"},
			"100.000", "33.333",
			[]string{"11-20 10:00 到期"},
		},
		"a pause that has ended moves the deadline": {
			run(day, 2*time.Hour, friday(9, 0), none, none, sla.Interval{From: friday(10, 0), To: friday(11, 0)}), day,
			[]transform.Pause{{StartedAt: friday(10, 0), EndedAt: friday(11, 0)}},
			friday(11, 30),
			[]string{"counting", "paused", "counting", "counting-left"},
			"100.000", "83.333",
			[]string{"挂起 60 分钟", "11-20 12:00 到期", "剩 30 分钟"},
		},
		"while a pause is open the deadline moves with now": {
			run(day, 2*time.Hour, friday(9, 0), none, none, sla.Interval{From: friday(10, 0)}), day,
			[]transform.Pause{{StartedAt: friday(10, 0)}},
			friday(13, 0),
			[]string{"counting", "paused", "counting-left"},
			"100.000", "80.000",
			[]string{"挂起中，期限顺延", "挂起 3.0 小时", "11-20 14:00 到期"},
		},
		"past due and not finished": {
			run(day, 2*time.Hour, friday(9, 0), none, none), day, nil, friday(13, 0),
			[]string{"counting", "over"},
			"50.000", "100.000",
			[]string{"超时", "已超期 2.0 小时"},
		},
		"finished too late": {
			run(day, 2*time.Hour, friday(9, 0), friday(12, 0), none), day, nil, friday(18, 0),
			[]string{"counting", "over"},
			"66.667", "100.000",
			[]string{"超时 60 分钟后完成", "11-20 12:00 完成"},
		},
		"cancelled by the end of the complaint": {
			run(day, 4*time.Hour, friday(9, 0), none, friday(10, 0)), day, nil, friday(18, 0),
			[]string{"counting", "counting-left"},
			"100.000", "25.000",
			[]string{"已取消", "未到期即结束", "11-20 10:00 取消"},
		},
		"finished before it started has no verdict and no end": {
			run(day, 4*time.Hour, friday(9, 0), friday(8, 0), none), day, nil, friday(10, 0),
			[]string{"counting-left"},
			"100.000", "",
			[]string{"时间异常", "完成早于开始，不作判断"},
		},
		"the second treatment has a clock of its own": {
			second, office(), nil, friday(12, 0),
			[]string{"counting", "counting-left", "off_hours-left", "counting-left"},
			"100.000", "36.364",
			[]string{"二次处置", "第 2 轮"},
		},
		"a deadline in a year without holidays is provisional": {
			guess, office(), nil, friday(10, 0),
			[]string{"counting", "counting-left", "off_hours-left", "counting-left"},
			"100.000", "18.182",
			[]string{"暂定：跨入没有放假安排的年份", "期限暂定"},
		},
		"a deadline that a person named has no arithmetic": {
			sla.Named(sla.Assist, 1, friday(9, 0), friday(11, 0), none, none), nil, nil, friday(10, 0),
			[]string{"counting", "counting-left"},
			"100.000", "50.000",
			[]string{"协办", "期限由人指定"},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			item := clockPage(t, c.clock, c.cal, c.pauses, c.now)
			var kinds []string
			for _, m := range regexp.MustCompile(`<rect class="r-([a-z_-]+)"`).FindAllStringSubmatch(item, -1) {
				kinds = append(kinds, m[1])
			}
			if !slices.Equal(kinds, c.kinds) {
				t.Errorf("stretches %v, want %v", kinds, c.kinds)
			}
			mark := func(class string) string {
				if m := regexp.MustCompile(`class="` + class + `" d="M([0-9.]+) `).FindStringSubmatch(item); m != nil {
					return m[1]
				}
				return ""
			}
			if mark("r-due") != c.due || mark("r-end") != c.end {
				t.Errorf("due at %q and end at %q, want %q and %q", mark("r-due"), mark("r-end"), c.due, c.end)
			}
			for _, w := range c.words {
				if !strings.Contains(item, w) {
					t.Errorf("lacks %q in %s", w, item)
				}
			}
			label := regexp.MustCompile(`role="img" aria-label="([^"]+)"`).FindStringSubmatch(item)
			if label == nil || !strings.Contains(label[1], "到期") || !strings.Contains(label[1], "开始") {
				t.Errorf("the ribbon is labelled %v", label)
			}
			covered(t, item)
		})
	}
}

// covered checks that the stretches lie edge to edge over the whole ribbon.
func covered(t *testing.T, item string) {
	t.Helper()
	at := 0.0
	for _, m := range regexp.MustCompile(`x="([0-9.]+)" width="([0-9.]+)"`).FindAllStringSubmatch(item, -1) {
		var x, width float64
		for i, to := range []*float64{&x, &width} {
			*to = parse(t, m[i+1])
		}
		if x < at-.002 || x > at+.002 {
			t.Errorf("a stretch begins at %v, the one before ended at %v", x, at)
		}
		at = x + width
	}
	if at < 99.99 || at > 100.01 {
		t.Errorf("the stretches end at %v", at)
	}
}

func TestLongArithmeticIsCutAndSaysSo(t *testing.T) {
	clock := sla.Run{
		Target: sla.Target{Stage: sla.Resolve, Calendar: office(), Duration: 40 * 450 * time.Minute, Rule: sla.RuleDefault}, Round: 1, Started: friday(9, 0),
	}.Clock()
	item := clockPage(t, clock, office(), nil, friday(10, 0))
	if rows := strings.Count(item, `<th scope="row">`); rows != 60 || !strings.Contains(item, "后面还有 99 段") {
		t.Errorf("%d lines: %s", rows, regexp.MustCompile(`后面.*?段`).FindString(item))
	}
}

func parse(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
