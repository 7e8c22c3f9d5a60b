package tabular

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// words translates what stands in Chinese tables. A value that is neither here nor in the mapping stays as it is.
var words = map[string]map[string]string{ //nolint:gochecknoglobals // a constant table
	fChannel: {
		"电话": "phone", "热线": "phone", "来电": "phone", "12345热线": "phone", "邮件": "email", "邮箱": "email", "电子邮件": "email",
		"网站": "web", "网页": "web", "网络": "web", "网上": "web", "官网": "web", "微信": "wechat", "公众号": "wechat", "微信公众号": "wechat",
		"APP": "app", "App": "app", "手机APP": "app", "客户端": "app", "在线客服": "im", "在线": "im", "即时通讯": "im",
		"微博": "social", "社交媒体": "social", "抖音": "social", "柜台": "counter", "现场": "counter", "来访": "counter", "门店": "counter",
		"传真": "fax", "其他": "other", "其它": "other", "Phone": "phone", "Web": "web", "Email": "email", "Fax": "fax",
	},
	fPriority: {
		"特急": "urgent", "紧急": "urgent", "加急": "urgent", "高": "high", "重要": "high", "较急": "high",
		"中": "normal", "普通": "normal", "一般": "normal", "正常": "normal", "低": "low", "咨询": "low",
		"Urgent": "urgent", "High": "high", "Medium": "normal", "medium": "normal", "Normal": "normal", "Low": "low",
	},
	fLevel:        {"一级": "1", "二级": "2", "三级": "3", "Ⅰ级": "1", "Ⅱ级": "2", "Ⅲ级": "3"},
	fScore:        {"非常满意": "5", "满意": "4", "比较满意": "4", "一般": "3", "基本满意": "3", "不满意": "2", "不太满意": "2", "非常不满意": "1", "很不满意": "1"},
	fReopenReason: {"低分": "low_score", "不满意": "low_score", "未解决": "not_fixed", "未修复": "not_fixed", "监管": "regulator", "其他": "other"},
	fAccepted: {
		"是": "true", "认可": "true", "通过": "true", "接受": "true", "1": "true", "yes": "true", "Yes": "true", "Y": "true", "TRUE": "true", "True": "true",
		"否": "false", "不认可": "false", "未通过": "false", "不接受": "false", "0": "false", "no": "false", "No": "false", "N": "false", "FALSE": "false", "False": "false",
	},
}

// absent are the ways in which programs write that there is no value.
var absent = map[string]bool{"NULL": true, "null": true, "None": true, "NaN": true, "nan": true, `\N`: true, "N/A": true, "-": true, "--": true} //nolint:gochecknoglobals // a constant table

// instantLayouts are tried in order on a text whose separators were made even.
var instantLayouts = []string{"2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2 3:4:5PM", "2006-1-2 3:4PM", "2006-1-2 15", "2006-1-2"} //nolint:gochecknoglobals // a constant list

// zonedLayouts are those with an offset.
var zonedLayouts = []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05-0700"} //nolint:gochecknoglobals // a constant list

// separators makes the Chinese and the other ways of writing a date one.
var separators = strings.NewReplacer("年", "-", "月", "-", "日", " ", "时", ":", "点", ":", "分", ":", "秒", "", "/", "-", "T", " ", "　", " ", "：", ":") //nolint:gochecknoglobals // a constant table

// ParseInstant reads the common forms of an instant (see docs/import.md). Without an offset it is in zone.
func ParseInstant(text string, zone *time.Location) (time.Time, error) {
	return parseInstant(text, zone)
}

// parseInstant reads the common forms of an instant: RFC 3339, 2019-01-02 03:04:05, 2019/1/2 3:04, 2019年1月2日,
// 20190102, 20190102030405, Unix seconds and milliseconds, with 上午 and 下午, and a spreadsheet's days since 1899-12-30. Without an offset it is in zone.
func parseInstant(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	if at, ok := parseDigits(text, zone); ok {
		return at, nil
	}
	if at, ok := parseSerial(text, zone); ok {
		return at, nil
	}
	for _, layout := range zonedLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	even := separators.Replace(text)
	if strings.Count(even, ".") >= 2 {
		even = strings.Replace(even, ".", "-", 2)
	}
	for half, suffix := range map[string]string{"上午": "AM", "下午": "PM"} {
		if strings.Contains(even, half) {
			even = strings.Replace(even, half, " ", 1) + suffix
		}
	}
	even = strings.TrimRight(strings.Join(strings.Fields(even), " "), ": ")
	even = strings.NewReplacer(":PM", "PM", ":AM", "AM", " PM", "PM", " AM", "AM").Replace(even)
	for _, layout := range instantLayouts {
		if at, err := time.ParseInLocation(layout, even, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("is no date: write it like 2026-11-21 09:03:11")
}

func parseDigits(text string, zone *time.Location) (time.Time, bool) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 {
		return time.Time{}, false
	}
	switch len(text) {
	case 8:
		at, err := time.ParseInLocation("20060102", text, zone)
		return at, err == nil
	case 14:
		at, err := time.ParseInLocation("20060102150405", text, zone)
		return at, err == nil
	case 10:
		return time.Unix(number, 0), true
	case 13:
		return time.UnixMilli(number), true
	}
	return time.Time{}, false
}

// firstSerial and lastSerial bound what is taken for a spreadsheet's number of a day: 1954 to 2119.
const firstSerial, lastSerial = 20_000, 80_000

// parseSerial reads an instant as spreadsheets keep it: days since 1899-12-30, the time of day as their fraction, to the
// second.
func parseSerial(text string, zone *time.Location) (time.Time, bool) {
	whole, _, _ := strings.Cut(text, ".")
	days, err := strconv.ParseFloat(text, 64)
	if err != nil || len(whole) != 5 || !(days >= firstSerial && days < lastSerial) {
		return time.Time{}, false
	}
	day, part := math.Modf(days)
	seconds := int(math.Round(part * 86400))
	return time.Date(1899, 12, 30+int(day), 0, 0, seconds, 0, zone), true
}

// parseNumber reads a number that may carry its unit.
func parseNumber(text string) (float64, error) {
	number, err := strconv.ParseFloat(strings.TrimRight(text, "分星级 "), 64)
	if err != nil {
		return 0, fmt.Errorf("is no number")
	}
	return number, nil
}
