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
	fScore:        {"非常满意": "5", "满意": "4", "比较满意": "4", "一般": "3", "基本满意": "3", "较满意": "4", "很满意": "5", "十分满意": "5", "较不满意": "2", "极不满意": "1", "不满意": "2", "不太满意": "2", "非常不满意": "1", "很不满意": "1"},
	fReopenReason: {"低分": "low_score", "不满意": "low_score", "未解决": "not_fixed", "未修复": "not_fixed", "监管": "regulator", "其他": "other"},
	fAccepted: {
		"是": "true", "认可": "true", "通过": "true", "接受": "true", "1": "true", "yes": "true", "Yes": "true", "Y": "true", "TRUE": "true", "True": "true",
		"否": "false", "不认可": "false", "未通过": "false", "不接受": "false", "0": "false", "no": "false", "No": "false", "N": "false", "FALSE": "false", "False": "false",
	},
}

// absent are the ways in which programs write that there is no value.
var absent = map[string]bool{"NULL": true, "null": true, "None": true, "NaN": true, "nan": true, `\N`: true, "N/A": true, "-": true, "--": true} //nolint:gochecknoglobals // a constant table

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
