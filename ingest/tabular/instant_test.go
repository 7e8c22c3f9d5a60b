package tabular

import (
	"strings"
	"testing"
	"time"
)

func TestInstantsAsExportsHaveThem(t *testing.T) {
	shanghai := time.FixedZone("", 8*60*60)
	for text, want := range map[string]string{
		"2024/3/5 8:01": "2024-03-05T08:01:00", "2024年3月5日 上午8点": "2024-03-05T08:00:00", "2024年3月5日上午8点半": "2024-03-05T08:30:00",
		"2024年3月5日 下午8点05分": "2024-03-05T20:05:00", "20240305": "2024-03-05T00:00:00", "20240305080102": "2024-03-05T08:01:02",
		"45356": "2024-03-05T00:00:00", "45356.5": "2024-03-05T12:00:00", "45356.334027777775": "2024-03-05T08:01:00",
		"2024-03-05 下午 15:04": "2024-03-05T15:04:00", "2024-3-5 下午12:30": "2024-03-05T12:30:00", "2024-3-5 上午12:30": "2024-03-05T00:30:00",
		"2024-3-5 凌晨12:30": "2024-03-05T00:30:00", "2024-3-5 凌晨2点": "2024-03-05T02:00:00", "2024-3-5 中午1点": "2024-03-05T13:00:00", "2024-3-5 中午12点": "2024-03-05T12:00:00",
		"2024-3-5 晚上9:30": "2024-03-05T21:30:00", "2024年3月5号 早上7点": "2024-03-05T07:00:00", "2024-3-5 傍晚6点": "2024-03-05T18:00:00",
		"2024年3月5日（星期二）08:01": "2024-03-05T08:01:00", "2024-03-05 周二 8:01:02": "2024-03-05T08:01:02", "2024/03/05　8：01": "2024-03-05T08:01:00",
		"5 Mar 2024 8:01": "2024-03-05T08:01:00", "Mar 5, 2024": "2024-03-05T00:00:00", "March 5, 2024 8:01 PM": "2024-03-05T20:01:00", "05-MAR-2024 08:01:02": "2024-03-05T08:01:02",
		"2024/3/5 8:01 +0800": "2024-03-05T08:01:00", "2024-03-05 00:01 UTC": "2024-03-05T08:01:00", "2024-03-05 02:01:00 GMT+2": "2024-03-05T08:01:00",
		"2024-03-05T00:01:00Z": "2024-03-05T08:01:00", "2024-03-04 19:01:00.5-05": "2024-03-05T08:01:00.5", "2024-03-05 05:31:00+05:30": "2024-03-05T08:01:00",
		"1709596860": "2024-03-05T08:01:00", "1709596860000": "2024-03-05T08:01:00",
	} {
		at, err := ParseInstant(text, shanghai)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := at.In(shanghai).Format("2006-01-02T15:04:05.999"); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	honolulu := time.FixedZone("", -10*60*60)
	if at, err := ParseInstant("2024/3/5 8:01", honolulu); err != nil || at.UTC().Hour() != 18 {
		t.Errorf("in another zone: %v %v", at, err)
	}
}

func TestInstantsThatCouldMeanTwoThingsAreRefusedWithTheRemedy(t *testing.T) {
	for text, want := range map[string]string{
		"3/4/2024": "dates: dmy (day first) or dates: mdy", "03-04-2024 8:01": "--dates", "3.4.2024": "--dates", "25/12/2024": "--dates", "12/25/2024 8:01 PM": "--dates",
		"24/3/5": "two digits", "24-03-05 08:01": "two digits", "3/4/24": "two digits",
		"2024-3-5 晚上12点": "part of the day", "2024-3-5 上午15点": "part of the day", "2024-3-5 中午9点": "part of the day",
		"2024-02-30": "is no date", "2024/13/1": "is no date", "昨天上午": "is no date", "8:01": "is no date", "2024-03-05 08:01 CST": "is no date", "2024-03-05 08:01 +25": "is no date",
	} {
		if at, err := ParseInstant(text, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v %v, want %s", text, at, err, want)
		}
	}
	for _, c := range []struct{ text, order, want string }{
		{"3/4/2024", "dmy", "2024-04-03T00:00:00Z"},
		{"3/4/2024", "mdy", "2024-03-04T00:00:00Z"},
		{"25.12.2024 8:01", "dmy", "2024-12-25T08:01:00Z"},
		{"12-25-2024 8:01:02 PM", "mdy", "2024-12-25T20:01:02Z"},
		{"03/04/2024 08:01 +0800", "dmy", "2024-04-03T00:01:00Z"},
		{"12/25/2024", "dmy", ""},
		{"25/12/2024", "mdy", ""},
		{"31/2/2024", "dmy", ""},
		{"0/1/2024", "mdy", ""},
	} {
		at, err := parseInstant(c.text, time.UTC, c.order)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s as %s is %s", c.text, c.order, at)
			}
		} else if err != nil || at.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s as %s: %v %v, want %s", c.text, c.order, at, err, c.want)
		}
	}
}
