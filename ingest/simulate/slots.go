package simulate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// slots are the values that depend on the person, the date or a number.
var slots = map[string]func(*teller) string{ //nolint:gochecknoglobals // a constant table
	"小钱": func(t *teller) string { return t.money(2, 28) },
	"钱":  func(t *teller) string { return t.money(29, 480) },
	"大钱": func(t *teller) string { return t.money(500, 7800) },
	"天":  (*teller).days,
	"次":  (*teller).times,
	"日期": (*teller).date,
	"时刻": (*teller).clock,
	"单号": func(t *teller) string {
		return t.at.AddDate(0, 0, -t.r.IntN(12)).Format("20060102") + fmt.Sprintf("%0*d", 4+t.r.IntN(7), t.r.IntN(9999))
	},
	"尾号": func(t *teller) string { return fmt.Sprintf("%04d", t.r.IntN(10000)) },
	"电话": func(t *teller) string {
		if t.person.Phone != "" {
			return t.person.Phone
		}
		return fmt.Sprintf("1380000%04d", t.r.IntN(10000))
	},
	"姓": func(t *teller) string {
		return t.person.family
	},
	"市": func(t *teller) string { return t.person.Region },
	"分钟": func(t *teller) string {
		return t.number(5*(2+t.r.IntN(14))) + pick(t.r, []string{"分钟", "分钟", "来分钟", "多分钟"})
	},
	"小时": func(t *teller) string {
		return pick(t.r, []string{"一个多小时", "两个小时", "2小时", "三个多小时", "四个小时", "一个半小时", "快两个钟头", "大半天", "整整一下午", "五个小时", "40多分钟"})
	},
	"月": func(t *teller) string {
		return pick(t.r, []string{"一个月", "两个月", "三个月", "小半年", "半年", "四个多月", "一个多月", "快一年"})
	},
	"号":  func(t *teller) string { return strconv.Itoa(1 + t.r.IntN(28)) },
	"百分": func(t *teller) string { return strconv.Itoa(30+t.r.IntN(62)) + "%" },
	"两位": func(t *teller) string { return strconv.Itoa(11 + t.r.IntN(88)) },
	"几":  func(t *teller) string { return t.number(2 + t.r.IntN(7)) },
	"版本": func(t *teller) string {
		return fmt.Sprintf("%d.%d.%d", 8+t.r.IntN(2), t.r.IntN(20), t.r.IntN(9))
	},
	"工号": func(t *teller) string {
		return pick(t.r, []string{"工号", "工号是", "工号尾数", "编号"}) + fmt.Sprintf("%04d", 1000+t.r.IntN(8000))
	},
	"楼": func(t *teller) string {
		return fmt.Sprintf("%d%s%d单元", 1+t.r.IntN(28), pick(t.r, []string{"栋", "号楼", "幢"}), 1+t.r.IntN(4))
	},
}

const digits = "零一二三四五六七八九"

// number writes a small number in figures or characters.
func (t *teller) number(n int) string {
	if chance(t.r, .5) || n > 99 {
		return strconv.Itoa(n)
	}
	d := []rune(digits)
	switch {
	case n == 2:
		return "两"
	case n < 10:
		return string(d[n])
	case n < 20:
		return "十" + strings.Trim(string(d[n%10]), "零")
	}
	return string(d[n/10]) + "十" + strings.Trim(string(d[n%10]), "零")
}

func (t *teller) money(low, high int) string {
	n := low + int(float64(high-low)*t.r.Float64()*t.r.Float64())
	unit := pick(t.r, []string{"元", "块", "块钱", "元", "块"})
	switch t.r.IntN(7) {
	case 0:
		return fmt.Sprintf("%d.%d", n, 1+t.r.IntN(9)) + pick(t.r, []string{"元", "块", ""})
	case 1:
		return fmt.Sprintf("%d.%02d元", n, t.r.IntN(100))
	case 2:
		if n < 100 {
			return t.number(n) + pick(t.r, []string{"块钱", "块", "来块"})
		}
		d := []rune("零一两三四五六七八九")
		if n < 1000 {
			return string(d[n/100]) + pick(t.r, []string{"百多", "百来块", "百多块钱", "百块"})
		}
		return string(d[n/1000]) + pick(t.r, []string{"千多", "千多块", "千块钱"})
	case 3:
		if n > 100 {
			return strconv.Itoa(n/10*10) + pick(t.r, []string{"多", "多块", "左右"})
		}
	}
	return strconv.Itoa(n) + unit
}

func (t *teller) days() string {
	return pick(t.r, []string{
		"三天", "4天", "五天", "一个星期", "快一个礼拜", "一周", "8天", "十来天", "半个月", "两个星期", "四五天", "一个多星期",
		"六七天", "10天", "两周", "小半个月", "12天", "三四天", "一个礼拜", "整整5天", "二十天", "两三天", "快半个月", "9天",
	})
}

func (t *teller) times() string {
	return pick(t.r, []string{
		"三次", "两三次", "四五次", "3次", "五六遍", "好几次", "不下五次", "7次", "至少四回", "两回", "三四遍", "无数次", "6次", "两次", "八次", "好多次",
	})
}

func (t *teller) date() string {
	ago := 1 + t.r.IntN(3)*t.r.IntN(7)
	d := t.at.AddDate(0, 0, -ago)
	week := string([]rune("日一二三四五六")[d.Weekday()])
	full := fmt.Sprintf("%d月%d%s", int(d.Month()), d.Day(), pick(t.r, []string{"号", "日", "号"}))
	switch x := t.r.IntN(6); {
	case ago == 1 && x < 4:
		return pick(t.r, []string{"昨天", "昨天", "昨日", "昨儿"})
	case ago == 2 && x < 3:
		return "前天"
	case ago < 7 && d.Weekday() < t.at.Weekday() && d.Weekday() != time.Sunday && x < 4:
		return pick(t.r, []string{"周", "这周", "星期", "本周", "礼拜"}) + week
	case ago < 8 && x < 4:
		return pick(t.r, []string{"上周", "上个礼拜", "上星期"}) + strings.Replace(week, "日", pick(t.r, []string{"天", "日"}), 1)
	case x == 4:
		return fmt.Sprintf("%d号", d.Day())
	case x == 5:
		return d.Format("1.2")
	}
	return full
}

func (t *teller) clock() string {
	h := 6 + t.r.IntN(17)
	if chance(t.r, .35) {
		return fmt.Sprintf("%d:%02d", h, t.r.IntN(60))
	}
	part, twelve := "早上", h
	switch {
	case h >= 18:
		part, twelve = "晚上", h-12
	case h >= 13:
		part, twelve = "下午", h-12
	case h >= 11:
		part = "中午"
	case h >= 9:
		part = "上午"
	}
	d := []rune(digits + "十")
	hour := strconv.Itoa(twelve)
	if twelve <= 10 && chance(t.r, .5) {
		hour = string(d[twelve])
		if twelve == 2 {
			hour = "两"
		}
	}
	return part + hour + pick(t.r, []string{"点", "点多", "点半", "点左右", "点钟", "点来钟"})
}
