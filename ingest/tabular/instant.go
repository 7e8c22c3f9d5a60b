package tabular

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Orders of day and month in dates like 3/4/2026, as a mapping's dates may say.
const (
	datesDayFirst   = "dmy"
	datesMonthFirst = "mdy"
)

// instantLayouts are tried in order on a text whose separators were made even.
var instantLayouts = []string{"2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2 3:4:5PM", "2006-1-2 3:4PM", "2006-1-2 15", "2006-1-2"} //nolint:gochecknoglobals // a constant list

// namedLayouts are dates with an English month, and what may follow them.
var (
	namedLayouts = []string{"2 Jan 2006", "Jan 2 2006", "2 January 2006", "January 2 2006"} //nolint:gochecknoglobals // a constant list
	clockLayouts = []string{"", " 15:4:5", " 15:4", " 3:4:5PM", " 3:4PM"}                   //nolint:gochecknoglobals // a constant list
)

// separators makes the Chinese and the other ways of writing a date one.
var separators = strings.NewReplacer("年", "-", "月", "-", "日", " ", "号", " ", "时半", ":30", "点半", ":30", "时", ":", "点", ":", "分", ":", "秒", "", "/", "-", "T", " ", "　", " ", "：", ":") //nolint:gochecknoglobals // a constant table

// halves are the words for a part of the day, and which hours they may go with.
var halves = []struct { //nolint:gochecknoglobals // a constant table
	word        string
	first, last int // of the 24 hours
}{
	{"凌晨", 0, 6}, {"早上", 4, 11}, {"早晨", 4, 11}, {"上午", 0, 11}, {"中午", 11, 14}, {"下午", 12, 23}, {"傍晚", 16, 20}, {"晚上", 17, 23},
}

var (
	// weekday is said beside the date and tells nothing new.
	weekday = regexp.MustCompile(`[（(]?(?:星期|礼拜|周)[一二三四五六日天][)）]?`)
	// zoned is a time of day with an offset after it.
	zoned = regexp.MustCompile(`^(.*?\d:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?: ?[AP]M)?) ?(Z|UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$`)
	// yearLast is a date whose order of day and month nothing tells; shortYear one that could mean anything.
	yearLast  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\D|$)`)
	shortYear = regexp.MustCompile(`^\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}(?:\D|$)`)
)

var (
	errNoDate   = errors.New("is no date: write it like 2026-11-21 09:03:11")
	errOrder    = errors.New("has day and month in an order that nothing tells: say dates: dmy (day first) or dates: mdy (month first) in the mapping, or with --dates")
	errYear     = errors.New("has a year of two digits, which could be anything: export it with four, like 2026-11-21")
	errHalf     = errors.New("has an hour that does not go with its part of the day: write it like 2026-11-21 21:03")
	errOtherWay = errors.New("has no such day and month in the order that dates says: check whether it is dmy or mdy")
)

// ParseInstant reads the common forms of an instant (see docs/import.md). Without an offset it is in zone. A date whose
// order of day and month nothing tells is an error.
func ParseInstant(text string, zone *time.Location) (time.Time, error) {
	return parseInstant(text, zone, "")
}

// parseInstant reads the common forms of an instant: RFC 3339, 2019-01-02 03:04:05, 2019/1/2 3:04, 2019年1月2日,
// 20190102, 20190102030405, Unix seconds and milliseconds, with 上午 and 下午 and their like, with English months, and a
// spreadsheet's days since 1899-12-30. Without an offset it is in zone. The order is that of day and month where the year
// comes last.
func parseInstant(text string, zone *time.Location, order string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if at, ok := parseDigits(text, zone); ok {
		return at, nil
	}
	if at, ok := parseSerial(text, zone); ok {
		return at, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	text = strings.Join(strings.Fields(weekday.ReplaceAllString(text, " ")), " ")
	text, zone = cutZone(text, zone)
	text, err := yearFirst(text, order)
	if err != nil {
		return time.Time{}, err
	}
	if at, ok := parseNamed(text, zone); ok {
		return at, nil
	}
	even := separators.Replace(text)
	if strings.Count(even, ".") >= 2 {
		even = strings.Replace(even, ".", "-", 2)
	}
	return parseEven(even, zone)
}

// cutZone takes an offset off the end and gives the zone that it means.
func cutZone(text string, zone *time.Location) (string, *time.Location) {
	found := zoned.FindStringSubmatch(text)
	if found == nil || found[2] == "" && found[3] == "" {
		return text, zone
	}
	if found[3] == "" {
		return found[1], time.UTC
	}
	hours, _ := strconv.Atoi(found[4]) // digits, the pattern says
	minutes, _ := strconv.Atoi("0" + found[5])
	seconds := (hours*60 + minutes) * 60
	if hours > 14 || minutes > 59 {
		return text, zone
	}
	if found[3] == "-" {
		seconds = -seconds
	}
	return found[1], time.FixedZone("", seconds)
}

// yearFirst brings a date with the year at its end into the order of the others.
func yearFirst(text, order string) (string, error) {
	found := yearLast.FindStringSubmatch(text)
	switch {
	case found == nil && shortYear.MatchString(text):
		return "", errYear
	case found == nil:
		return text, nil
	case order == "":
		return "", errOrder
	}
	day, month := found[1], found[2]
	if order == datesMonthFirst {
		day, month = month, day
	}
	if n, err := strconv.Atoi(month); err != nil || n < 1 || n > 12 {
		return "", errOtherWay
	}
	return found[3] + "-" + month + "-" + day + text[strings.Index(text, found[3])+len(found[3]):], nil
}

// parseNamed reads dates with English months: 5 Mar 2024, March 5, 2024 8:01 PM.
func parseNamed(text string, zone *time.Location) (time.Time, bool) {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }) {
		return time.Time{}, false
	}
	even := strings.Join(strings.Fields(strings.NewReplacer(",", " ", "-", " ").Replace(text)), " ")
	even = strings.NewReplacer(" PM", "PM", " AM", "AM", " pm", "PM", " am", "AM").Replace(even)
	for _, date := range namedLayouts {
		for _, clock := range clockLayouts {
			if at, err := time.ParseInLocation(date+clock, even, zone); err == nil {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// parseEven reads a text with even separators, and the words for a part of the day.
func parseEven(even string, zone *time.Location) (time.Time, error) {
	said := -1
	for i, h := range halves {
		if strings.Contains(even, h.word) {
			even, said = strings.Replace(even, h.word, " ", 1), i
			break
		}
	}
	even = strings.TrimRight(strings.Join(strings.Fields(even), " "), ": ")
	even = strings.NewReplacer(":PM", "PM", ":AM", "AM", " PM", "PM", " AM", "AM", " pm", "PM", " am", "AM").Replace(even)
	for _, layout := range instantLayouts {
		at, err := time.ParseInLocation(layout, even, zone)
		if err != nil {
			continue
		}
		if said < 0 {
			return at, nil
		}
		return inHalf(at, halves[said].first, halves[said].last)
	}
	return time.Time{}, errNoDate
}

// inHalf moves a hour of the clock's face into its part of the day: 下午3点 is 15, 凌晨12点 is 0.
func inHalf(at time.Time, first, last int) (time.Time, error) {
	hour := at.Hour()
	for _, h := range []int{hour, (hour + 12) % 24} {
		if (hour <= 12 || h == hour) && h >= first && h <= last {
			return time.Date(at.Year(), at.Month(), at.Day(), h, at.Minute(), at.Second(), at.Nanosecond(), at.Location()), nil
		}
	}
	return time.Time{}, errHalf
}
