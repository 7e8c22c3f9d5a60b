package simulate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Lengths of a complaint's text, in characters.
const (
	shortest = 8
	longest  = 600
)

// occasion is why a text is written once more.
type occasion int

const (
	firstTime occasion = iota
	otherChannel
	again
)

// letter is what somebody wrote.
type letter struct {
	title, content, expectation string
}

// write composes one complaint: a core and some of opening, details, result, attempts, demand and close, in an order and
// at a length that suit the voice.
func (l *library) write(r *rand.Rand, p customer, ch channel, about *topic, at time.Time, why occasion) letter {
	t := &teller{lists: l.lists, r: r, person: p, at: at, memo: map[string]string{}, alias: about.alias}
	core, voice := l.core(r, about, p.voice, ch)
	said := shorten(r, t.expand(core.text))
	d := &draft{library: l, teller: t, about: about, voice: voice, size: r.Float64(), body: []string{said}, used: map[string]bool{core.text: true}}
	switch {
	case voice == voiceTerse, voice == voiceClerk, ch.name == "im":
		d.size *= .55
	case voice == voiceElder, voice == voiceFormal, ch.name == "email", ch.name == "fax":
		d.size = .3 + .7*d.size
	}
	d.tell()
	d.frame(why)
	for i := range d.body {
		d.body[i] = d.colour(l.reword(r, d.body[i]))
	}
	if voice == voiceClerk {
		d.body[0] = t.expand(pick(r, l.pools["来电"]).text) + d.body[0]
	}
	hand := newHand(r, voice, ch)
	content := hand.join(d.body)
	if utf8.RuneCountInString(content) < shortest && len(about.details) > 0 {
		content = hand.join(append(d.body, t.expand(pick(r, about.details).text)))
	}
	out := letter{content: hand.slip(clip(content))}
	if ch.name != "im" && !(ch.name == "phone" && chance(r, .45)) && chance(r, .8) {
		out.title = hand.slip(t.title(core, about, said, voice))
	}
	if chance(r, .45) {
		pool := about.asks
		if len(pool) == 0 || chance(r, .3) {
			pool = l.pools["要求"]
		}
		if ph, ok := choose(r, pool, voice); ok {
			out.expectation = strings.TrimRight(t.expand(ph.text), "，。！？!?,")
		}
	}
	return out
}

// draft is a text in the making: sentences without their end marks.
type draft struct {
	*library
	*teller
	about *topic
	voice string
	size  float64 // how much there is to say, 0 to 1
	body  []string
	used  map[string]bool // phrases that were said
}

func (d *draft) before(s string) { d.body = slices.Insert(d.body, 0, s) }
func (d *draft) after(s string)  { d.body = append(d.body, s) }

// maybe puts a phrase of the pool, with probability p.
func (d *draft) maybe(p float64, pool []phrase, put func(string)) {
	if ph, ok := choose(d.r, pool, d.voice); ok && chance(d.r, p) && !d.used[ph.text] {
		d.used[ph.text] = true
		put(d.expand(ph.text))
	}
}

// tell adds what belongs to the matter. A long letter tells all of it, and sometimes a second side of it.
func (d *draft) tell() {
	long := max(0, d.size-.75) * 4 // 0 to 1 for the longest quarter
	for n, ph := range shuffled(d.r, d.about.details, 4+int(6*long)) {
		if ph.suits(d.voice) == 0 || !chance(d.r, 1.5*d.size-(.27-.22*long)*float64(n)) {
			continue
		}
		if chance(d.r, .15) {
			d.before(d.expand(ph.text))
		} else {
			d.after(d.expand(ph.text))
		}
	}
	if d.about.issue != "" && chance(d.r, .7*long) {
		if more, voice := d.core(d.r, d.about, d.voice, channel{}); voice == d.voice && !d.used[more.text] {
			d.after(pick(d.r, []string{"还有，", "另外", "再一个，", "不光这个，", ""}) + d.expand(more.text))
		}
	}
	d.maybe(.08+.5*d.size, d.about.results, d.after)
	if d.about.issue == "" {
		d.maybe(.6*(d.size-.35), d.about.results, d.after)
	}
	d.maybe(long, d.about.results, d.after)
	d.maybe(.02+.16*d.size, d.pools["经过"], d.after)
	d.maybe(.9*(d.size-.7), d.pools["闲话"], d.after)
	for range int(3.5 * long) {
		d.maybe(long*long, d.pools["经过"], d.after)
		d.maybe(.8*long, d.pools["闲话"], d.after)
	}
}

// frame adds what is wanted, how it begins and how it ends.
func (d *draft) frame(why occasion) {
	if chance(d.r, .8) {
		d.maybe(.1+.4*d.size, d.about.asks, d.after)
	} else {
		d.maybe(.3, d.pools["要求"], d.after)
	}
	switch why {
	case otherChannel:
		d.maybe(.5, d.pools["再说一遍"], d.before)
	case again:
		d.maybe(.75, d.pools["又来"], d.before)
	case firstTime:
		if d.voice != voiceClerk {
			d.maybe(.03+.22*d.size, d.pools["开头"], d.before)
		}
	}
	if d.voice != voiceClerk {
		d.maybe(.02+.12*d.size, d.pools["结尾"], d.after)
	}
}

// shorten leaves off the last clause of some sentences that have many: people rarely say all.
func shorten(r *rand.Rand, s string) string {
	if strings.Count(s, "，") < 2 || !chance(r, .3) {
		return s
	}
	cut := s[:strings.LastIndex(s, "，")]
	if strings.Count(cut, "“") != strings.Count(cut, "”") || strings.Count(cut, "{") != strings.Count(cut, "}") {
		return s
	}
	return cut
}

// colour puts a filler word behind a comma, as people do when they speak.
func (d *draft) colour(s string) string {
	if d.voice == voiceFormal || d.voice == voiceClerk || d.voice == voiceTerse || !chance(d.r, .09) {
		return s
	}
	at := strings.Index(s, "，")
	if at < 0 || strings.Contains(s[:at], "“") {
		return s
	}
	at += len("，")
	return s[:at] + pick(d.r, fillers) + s[at:]
}

var fillers = []string{"反正", "说白了", "真的", "其实", "你说说，", "就是", "唉，", "说实话", "关键是", "问题是", "讲道理，", "好家伙，"} //nolint:gochecknoglobals // a constant table

// title is the topic's, the story's own, or what many people do: the first words of the text.
func (t *teller) title(core phrase, about *topic, said, voice string) string {
	first, _, _ := strings.Cut(strings.NewReplacer("。", "，", "！", "，", "？", "，", "；", "，").Replace(said), "，")
	if n := utf8.RuneCountInString(first); n >= 4 && n <= 18 && chance(t.r, .22) {
		return first
	}
	if core.title != "" {
		return t.expand(core.title)
	}
	ph, _ := choose(t.r, about.titles, voice)
	return t.expand(ph.text)
}

// core draws the sentence that says what is wrong, and whose voice it is in.
func (l *library) core(r *rand.Rand, about *topic, voice string, ch channel) (phrase, string) {
	clerk := ch.byAgent && chance(r, .6)
	var fit []phrase
	for _, ph := range about.cores {
		switch {
		case ph.voice == voiceClerk && !ch.byAgent, clerk && ph.voice != voiceClerk && ph.voice != "" && ph.voice != voicePlain:
			continue
		case ph.voice == voice:
			fit = append(fit, ph, ph)
		default:
			fit = append(fit, ph)
		}
	}
	if len(fit) == 0 {
		fit = about.cores
	}
	ph := pick(r, fit)
	switch {
	case ph.voice == voiceClerk:
		return ph, voiceClerk
	case ph.voice != "":
		return ph, ph.voice
	}
	return ph, voice
}

// choose draws a phrase that suits the voice; one of the voice's own counts three times.
func choose(r *rand.Rand, pool []phrase, voice string) (phrase, bool) {
	weights, sum := make([]float64, len(pool)), 0.0
	for i, ph := range pool {
		weights[i] = ph.suits(voice)
		sum += weights[i]
	}
	if sum == 0 {
		return phrase{}, false
	}
	return pool[weighted(r, weights)], true
}

// suits weighs a phrase for a voice. A clerk's record speaks of the customer, so it takes nothing said as I or you.
func (p phrase) suits(voice string) float64 {
	switch {
	case p.voice == voice && voice != voicePlain:
		return 3
	case p.voice != voicePlain, voice == voiceClerk && strings.ContainsAny(p.text, "我你咱俺您这？！"):
		return 0
	}
	return 1
}

func shuffled(r *rand.Rand, pool []phrase, most int) []phrase {
	out := slices.Clone(pool)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(len(out), most)]
}

// reword puts another word for some of those that have one.
func (l *library) reword(r *rand.Rand, s string) string {
	for _, set := range l.synonyms {
		if at := strings.Index(s, set[0]); at >= 0 && chance(r, .4) {
			s = s[:at] + pick(r, set) + s[at+len(set[0]):]
		}
	}
	return s
}

// clip cuts a text that is too long behind its last whole sentence.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	s = string([]rune(s)[:longest])
	if i := strings.LastIndexAny(s, "。！？\n"); i > 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		return s[:i+n]
	}
	return s
}
