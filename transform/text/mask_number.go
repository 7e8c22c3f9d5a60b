package text

import "strings"

// maxNumber is the longest stretch of digit groups looked at, in digits: two telephone numbers written as one.
const maxNumber = 24

// group is a run of digits; a star stands for a digit that the writer hid.
type group struct{ start, end int }

// number classifies the digits that start at i, which may be several groups parted by a space, a hyphen or a dot.
func (r *reader) number(i int) (start, end int, class Class) {
	if i > 0 && (isDigit(r.plain[i-1]) || r.plain[i-1] == '*') {
		return i, 0, ""
	}
	groups := r.groups(i)
	for n := len(groups); n > 0; n-- {
		digits := make([]rune, 0, maxNumber)
		for _, g := range groups[:n] {
			digits = append(digits, r.plain[g.start:g.end]...)
		}
		last := groups[n-1].end
		if end := r.checkLetter(last, len(digits)); end > last {
			if isIDCard(append(digits, 'x')) {
				return i, end, IDCard
			}
		}
		switch class := classify(digits, n > 1); class {
		case "":
		case BankCard:
			// What is attached to a card's number is part of it.
			return i, groups[len(groups)-1].end, BankCard
		default:
			return i, last, class
		}
	}
	if inFours(groups) {
		return i, groups[len(groups)-1].end, BankCard
	}
	return r.plainNumber(i, groups[0].end)
}

// groups collects digit groups from i on while single separators join them and the sum stays short.
func (r *reader) groups(i int) []group {
	isPart := func(c rune) bool { return isDigit(c) || c == '*' }
	var out []group
	sum := 0
	for {
		end := r.run(i, isPart)
		if end == i {
			return out
		}
		sum += end - i
		if len(out) > 0 && sum > maxNumber {
			return out
		}
		out = append(out, group{i, end})
		i = end
		if i < len(r.plain) && (r.plain[i] == ')' || r.plain[i] == '）') {
			i++
		}
		if i < len(r.plain) && strings.ContainsRune(" -.—–_·", r.plain[i]) {
			i++
		}
		if i == end {
			return out
		}
	}
}

// inFours tells a card by how it is written, even if a digit is wrong.
func inFours(groups []group) bool {
	sum := 0
	for k, g := range groups {
		if k < 3 && g.end-g.start != 4 {
			return false
		}
		sum += g.end - g.start
	}
	return len(groups) >= 4 && sum >= 15 && sum <= 19
}

// checkLetter returns the end of the X that may close an ID card after 17 digits.
func (r *reader) checkLetter(at, digits int) int {
	if digits == 17 && at < len(r.plain) && r.plain[at] == 'x' {
		return at + 1
	}
	return at
}

func classify(digits []rune, parted bool) Class {
	if n := len(digits); n == 13 && digits[0] == '8' && digits[1] == '6' && isMobile(digits[2:]) ||
		n == 15 && string(digits[:4]) == "0086" && isMobile(digits[4:]) || isMobile(digits) {
		return Mobile
	}
	switch {
	case isIDCard(digits):
		return IDCard
	case isBankCard(digits):
		return BankCard
	case isLandline(digits, parted):
		return Landline
	}
	return ""
}

// isMobile wants 11 digits from 13 to 19; up to four of them may be stars.
func isMobile(d []rune) bool {
	if len(d) != 11 || d[0] != '1' || d[1] < '3' || d[1] > '9' {
		return false
	}
	stars := 0
	for _, c := range d {
		if c == '*' {
			stars++
		}
	}
	return stars <= 6
}

// isIDCard wants 18 characters with a date of birth; a wrong check digit is a slip of the pen, not another kind of number,
// unless nothing else fits.
func isIDCard(d []rune) bool {
	if len(d) != 18 || d[0] < '1' || d[0] > '8' {
		return false
	}
	if strings.ContainsRune(string(d[6:14]), '*') {
		return true
	}
	year := string(d[6:8])
	month, day := two(d[10:12]), two(d[12:14])
	if year != "19" && year != "20" || month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	return hasIDChecksum(d) || d[0] < '7'
}

// hasIDChecksum applies ISO 7064 MOD 11-2, the check of GB 11643.
func hasIDChecksum(d []rune) bool {
	sum := 0
	for i := 17; i > 0; i-- {
		c := d[17-i]
		if !isDigit(c) {
			return false
		}
		weight := (1 << i) % 11
		sum += weight * int(c-'0')
	}
	want := rune("10x98765432"[sum%11])
	return d[17] == want
}

func two(d []rune) int { return int(d[0]-'0')*10 + int(d[1]-'0') }

// isBankCard wants 16 to 19 digits of a card issuer that pass the Luhn check.
func isBankCard(d []rune) bool {
	if len(d) < 16 || len(d) > 19 || d[0] < '3' || d[0] > '9' {
		return false
	}
	sum := 0
	for i := range len(d) {
		c := d[len(d)-1-i]
		if !isDigit(c) {
			return false
		}
		n := int(c - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// isLandline wants an area code with 0 and seven or eight digits, with or without an extension.
// The short numbers of services (12345, 400…, 95…) belong to no person and stay.
func isLandline(d []rune, parted bool) bool {
	if d[0] != '0' || len(d) < 10 || len(d) > 16 || d[1] == '0' {
		return false
	}
	return len(d) <= 12 || parted
}

// numberWords name numbers that belong to a case and to no person.
//
//nolint:gochecknoglobals // constant tables
var (
	numberWords = runeWords("订单", "单号", "编号", "工单", "运单", "流水", "案号", "型号", "序列", "快递", "故障码", "批次", "条码", "编码")
	phoneWords  = runeWords("电话", "手机", "致电", "拨打", "tel", "联系", "来电", "号码", "短信")
)

// plainNumber masks digits of no known kind that are long enough to name a person, or that follow a word for a telephone.
func (r *reader) plainNumber(i, end int) (int, int, Class) {
	digits := end - i
	if digits < 7 {
		return i, 0, ""
	}
	for _, word := range numberWords {
		if r.follows(i, word, 6) {
			// An order number stays, unless a mobile number hides behind the word.
			return i, 0, ""
		}
	}
	for _, word := range phoneWords {
		if digits <= 12 && r.follows(i, word, 4) && !r.isService(i) {
			return i, end, Landline
		}
	}
	if digits >= 11 {
		return i, end, Number
	}
	return i, 0, ""
}

func (r *reader) isService(i int) bool {
	head := string(r.plain[i:min(i+3, len(r.plain))])
	return head == "400" || head == "800" || strings.HasPrefix(head, "95") || strings.HasPrefix(head, "123")
}

// numerals are the characters that spokenDigit knows.
const numerals = "零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"

// spokenDigit is the value of a Chinese numeral read digit by digit, or -1.
func spokenDigit(c rune) int {
	switch c {
	case '零', '〇':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '贰', '两':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// spoken reads a number written in Chinese numerals: a mobile number, or a building with its unit.
func (r *reader) spoken(i int) (start, end int, class Class) {
	if end := r.address(i); end > 0 {
		return i, end, Address
	}
	end = r.run(i, func(c rune) bool { return spokenDigit(c) >= 0 || isDigit(c) })
	if n := end - i; n >= 7 && (i == 0 || spokenDigit(r.plain[i-1]) < 0) {
		digits := make([]rune, n)
		for k := range n {
			if c := r.plain[i+k]; isDigit(c) {
				digits[k] = c
			} else {
				digits[k] = rune('0' + spokenDigit(c))
			}
		}
		if class := classify(digits, false); class != "" {
			return i, end, class
		}
	}
	return i, 0, ""
}
