package issue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenguo/transform/text"
)

const (
	// maxNameRunes bounds a name, nameTexts how many typical members it is looked for in.
	maxNameRunes = 20
	nameTexts    = 24
	// maxFaultRunes bounds a phrase that has to stand beside the thing's.
	maxFaultRunes = 8
	// runeCost is what a character of a name must earn: a share of the issue's similarity.
	runeCost = 0.007
	// edgeShare is the least share of a name's first and last word.
	edgeShare = 0.01
	// bothBonus favours a phrase that holds thing and fault, supportBonus one that more members use, manyBonus where they have no one fault.
	bothBonus    = 0.2
	supportBonus = 0.1
	supportWords = 6
	manyBonus    = 0.5
	// apartCost is what thing and fault lose when no member says them in one breath.
	apartCost = 0.15
	// A phrase that begins or ends in the middle of what its writer says loses headCost or tailCost: in Chinese the
	// verb and its result come last.
	headCost = 0.04
	tailCost = 0.12
	// titleBonus favours the words of a title.
	titleBonus = 0.05
)

// negations turn what follows them round: no phrase begins behind one, or ends with one.
//
//nolint:gochecknoglobals // a constant table
var negations = wordSet(`不 没 没有 未 无 无法 别 非 勿 不能 不会 不让 不给 不肯 不准 不可 拒绝 拒不 不予 从不 并未 尚未 不是`)

// openEnds want something to follow: no name ends with them.
//
//nolint:gochecknoglobals // a constant table
var openEnds = wordSet(`被 把 将 给 让 使 向 往 从 自动 强制 突然 经常 总是 老是 居然 竟然 擅自 私自 随意 恶意 只 只能 才 还 就 都 要 得 想 说 叫 按 比 跟 每 各 一个 一条 人 有人 其实 明明 涉嫌`)

func wordSet(words string) map[string]bool {
	table := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		table[w] = true
	}
	return table
}

// functionWords bear no meaning of their own: no keyword, and no edge of a name.
//
//nolint:gochecknoglobals // a constant table
var functionWords = func() map[string]bool {
	table := map[string]bool{}
	for w := range strings.FieldsSeq(`的 地 得 了 着 过 是 在 和 与 及 或 而 且 但 就 都 也 还 又 很 太 更 最 我 我们 你 你们 您 他 他们 她 它 咱 咱们 本人 自己
		这 那 这个 那个 这样 那样 这些 那些 这里 那里 哪 什么 怎么 怎样 如何 为什么 为何 为啥 多少 几 请 请问 希望 望 咨询 投诉 反映 举报 反馈 求助 建议 关于 有 有关 相关
		被 把 对 对于 向 从 到 由 于 以 因 因为 由于 所以 为 为了 给 让 使 将 要 会 能 可以 应该 呢 吗 啊 吧 呀 哦 嘛 啦 并 并且 等 等等 一 一个 一直 一下 一些 已 已经 曾 正 正在 再 再次
		才 只 只是 只有 如果 如 若 则 虽然 虽 但是 然后 之 其 此 该 每 各 上 下 里 中 内 外 后 前 时 时候 年 月 日 号 天 个 次 种 点 元 问题 情况 事情 现在 目前 今天 昨天 至今 谢谢 您好 你好
		领导 尊敬 不 没 没有 去 来 说 想 看 做 跟 同 比 非常 十分 特别 比较 严重 导致 造成 出现 存在 进行 贵 nan 处理 解决 尽快 及时 回复 答复 厂家 部门 相关部门 请求 要求 建议 到底 究竟 何时 能否 是否 明明 其实 居然 竟然 好多 莫名其妙`) {
		table[w] = true
	}
	return table
}()

//nolint:gochecknoglobals // a constant table
var whereWords = map[string]bool{
	"附近": true, "业主": true, "居民": true, "门口": true, "旁边": true, "周边": true, "住户": true, "公司": true, "有限公司": true,
	"开发商": true, "物业": true, "政府": true, "用户": true, "客户": true, "顾客": true, "商家": true, "平台": true,
}

// phrase is a stretch of one member's own words.
type phrase struct {
	text  string
	words []string
	score float64
	// thing and fault tell whether it holds the issue's strongest word and the strongest that is no part of its name.
	thing, fault bool
}

// namer looks for the phrase that names an issue.
type namer struct {
	share        map[string]float64
	thing, fault map[string]bool
	support      map[string]int
	texts        int
	best         map[[2]bool]phrase
	// inTitle tells that the clause being read is of a title: made to name the matter.
	inTitle bool
	// many tells that the members have no one fault: the name is what most of them say.
	many bool
}

// manyMatters follows the thing in the name of an issue that has no one fault: one member's fault would be wrong of the others.
const manyMatters = "的多个问题"

// name returns a phrase of the members' own words in their own order: the thing and its fault, or the thing alone where
// many matters come together.
func (m *merger) name(p *profile, parts []wordShare, texts [][2]string, seg Segmenter, many bool) string {
	n := m.newNamer(p, parts)
	n.many = many
	n.texts = max(1, len(texts))
	var clauses [][]piece
	seen := make([]map[string]bool, len(texts))
	for i := range seen {
		seen[i] = map[string]bool{}
	}
	titles := 0
	for part := range 2 {
		for i, t := range texts {
			for _, clause := range cutClauses(t[part], seg) {
				clauses = append(clauses, clause)
				n.countSupport(clause, seen[i])
			}
		}
		if part == 0 {
			titles = len(clauses)
		}
	}
	for k, clause := range clauses {
		n.inTitle = k < titles
		n.read(clause)
	}
	both, thing, fault := n.best[[2]bool{true, true}], n.best[[2]bool{true, false}], n.best[[2]bool{false, true}]
	apart := thing.text != "" && fault.text != "" && utf8.RuneCountInString(thing.text+fault.text) <= maxNameRunes
	switch {
	case many && thing.text != "":
		return thing.text + manyMatters
	case both.text != "" && (!apart || both.score >= thing.score+fault.score-apartCost):
		return both.text
	case apart:
		return thing.text + fault.text
	case thing.text != "":
		return thing.text
	case fault.text != "":
		return fault.text
	}
	name := ""
	for _, s := range parts[:min(3, len(parts))] {
		name += m.c.words[s.word]
	}
	if name == "" && len(texts) > 0 {
		name = firstRunes(text.Normalize(text.Mask(texts[0][0]+" "+texts[0][1])), maxNameRunes)
	}
	return firstRunes(name, maxNameRunes)
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// newNamer sorts an issue's words: the thing is the heaviest word with what is locked to it; the fault is told by words
// that others use as well, that are no part of the name and no place.
func (m *merger) newNamer(p *profile, parts []wordShare) *namer {
	n := &namer{share: map[string]float64{}, thing: map[string]bool{}, fault: map[string]bool{}, support: map[string]int{}, best: map[[2]bool]phrase{}}
	name := int32(-1)
	for _, s := range parts {
		word := m.c.words[s.word]
		n.share[word] = s.part
		if functionWords[word] {
			continue
		}
		k, _ := slices.BinarySearch(p.v.at, s.word)
		inside := float64(len(p.users[k])) / float64(m.users[s.word])
		switch {
		case name < 0:
			name = s.word
			n.thing[word] = true
		case m.locks.locked(name, s.word):
			n.thing[word] = true
		case strings.Contains(m.c.words[name], word) || strings.Contains(word, m.c.words[name]):
			// 退 beside 退款 is no fault of it.
		case s.part >= edgeShare && inside <= nameInside && !isPlace(word):
			n.fault[word] = true
		}
	}
	return n
}

// isPlace tells words that say where and not what.
func isPlace(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	return strings.ContainsRune("路街区县市省镇乡村栋楼期城园里站道巷", last) || whereWords[word]
}

// piece is a word as written and as compared.
type piece struct{ written, plain string }

// cutClauses cuts a text into stretches without punctuation. The written form stays, save for masks.
func cutClauses(s string, seg Segmenter) [][]piece {
	s = strings.ToValidUTF8(text.Mask(s), " ")
	lower := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
	var out [][]piece
	var clause []piece
	at := 0
	for _, w := range seg.CutOf(lower) {
		written := s[at : at+len(w)]
		at += len(w)
		if last := len(clause) - 1; w == "-" && last >= 0 && isLatin(clause[last].written) {
			clause = append(clause, piece{w, w})
			continue
		}
		if !text.IsWord(w) || strings.HasPrefix(w, "〔") {
			out = append(out, clause)
			clause = nil
			continue
		}
		clause = append(clause, piece{written, text.Normalize(w)})
	}
	return append(out, clause)
}

func (n *namer) countSupport(clause []piece, seen map[string]bool) {
	for i := range clause {
		var key strings.Builder
		for j := i; j < min(len(clause), i+supportWords); j++ {
			key.WriteString(clause[j].plain)
			if !seen[key.String()] {
				seen[key.String()] = true
				n.support[key.String()]++
			}
		}
	}
}

// read offers every stretch of a clause as a name.
func (n *namer) read(clause []piece) {
	for i := range clause {
		if !n.edge(clause[i].plain) {
			continue
		}
		if i > 0 && (negations[clause[i-1].plain] || clause[i-1].plain == "被" || clause[i-1].plain == "按") {
			continue
		}
		p := phrase{}
		if i > 0 && !functionWords[clause[i-1].plain] {
			p.score = -headCost
		}
		runes := 0
		for j := i; j < len(clause); j++ {
			w := clause[j]
			if runes += utf8.RuneCountInString(w.written); runes > maxNameRunes {
				break
			}
			if j > i && isLatin(clause[j-1].written) && isLatin(w.written) {
				p.text += " "
			}
			p.text += w.written
			if !slices.Contains(p.words, w.plain) {
				p.score += n.share[w.plain]
			}
			p.words = append(p.words, w.plain)
			p.thing = p.thing || n.thing[w.plain]
			p.fault = p.fault || n.fault[w.plain]
			if n.edge(w.plain) && !openEnds[w.plain] && !negations[w.plain] && (p.thing || p.fault) && runes > 1 && !isDigits(p.words[0]) {
				n.offer(p, runes, closes(clause[j+1:]))
			}
		}
	}
}

// closers follow what is said to its end.
//
//nolint:gochecknoglobals // a constant table
var closers = wordSet(`的 了 着 过 吗 呢 吧 啊 呀 哦 嘛 啦 么 而 而且 但 但是 却 和 与 及 或 并 并且 等 等等 才 就 还 也 都 因为 所以 怎么办 谁 何时`)

// closes tells whether a phrase may end where rest follows: nothing but grammar and requests do.
func closes(rest []piece) bool {
	return len(rest) == 0 || closers[rest[0].plain] || text.IsFiller(rest[0].plain)
}

func (n *namer) offer(p phrase, runes int, whole bool) {
	if !p.thing && runes > maxFaultRunes {
		return
	}
	p.words = slices.Clone(p.words)
	p.score -= runeCost * float64(runes)
	if n.inTitle {
		p.score += titleBonus
	}
	// A phrase without its fault names the thing; what follows is said of it.
	if !whole && p.fault {
		p.score -= tailCost
	}
	if p.thing && p.fault {
		p.score += bothBonus
	}
	if len(p.words) <= supportWords {
		bonus := supportBonus
		if n.many {
			bonus = manyBonus
		}
		p.score += bonus * float64(n.support[strings.Join(p.words, "")]-1) / float64(n.texts)
	}
	key := [2]bool{p.thing, p.fault}
	old, ok := n.best[key]
	if !ok || cmp.Or(cmp.Compare(p.score, old.score), cmp.Compare(old.text, p.text)) > 0 {
		n.best[key] = p
	}
}

// edge tells whether a name may start or end with the word.
func (n *namer) edge(word string) bool {
	return n.share[word] >= edgeShare && !functionWords[word]
}

func isLatin(s string) bool {
	for _, r := range s {
		if r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
