package text

import (
	"strings"
	"sync"
)

const (
	maskOpen  = "〔"
	maskClose = "〕"
)

// Class is a kind of personal data; its value is what the token of a masked span shows.
type Class string

// Classes of personal data.
const (
	Mobile   Class = "手机号"
	Landline Class = "电话"
	IDCard   Class = "身份证号"
	BankCard Class = "银行卡号"
	Plate    Class = "车牌号"
	Email    Class = "邮箱"
	QQ       Class = "QQ号"
	WeChat   Class = "微信号"
	Address  Class = "门牌号"
	Name     Class = "姓名"
	Document Class = "证件号"
	Number   Class = "号码"
)

// Token is what stands in a masked text in place of a span of the class.
func (c Class) Token() string { return maskOpen + string(c) + maskClose }

// Span is a stretch of personal data in a cleaned text; Start and End are byte offsets.
type Span struct {
	Start, End int
	Class      Class
}

// Mask returns Clean(s) with every span of personal data replaced by the token of its class.
// When in doubt it masks: a long number that is not named as an order or a case goes too.
func Mask(s string) string {
	s = Clean(s)
	spans := find(s)
	if len(spans) == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	from := 0
	for _, sp := range spans {
		b.WriteString(s[from:sp.Start])
		b.WriteString(sp.Class.Token())
		from = sp.End
	}
	b.WriteString(s[from:])
	return b.String()
}

// Find returns the spans of personal data in Clean(s), in order and apart from each other.
func Find(s string) []Span { return find(Clean(s)) }

// reader is a text as runes, with the byte offset of each and the plain form that rules compare:
// full-width letters and digits narrowed, letters in lower case.
type reader struct {
	plain []rune
	at    []int32
}

//nolint:gochecknoglobals // a pool of buffers, without state
var readers = sync.Pool{New: func() any { return new(reader) }}

func find(s string) []Span {
	r, _ := readers.Get().(*reader)
	defer func() {
		if len(r.plain) <= maxScratch {
			readers.Put(r)
		}
	}()
	if !r.read(s) {
		return nil
	}
	var spans []Span
	for i := 0; i < len(r.plain); {
		if flagsOf(r.plain[i]) == 0 {
			i++
			continue
		}
		start, end, class := r.match(i)
		if end <= i {
			i++
			continue
		}
		if start < i && len(spans) > 0 && int(r.at[start]) < spans[len(spans)-1].End {
			start = i
		}
		spans = append(spans, Span{int(r.at[start]), int(r.at[end]), class})
		i = end
	}
	return spans
}

// read takes a text in and tells whether any character of it may announce personal data.
func (r *reader) read(s string) bool {
	r.plain, r.at = r.plain[:0], r.at[:0]
	var seen uint8
	for i := 0; i < len(s); {
		c, size := decode(s, i)
		c = plainRune(c)
		seen |= flagsOf(c)
		r.plain, r.at = append(r.plain, c), append(r.at, int32(i))
		i += size
	}
	r.at = append(r.at, int32(len(s)))
	return seen != 0
}

func plainRune(c rune) rune {
	switch {
	case c >= '！' && c <= '～':
		c -= '！' - '!'
	case c == '　':
		c = ' '
	}
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// match finds the span that the rune at i announces; it may start before i. No span has end <= i.
func (r *reader) match(i int) (start, end int, class Class) {
	c := r.plain[i]
	switch {
	case c == '@':
		return r.email(i)
	case isDigit(c):
		if end := r.address(i); end > 0 {
			return i, end, Address
		}
		if start, end, class := r.handle(i); end > 0 {
			return start, end, class
		}
		return r.number(i)
	case c == '+' && i+2 < len(r.plain) && r.plain[i+1] == '8' && r.plain[i+2] == '6':
		if _, end, class := r.number(i + 1); end > 0 {
			return i, end, class
		}
	case c >= 'a' && c <= 'z':
		return r.letters(i)
	case spokenDigit(c) >= 0 || c == '第':
		return r.spoken(i)
	case flagsOf(c)&isPlateRegion != 0:
		if end := r.plate(i); end > 0 {
			return i, end, Plate
		}
	}
	if start, end := r.name(i); end > 0 {
		return start, end, Name
	}
	return i, 0, ""
}

// letters handles a run of Latin letters: an account after its introduction, a document number, a building such as A座2单元.
func (r *reader) letters(i int) (start, end int, class Class) {
	if i > 0 && isLetterOrDigit(r.plain[i-1]) {
		return i, 0, ""
	}
	if start, end, class := r.handle(i); end > 0 {
		return start, end, class
	}
	if end := r.address(i); end > 0 {
		return i, end, Address
	}
	if r.follows(i, []rune("护照"), 4) || r.follows(i, []rune("通行证"), 4) {
		j := r.run(i, isLetterOrDigit)
		if j-i >= 7 && j-i <= 12 {
			return i, j, Document
		}
	}
	return i, 0, ""
}

// email extends from the @ to both sides.
func (r *reader) email(i int) (start, end int, class Class) {
	start = i
	for start > 0 && i-start < 64 && (isLetterOrDigit(r.plain[start-1]) || strings.ContainsRune("._%+-", r.plain[start-1])) {
		start--
	}
	end = i + 1
	for end < len(r.plain) && end-i < 255 && (isLetterOrDigit(r.plain[end]) || r.plain[end] == '.' || r.plain[end] == '-') {
		end++
	}
	for end > i && !isLetterOrDigit(r.plain[end-1]) {
		end--
	}
	if start == i || end <= i+1 {
		return i, 0, ""
	}
	return start, end, Email
}

// plateRegions are the characters that a number plate starts with.
const plateRegions = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"

// plate reads 京A·12345 and the eight-character plates of electric cars.
func (r *reader) plate(i int) int {
	j := i + 1
	if j >= len(r.plain) || r.plain[j] < 'a' || r.plain[j] > 'z' {
		return 0
	}
	j++
	if j < len(r.plain) && strings.ContainsRune("·•.- ", r.plain[j]) {
		j++
	}
	k, digits := j, 0
	for k < len(r.plain) && k-j < 6 && (isLetterOrDigit(r.plain[k]) || r.plain[k] == '*') {
		if !(r.plain[k] >= 'a' && r.plain[k] <= 'z') {
			digits++
		}
		k++
	}
	if k-j < 4 || digits < 2 || k < len(r.plain) && isLetterOrDigit(r.plain[k]) {
		return 0
	}
	if k-j == 4 && !(k < len(r.plain) && strings.ContainsRune("学警港澳挂", r.plain[k])) {
		return 0
	}
	if k < len(r.plain) && strings.ContainsRune("学警港澳挂", r.plain[k]) {
		k++
	}
	return k
}

// handleWords introduce an account of a messenger; the longer come first.
//
//nolint:gochecknoglobals // a constant table
var handleWords = []struct {
	word  []rune
	class Class
}{
	{[]rune("微信号"), WeChat},
	{[]rune("微信"), WeChat},
	{[]rune("薇信"), WeChat},
	{[]rune("wechat"), WeChat},
	{[]rune("v信"), WeChat},
	{[]rune("加v"), WeChat},
	{[]rune("vx"), WeChat},
	{[]rune("wx"), WeChat},
	{[]rune("qq号"), QQ},
	{[]rune("qq"), QQ},
	{[]rune("扣扣"), QQ},
	{[]rune("企鹅号"), QQ},
}

// handle reads the account that starts at i when a messenger's name stands before it, or is itself the run's beginning (vx18…).
func (r *reader) handle(i int) (start, end int, class Class) {
	end = r.run(i, func(c rune) bool { return isLetterOrDigit(c) || c == '_' || c == '-' })
	for end > i && !isLetterOrDigit(r.plain[end-1]) {
		end--
	}
	begin := i
	for _, h := range handleWords {
		start := i + len(h.word)
		if h.word[0] < 0x80 && r.has(i, h.word) && end-start >= 5 && isLetterOrDigit(r.plain[start]) && r.looksLikeAccount(start, end) {
			return start, end, h.class
		}
	}
	if end-begin < 5 || end-begin > 24 || !r.looksLikeAccount(begin, end) {
		return i, 0, ""
	}
	j := begin
	for j > 0 && begin-j < 4 && strings.ContainsRune(" :：是为号群码=-", r.plain[j-1]) {
		j--
	}
	for _, h := range handleWords {
		if k := j - len(h.word); k >= 0 && r.has(k, h.word) {
			return begin, end, h.class
		}
	}
	return i, 0, ""
}

// looksLikeAccount wants a digit or an underscore, so that 微信 followed by an English word stays.
func (r *reader) looksLikeAccount(start, end int) bool {
	for _, c := range r.plain[start:end] {
		if isDigit(c) || c == '_' {
			return true
		}
	}
	return false
}

func (r *reader) has(i int, word []rune) bool {
	if i < 0 || i+len(word) > len(r.plain) {
		return false
	}
	for k, c := range word {
		if r.plain[i+k] != c {
			return false
		}
	}
	return true
}

// follows tells whether word stands before i with at most the given number of runes between.
func (r *reader) follows(i int, word []rune, within int) bool {
	for k := max(0, i-within-len(word)); k+len(word) <= i; k++ {
		if r.has(k, word) {
			return true
		}
	}
	return false
}

func (r *reader) run(i int, in func(rune) bool) int {
	for i < len(r.plain) && in(r.plain[i]) {
		i++
	}
	return i
}

func isDigit(c rune) bool         { return c >= '0' && c <= '9' }
func isLetterOrDigit(c rune) bool { return isDigit(c) || c >= 'a' && c <= 'z' }
