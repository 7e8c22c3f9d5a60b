package text

import "strings"

// surnames are the common ones; ambiguous are those that also start ordinary words.
const (
	surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石贾韦夏付傅邹熊孟秦白江阎薛尹段雷侯龙史陶黎贺顾毛郝龚邵钱覃武戴莫孔汤温康施牛樊葛邢岳齐伍庞颜庄聂章鲁倪柯" +
		"高方万安常时成平和于单应车金向关洪文包左符华"
	ambiguous = "高方万安常时成平和于单应车金向关洪文包左符华何白石江马牛龙毛范任程温钱段"
)

//nolint:gochecknoglobals // constant tables
var (
	compoundSurnames = runeWords("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "长孙", "夏侯")
	// nameIntros introduce a full name, the longer first; after those that end in 叫 nothing else can follow.
	nameIntros = runeWords("我的名字叫", "我的名字是", "我名字叫", "我名叫", "名字叫", "名叫", "我叫", "本人叫", "姓名", "联系人", "收货人",
		"投诉人", "举报人", "当事人", "寄件人", "收件人", "户主", "本人", "我是")
	surnameIntros = runeWords("免贵姓", "我姓", "本人姓", "她姓", "他姓", "姓")
	honorifics    = runeWords("先生", "女士", "小姐", "师傅", "阿姨", "大爷", "大妈", "同学", "老师", "医生", "警官", "律师")
)

func runeWords(words ...string) [][]rune {
	out := make([][]rune, len(words))
	for i, w := range words {
		out[i] = []rune(w)
	}
	return out
}

// endsName are characters that follow a name and are not part of one.
const endsName = "是在住的今家于到从买电手，。,.:：;；！!？?、 \n\t()（）和与我你他她您也就要想因为地年月有已曾来去被把将现"

const (
	startsSurname = 1 << iota
	startsCompound
	introducesName
	startsHonorific
	isPlateRegion
	// isSign announces a number, an account or an address.
	isSign
)

// runeFlags tells at once what a character may begin.
//
//nolint:gochecknoglobals // a constant table
var runeFlags = func() *[0xa000]uint8 {
	table := new([0xa000]uint8)
	for _, c := range surnames {
		table[c] |= startsSurname
	}
	for _, c := range plateRegions {
		table[c] |= isPlateRegion
	}
	for _, c := range "@+0123456789abcdefghijklmnopqrstuvwxyz第" + numerals {
		table[c] |= isSign
	}
	for flag, lists := range map[uint8][][][]rune{
		startsCompound: {compoundSurnames}, introducesName: {nameIntros, surnameIntros}, startsHonorific: {honorifics},
	} {
		for _, words := range lists {
			for _, word := range words {
				table[word[0]] |= flag
			}
		}
	}
	return table
}()

func flagsOf(c rune) uint8 {
	if int(c) < len(runeFlags) {
		return runeFlags[c]
	}
	return 0
}

// name reads a name in a context that says so; i is where the name, or the word before it, starts.
func (r *reader) name(i int) (start, end int) {
	flags := flagsOf(r.plain[i])
	if flags&introducesName != 0 {
		if start, end := r.introduced(i); end > 0 {
			return start, end
		}
	}
	if flags&(startsSurname|startsCompound) != 0 {
		if end := r.surname(i); end > 0 && (i == 0 || r.plain[i-1] != '老') {
			return r.honoured(i, end)
		}
	}
	return i, 0
}

// introduced reads 我叫张三, 姓名：张三, 免贵姓张.
func (r *reader) introduced(i int) (start, end int) {
	for _, intro := range nameIntros {
		if intro[0] != r.plain[i] || !r.has(i, intro) {
			continue
		}
		at := i + len(intro)
		strong := intro[len(intro)-1] == '叫' || len(intro) == 5
		for at < len(r.plain) && strings.ContainsRune(":： 叫是", r.plain[at]) && at-i-len(intro) < 3 {
			strong = strong || strings.ContainsRune(":：叫", r.plain[at])
			at++
		}
		if end := r.fullName(at, strong); end > 0 {
			return at, end
		}
	}
	for _, intro := range surnameIntros {
		if intro[0] != r.plain[i] || !r.has(i, intro) {
			continue
		}
		at := i + len(intro)
		end := r.surname(at)
		if end == 0 {
			continue
		}
		closed := end == len(r.plain) || strings.ContainsRune(endsName, r.plain[end]) || r.honorific(end)
		if len(intro) == 1 && (!closed || i > 0 && r.plain[i-1] == '百') {
			return i, 0
		}
		return at, end
	}
	return i, 0
}

// fullName reads a surname and one or two characters. A weak context wants a clear end right after it.
func (r *reader) fullName(i int, strong bool) int {
	end := r.surname(i)
	if end == 0 {
		return 0
	}
	first := r.plain[i]
	k := end
	for k < len(r.plain) && k-end < 2 && isHan(r.plain[k]) && !strings.ContainsRune(endsName, r.plain[k]) {
		k++
	}
	closed := k == len(r.plain) || strings.ContainsRune(endsName, r.plain[k])
	alone := k == len(r.plain) || strings.ContainsRune("，。,.;；！!、 \n\t(（", r.plain[k])
	switch {
	case k == end:
		return 0
	case strong && (closed || !strings.ContainsRune(ambiguous, first)):
		return k
	case alone && !strings.ContainsRune(ambiguous, first):
		return k
	}
	return 0
}

// honoured masks what stands before 先生, 女士 and the like.
func (r *reader) honoured(i, end int) (int, int) {
	var near uint8
	for _, c := range r.plain[end:min(end+3, len(r.plain))] {
		near |= flagsOf(c)
	}
	if near&startsHonorific == 0 {
		return i, 0
	}
	for k := end; k <= end+2 && k < len(r.plain); k++ {
		if r.honorific(k) {
			if k > end && strings.ContainsRune(ambiguous, r.plain[i]) {
				return i, 0
			}
			return i, k
		}
		if !isHan(r.plain[k]) || strings.ContainsRune(endsName, r.plain[k]) {
			break
		}
	}
	return i, 0
}

func (r *reader) honorific(i int) bool {
	for _, word := range honorifics {
		if r.has(i, word) {
			return true
		}
	}
	return false
}

// surname returns the end of the surname at i, or 0.
func (r *reader) surname(i int) int {
	if i >= len(r.plain) {
		return 0
	}
	flags := flagsOf(r.plain[i])
	if flags&startsCompound != 0 {
		for _, word := range compoundSurnames {
			if r.has(i, word) {
				return i + 2
			}
		}
	}
	if flags&startsSurname != 0 {
		return i + 1
	}
	return 0
}

func isHan(c rune) bool { return c >= 0x3400 && c <= 0x9fff }
